import { type Run, reply, serve } from '../../shared/http/serve';
import { getGuestBillRow } from '../../shared/operations/guest';
import { guestStore } from '../../shared/store/guestStore';
import { guestBill } from '../../shared/views/guestBill';

export const getGuestBill =
  (): Run<typeof getGuestBillRow> =>
  async ({ caller }) =>
    reply(200, await guestBill(await guestStore.opened(caller.practiceId, caller.billId), caller.byLink));

export const handler = serve(getGuestBillRow, getGuestBill());
