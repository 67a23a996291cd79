import { tokenHashOf } from '../../shared/access/bearerToken';
import { findPayment } from '../../shared/domain/paymentState';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { confirmGuestCheckoutRow } from '../../shared/operations/guest';
import { accessStore } from '../../shared/store/accessStore';
import { type Loaded, loadBill, recordOf } from '../../shared/store/billStore';
import { guestStore } from '../../shared/store/guestStore';
import type { TokenRecord } from '../../shared/store/table';
import { checkoutOf, followCheckout } from '../../shared/stripe/checkouts';
import { guestBill } from '../../shared/views/guestBill';

/**
 * The payer sees the result at once, whether the webhook came or not (rule 37). The id carries Stripe's own session id,
 * which nobody guesses; without a guest token the answer tells of that payment only.
 */
export const confirmGuestCheckout =
  (needs = real): Run<typeof confirmGuestCheckoutRow> =>
  async ({ body, headers }) => {
    const [practiceId = '', billId = '', checkoutId = '', ...session] = body.checkoutId.split('.');
    const loaded = await loadBill(practiceId, billId);
    const checkout = checkoutOf(loaded, { billId, checkoutId });
    if (!checkout || checkout.stripe.sessionId !== session.join('.'))
      throw new Problem('not_found', { what: 'checkout' });
    const after = await followCheckout({ practiceId, billId, checkoutId }, needs);
    const payment = paymentOf(after, billId, checkoutId);
    const token = await tokenOf(headers.authorization, billId, needs);
    if (!token) {
      const { status, amountCents, currency } = payment;
      return reply(200, { payment: { status, amountCents, currency } });
    }
    const opened = await guestStore.opened(practiceId, billId);
    return reply(200, { payment, bill: await guestBill(opened, token.byLink === true) });
  };

function paymentOf(loaded: Loaded, billId: string, checkoutId: string) {
  const checkout = checkoutOf(loaded, { billId, checkoutId });
  if (!checkout) throw new Problem('not_found', { what: 'checkout' });
  const { currency } = recordOf(loaded, billId).text.letterhead;
  const received = findPayment(loaded.book, checkout.paymentId);
  if (!received) {
    const status = checkout.status === 'expired' ? ('expired' as const) : ('processing' as const);
    return { status, amountCents: checkout.amountCents, currency };
  }
  const { amountCents, paidAt, card, paymentId } = received;
  return {
    status: 'succeeded' as const,
    amountCents,
    currency,
    paidAt,
    receiptNumber: paymentId.slice(-8),
    ...(card ? { card: { brand: card.brand, last4: card.last4 } } : {}),
  };
}

async function tokenOf(
  authorization: string | undefined,
  billId: string,
  needs: typeof real,
): Promise<TokenRecord | undefined> {
  const token = /^Bearer (gst_\S+)$/i.exec(authorization ?? '')?.[1];
  const record = token ? await accessStore.findToken(tokenHashOf(token)) : undefined;
  return record?.billId === billId && record.expiresAt * 1000 > Date.parse(needs.clock.now()) ? record : undefined;
}

export const handler = serve(confirmGuestCheckoutRow, confirmGuestCheckout());
