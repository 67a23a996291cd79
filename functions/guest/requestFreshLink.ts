import { isProblem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { requestFreshLinkRow } from '../../shared/operations/guest';
import { guestStore } from '../../shared/store/guestStore';
import { transact } from '../../shared/store/kernel';
import { rateStore } from '../../shared/store/rateStore';
import { noticeWrites } from '../../shared/work/notice';

/** The same answer whatever is known; at most one mail an hour a bill, to the address on file (clarification 9). */
export const requestFreshLink =
  (needs = real): Run<typeof requestFreshLinkRow> =>
  async ({ body, address }) => {
    const now = needs.clock.now();
    const perAddress = { subject: `fresh#${address}`, most: 20, seconds: 3600 };
    await rateStore.check([perAddress], now);
    await rateStore.count([perAddress], now);
    const place = await guestStore.placeOfNumber(body.number);
    if (place) await mailOnce(place, needs);
    return reply(202, { accepted: true } as const);
  };

async function mailOnce(
  { practiceId, billId }: { practiceId: string; billId: string },
  needs: typeof real,
): Promise<void> {
  const at = needs.clock.now();
  const hourly = { subject: `fresh#${billId}`, most: 1, seconds: 3600 };
  try {
    await rateStore.check([hourly], at);
  } catch (error) {
    if (isProblem(error, 'too_many_requests')) return;
    throw error;
  }
  await rateStore.count([hourly], at);
  await transact(noticeWrites(practiceId, { kind: 'fresh_link', billId, at }, needs.newId));
}

export const handler = serve(requestFreshLinkRow, requestFreshLink());
