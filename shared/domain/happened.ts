import type { Act, Movement } from './book';
import { homeOfBill } from './draft';
import type { Entry } from './ledger';

/** A history event of a bill that moves no money. */
export function happened(
  bill: { billId: string; clientId: string },
  kind: Entry['kind'],
  act: Act,
  more: Partial<Pick<Entry, 'reason' | 'details' | 'sourceId'>> = {},
): Movement {
  const { billId, clientId } = bill;
  const entry: Entry = {
    entryId: act.newId('ent'),
    kind,
    home: homeOfBill(billId),
    clientId,
    at: act.at,
    postedOn: act.today,
    actor: act.actor,
    postings: [],
    ...more,
  };
  return { entries: [entry], lots: [], holds: [], attention: [] };
}
