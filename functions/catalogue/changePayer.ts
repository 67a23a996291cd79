import { patched } from '../../shared/domain/given';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changePayerRow } from '../../shared/operations/catalogue';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly payers: PayerStore;
}

export const changePayer =
  ({ payers }: Needs): Run<typeof changePayerRow> =>
  ({ caller: { practiceId }, path: { payerId }, body }) =>
    decideAnew(async () => {
      const payer = patched(await payers.load(practiceId, payerId), body);
      await payers.replace(practiceId, payer);
      return reply(200, payer);
    });

export const handler = serve(changePayerRow, changePayer({ payers: payerStore }));
