import type { Act } from '../book';
import type { CalendarDate } from '../calendar';
import { type Issued, type NewBillFrom, newBill } from '../newBill';
import type { AutomationSettings } from '../practice';
import { withAutoShare } from './autoShare';
import type { PlannedBill } from './planBills';

export interface PlannedFrom extends NewBillFrom {
  readonly automation: AutomationSettings;
  /** Whose AutoPay will take the bill; the first one to come where that is over. */
  readonly night: CalendarDate | undefined;
}

/** The bill that a plan means, with its share where documents go out by themselves: of the run and of its preview alike. */
export function issuePlanned(
  planned: PlannedBill,
  from: PlannedFrom,
  ids: { billId: string; shareId: string; sequence: number; accessCode: string },
  act: Act,
): Issued {
  const { sessionIds, ...terms } = planned;
  const sessions = sessionIds.map(sessionId => ({ sessionId }));
  const issued = newBill({ ...terms, ...ids, sessions, products: [] }, from, act);
  return { ...issued, record: withAutoShare(issued.record, from, ids.shareId) };
}
