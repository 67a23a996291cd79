import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { verifyGuestRow } from '../../shared/operations/guest';
import { accessStore } from '../../shared/store/accessStore';
import { recordOf } from '../../shared/store/billStore';
import { replaced } from '../../shared/store/changes';
import { guestStore } from '../../shared/store/guestStore';
import { decideAnew, transact } from '../../shared/store/kernel';
import { tokenEntity } from '../../shared/store/table';

/** The code is judged and counted as at the door; then the token that the guest holds counts as verified. */
export const verifyGuest =
  (needs = real): Run<typeof verifyGuestRow> =>
  async ({ body, caller, address }) => {
    const { practiceId, billId, tokenHash } = caller;
    const { loaded } = await guestStore.opened(practiceId, billId);
    const { number } = recordOf(loaded, billId).head;
    await guestStore.byCode({ number, accessCode: body.accessCode }, address, needs.clock.now());
    await decideAnew(async () => {
      const token = await accessStore.findToken(tokenHash);
      if (token) await transact([replaced(tokenEntity, '', { ...token, verified: true })]);
    });
    return reply(200, { verified: true } as const);
  };

export const handler = serve(verifyGuestRow, verifyGuest());
