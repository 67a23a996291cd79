import { type Operation, reply, serve } from '../../shared/http/serve';
import { type NewId, newId } from '../../shared/ids';
import { createPayerRow } from '../../shared/operations/catalogue';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly payers: PayerStore;
  readonly newId: NewId;
}

export const createPayer = ({ payers, newId }: Needs): Operation<typeof createPayerRow> => ({
  run: ({ caller: { practiceId }, body, once }) =>
    decideAnew(async () => {
      const payer = { ...body, payerId: newId('payer'), active: true };
      await payers.add(practiceId, [payer], once.record(201, { payerId: payer.payerId }));
      return reply(201, payer);
    }),
  replay: async ({ ids: { payerId = '' } }, { caller }) => reply(201, await payers.load(caller.practiceId, payerId)),
});

export const handler = serve(createPayerRow, createPayer({ payers: payerStore, newId }));
