import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { verifyGuestRow } from '../../shared/operations/guest';
import { recordOf } from '../../shared/store/billStore';
import { openByCode } from '../../shared/store/codeCheck';
import { guestStore } from '../../shared/store/guestStore';
import { decideAnew } from '../../shared/store/kernel';

/** The code is judged and counted as at the door; then the token that the guest holds counts as verified. */
export const verifyGuest =
  (needs = real): Run<typeof verifyGuestRow> =>
  async ({ body: { accessCode }, caller: { practiceId, billId, tokenHash }, address }) => {
    const { loaded } = await guestStore.opened(practiceId, billId);
    const { number } = recordOf(loaded, billId).head;
    const opened = await openByCode({ number, accessCode, address }, needs);
    if (opened.billId !== billId) throw new Problem('bill_not_found');
    await decideAnew(() => guestStore.verify(tokenHash));
    return reply(200, { verified: true } as const);
  };

export const handler = serve(verifyGuestRow, verifyGuest());
