import { clientPortalLink } from '../clientPortal';
import { sumCents } from '../domain/money';
import { paymentState, paymentsOfBill } from '../domain/paymentState';
import { stripeMinimum } from '../domain/stripeMinimum';
import type { GuestBillObject } from '../operations/guest';
import { recordOf } from '../store/billStore';
import { isOnAutopay, type Opened } from '../store/guestStore';

/** What a guest sees: no line, no service, no name. Of a cancelled bill only that it is (clarification 39). */
export async function guestBill(opened: Opened, byLink: boolean): Promise<GuestBillObject> {
  const { loaded, billId, practice, settings } = opened;
  const { head, text } = recordOf(loaded, billId);
  const who = {
    practiceName: practice.billingName,
    ...(practice.email ? { practiceEmail: practice.email } : {}),
    ...clientPortalLink(practice),
  };
  if (head.status === 'cancelled') return { status: 'cancelled', ...who };
  const states = paymentsOfBill(loaded.book, billId).map(id => paymentState(loaded.book, id));
  const refundedCents = sumCents(
    states.filter(({ payment }) => payment.payer === 'client').map(state => state.refundedCents),
  );
  return {
    ...who,
    status: head.status,
    number: head.number,
    currency: text.letterhead.currency,
    dueOn: head.dueOn,
    clientPortionCents: head.clientPortionCents,
    clientPaidCents: head.clientPaidCents + refundedCents,
    refundedCents,
    clientBalanceCents: head.clientBalanceCents,
    allowPartial: settings.allowPartialOnline,
    onlinePayments: practice.onlinePayments && practice.stripe.status === 'ready' && head.responsibility !== 'external',
    minimumCents: stripeMinimum(text.letterhead.currency),
    cardSetup: byLink && practice.stripe.status === 'ready' && (await isOnAutopay(opened)),
  };
}
