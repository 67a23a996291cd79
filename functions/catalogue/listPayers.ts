import { type Run, reply, serve } from '../../shared/http/serve';
import { listPayersRow } from '../../shared/operations/catalogue';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';

interface Needs {
  readonly payers: PayerStore;
}

export const listPayers =
  ({ payers }: Needs): Run<typeof listPayersRow> =>
  async ({ caller, query: { active, limit, cursor } }) => {
    const page = await payers.page(caller.practiceId, { limit, cursor });
    const shown = page.items.filter(payer => active === undefined || String(payer.active) === active);
    return reply(200, { items: shown, nextCursor: page.nextCursor });
  };

export const handler = serve(listPayersRow, listPayers({ payers: payerStore }));
