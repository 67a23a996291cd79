import { Problem } from '../../shared/domain/problem';
import { linkKey } from '../../shared/http/linkKey';
import { readLinkToken } from '../../shared/http/linkToken';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { lookupBillRow } from '../../shared/operations/guest';
import { recordOf } from '../../shared/store/billStore';
import { openByCode } from '../../shared/store/codeCheck';
import { guestStore, type Opened } from '../../shared/store/guestStore';
import { decideAnew } from '../../shared/store/kernel';
import { shareStore } from '../../shared/store/shareStore';
import { guestBill } from '../../shared/views/guestBill';

/** By link the first look is noted; by number and code the guest has given the second factor already. */
export const lookupBill =
  (needs = real, key = linkKey): Run<typeof lookupBillRow> =>
  async ({ body: { linkToken, number = '', accessCode = '' }, address }) => {
    const byCode = linkToken === undefined;
    const opened = byCode
      ? await openByCode({ number, accessCode, address }, needs)
      : await openLink(readLinkToken(linkToken, await key()), needs);
    const { token, expiresAt } = await guestStore.newToken(opened, byCode ? 'byCode' : 'byLink', needs.clock.now());
    return reply(200, { token, expiresAt, bill: await guestBill(opened, !byCode) });
  };

async function openLink(id: string | undefined, needs: typeof real): Promise<Opened> {
  if (!id) throw new Problem('bill_not_found');
  return decideAnew(async () => {
    const now = needs.clock.now();
    const opened = await guestStore.byLink(id, now);
    const { head } = recordOf(opened.loaded, opened.billId);
    if (head.sharing.viewedAt || head.status === 'cancelled') return opened;
    const loaded = await shareStore.commit(opened.loaded, opened.billId, { shares: [], viewedAt: now }, needs.newId);
    return { ...opened, loaded };
  });
}

export const handler = serve(lookupBillRow, lookupBill());
