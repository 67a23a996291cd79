import type { Act, Movement } from './book';
import { homeOfBill } from './draft';
import type { Entry } from './ledger';

/** A history event that moves no money: of a bill, or of the client where there is none. */
export function happened(
  of: { billId: string; clientId: string },
  kind: Entry['kind'],
  act: Act,
  more: Partial<Pick<Entry, 'reason' | 'details' | 'sourceId'>> = {},
): Movement {
  const { billId, clientId } = of;
  const entry: Entry = {
    entryId: act.newId('ent'),
    kind,
    home: billId === '' ? { kind: 'client', id: clientId } : homeOfBill(billId),
    clientId,
    at: act.at,
    postedOn: act.today,
    actor: act.actor,
    postings: [],
    ...more,
  };
  return { entries: [entry], lots: [], holds: [], attention: [] };
}
