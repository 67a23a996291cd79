import { creditBalance, creditEntries } from '../../shared/domain/credit';
import { type Run, reply, serve } from '../../shared/http/serve';
import { listCreditsRow } from '../../shared/operations/credits';
import { readClientLedger } from '../../shared/store/billStore';
import { checkClient } from '../../shared/store/clientCheck';

export const listCredits =
  (): Run<typeof listCreditsRow> =>
  async ({ path: { clientId }, caller }) => {
    await checkClient(caller, clientId);
    const { entries, lots } = await readClientLedger(caller.practiceId, clientId);
    const items = creditEntries(entries).reverse();
    return reply(200, { balanceCents: creditBalance({ lots }), items, nextCursor: null });
  };

export const handler = serve(listCreditsRow, listCredits());
