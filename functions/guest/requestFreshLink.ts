import { isProblem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { requestFreshLinkRow } from '../../shared/operations/guest';
import { recordOf } from '../../shared/store/billStore';
import { canonicalNumber, guestStore, type Opened } from '../../shared/store/guestStore';
import { transact } from '../../shared/store/kernel';
import { freshLinksFrom, freshLinksOf, rateStore } from '../../shared/store/rateStore';
import { noticeWrites } from '../../shared/work/notice';

/** The same answer whatever is known; at most one mail an hour a bill, to the address on file (clarification 9). */
export const requestFreshLink =
  (needs = real): Run<typeof requestFreshLinkRow> =>
  async ({ body, address }) => {
    const at = needs.clock.now();
    const number = canonicalNumber(body.number);
    await rateStore.take([freshLinksFrom(address)], at);
    const first = await rateStore.take([freshLinksOf(number)], at).catch(notTwice);
    const opened = await guestStore.byNumber(number);
    if (first && opened && wasShared(opened)) {
      const { loaded, billId } = opened;
      await transact(noticeWrites(loaded.practiceId, { kind: 'fresh_link', billId, at }, needs.newId));
    }
    return reply(202, { accepted: true } as const);
  };

/** The practice decides when a bill goes out; whoever guesses a number does not. */
function wasShared({ loaded, billId }: Opened): boolean {
  const { status, sharing } = recordOf(loaded, billId).head;
  return status !== 'cancelled' && sharing.sharedAt !== undefined;
}

function notTwice(error: unknown): undefined {
  if (isProblem(error, 'too_many_requests')) return undefined;
  throw error;
}

export const handler = serve(requestFreshLinkRow, requestFreshLink());
