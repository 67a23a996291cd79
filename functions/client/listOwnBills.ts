import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { listOwnBillsRow } from '../../shared/operations/ownBills';
import { clientIn, ownHeads, placeOf } from '../../shared/store/ownBills';
import { readPosition, writePosition } from '../../shared/store/position';
import { settingsStore } from '../../shared/store/settingsStore';
import { ownBillSummary } from '../../shared/views/ownBillView';

export const listOwnBills =
  (needs = real): Run<typeof listOwnBillsRow> =>
  async ({ caller, query: { clientId, limit, cursor } }) => {
    if (clientId && !clientIn(caller, clientId)) throw new Problem('not_found', { what: 'client' });
    const clientIds = clientId ? [clientId] : caller.clients.map(client => client.clientId);
    const after = readPosition(cursor);
    const heads = await ownHeads(caller.practiceId, clientIds, await settingsStore.loadBilling(caller.practiceId));
    const left = after === undefined ? heads : heads.filter(head => placeOf(head) < after);
    const page = left.slice(0, limit);
    const last = left.length > limit ? page.at(-1) : undefined;
    const moment = { now: needs.clock.now(), timeZone: caller.timeZone };
    return reply(200, {
      items: page.map(head => ownBillSummary(head, moment)),
      nextCursor: last ? writePosition(placeOf(last)) : null,
    });
  };

export const handler = serve(listOwnBillsRow, listOwnBills());
