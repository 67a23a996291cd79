import { type Run, reply, serve } from '../../shared/http/serve';
import { hidePayerRow } from '../../shared/operations/catalogue';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly payers: PayerStore;
}

export const hidePayer =
  ({ payers }: Needs): Run<typeof hidePayerRow> =>
  ({ caller: { practiceId }, path: { payerId } }) =>
    decideAnew(async () => {
      await payers.replace(practiceId, { ...(await payers.load(practiceId, payerId)), active: false });
      return reply(204, undefined);
    });

export const handler = serve(hidePayerRow, hidePayer({ payers: payerStore }));
