import { creditBalance, creditEntries } from '../../shared/domain/credit';
import { type Run, reply, serve } from '../../shared/http/serve';
import { listCreditsRow } from '../../shared/operations/credits';
import { loadClientMoneyFor, readClientLedger } from '../../shared/store/billStore';
import { unpaidAttempts } from '../../shared/views/billView';

export const listCredits =
  (): Run<typeof listCreditsRow> =>
  async ({ path: { clientId }, caller }) => {
    const [loaded, entries] = await Promise.all([
      loadClientMoneyFor(caller, clientId),
      readClientLedger(caller.practiceId, clientId),
    ]);
    const items = creditEntries(entries).reverse();
    const attempts = unpaidAttempts(loaded.clientAttempts);
    return reply(200, { balanceCents: creditBalance(loaded.book), items, attempts, nextCursor: null });
  };

export const handler = serve(listCreditsRow, listCredits());
