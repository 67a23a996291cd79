import { Problem } from '../domain/problem';
import { sameText } from '../http/sameText';
import type { Needs } from '../needs';
import { recordOf } from './billStore';
import { canonicalNumber, guestStore, type Opened } from './guestStore';
import { decideAnew } from './kernel';
import { codeLimits, rateStore } from './rateStore';
import { shareStore } from './shareStore';

export interface Guess {
  readonly number: string;
  readonly accessCode: string;
  /** Where it comes from. */
  readonly address: string;
}

/** Unknown numbers are compared as well, so that a wrong number and a wrong code take the same time. */
const noCode = '------';

/**
 * Opens a bill by number and access code. Every wrong pair is answered alike, and only wrong ones count. The bill whose
 * tries are used up draws a new code: what was guessed so far is worth nothing when they begin anew.
 */
export async function openByCode({ number: typed, accessCode, address }: Guess, needs: Needs): Promise<Opened> {
  const now = needs.clock.now();
  const number = canonicalNumber(typed);
  const limits = codeLimits(number, address);
  const [ofBill = 0] = await rateStore.take(limits, now);
  const opened = await guestStore.byNumber(number);
  const expected = opened ? recordOf(opened.loaded, opened.billId).text.accessCode : noCode;
  if (sameText(expected, accessCode) && opened) {
    await rateStore.giveBack(limits, now);
    return opened;
  }
  if (opened && ofBill === limits[0].most) await drawAnew(opened, needs);
  throw new Problem('bill_not_found');
}

const drawAnew = ({ loaded: { practiceId }, billId }: Opened, needs: Needs): Promise<unknown> =>
  decideAnew(async () => {
    const { loaded } = await guestStore.opened(practiceId, billId);
    return shareStore.commit(loaded, billId, { shares: [], text: { accessCode: needs.newCode() } }, needs.newId);
  });
