import type { Needs } from '../needs';
import type { Caller } from '../operations/caller';
import type { BillObject } from '../operations/objects';
import type { Loaded } from '../store/billStore';
import { billView } from './billView';

/** The bill as it stands, for this caller, now. */
export const shownBill = (
  loaded: Loaded,
  billId: string,
  caller: Caller,
  { clock }: Pick<Needs, 'clock'>,
): BillObject => billView(loaded, billId, { now: clock.now(), timeZone: caller.timeZone });
