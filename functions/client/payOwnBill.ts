import { config } from '../../shared/config';
import { invariant } from '../../shared/domain/invariant';
import { cents } from '../../shared/domain/money';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import type { PaymentObject } from '../../shared/operations/objects';
import { payOwnBillRow } from '../../shared/operations/ownBills';
import { recordOf } from '../../shared/store/billStore';
import type { Opened } from '../../shared/store/guestStore';
import { openOwnBill, ownerIn } from '../../shared/store/ownBills';
import { chargeBill } from '../../shared/stripe/chargeBill';
import { wholeOnly } from '../../shared/stripe/openCheckout';
import { paymentsView } from '../../shared/views/billView';
import { ownBillView, ownPaymentView } from '../../shared/views/ownBillView';
import { becameOf } from '../../shared/views/paymentAnswer';

type In = Input<typeof payOwnBillRow>;

/**
 * (R34) The same attempt as when staff charge a card, but with the payer there: a bank that wants them to confirm is
 * answered on its own page, to which `redirectUrl` leads (clarification 6).
 */
export const payOwnBill = (needs = real, charge = chargeBill()): Operation<typeof payOwnBillRow> => ({
  run: async ({ caller, path: { billId }, body, once }: In) => {
    const { loaded: known, practice, settings } = await once.beside(openOwnBill(caller, billId));
    if (!practice.onlinePayments) throw new Problem('stripe_not_connected');
    const amountCents = cents(body.amountCents);
    const { status, paymentId } = await charge({
      practiceId: caller.practiceId,
      billId,
      amountCents,
      cardId: body.cardId,
      by: { kind: 'client', owner: ownerIn(caller, recordOf(known, billId).head.clientId), returnUrl: portal() },
      load: async () => (await openOwnBill(caller, billId)).loaded,
      check: loaded => {
        const { clientBalanceCents, reservedCents } = recordOf(loaded, billId).head;
        if (!settings.allowPartialOnline && amountCents < clientBalanceCents - reservedCents) throw wholeOnly();
      },
      record: ids => once.record(201, ids),
      forget: once.forget,
    });
    const opened = await openOwnBill(caller, billId);
    return reply(status, shown(opened, paymentIn(opened, paymentId), caller, needs));
  },
  replay: async ({ ids: { billId = '', paymentId = '' }, at }, { caller }) => {
    const opened = await openOwnBill(caller, billId);
    const payment = paymentIn(opened, paymentId);
    return reply(becameOf(payment, at, needs), shown(opened, payment, caller, needs));
  },
});

const portal = (): string => new URL('/client', config.publicUrl()).href;

function paymentIn({ loaded, billId }: Opened, paymentId: string): PaymentObject {
  const payment = paymentsView(loaded.book, recordOf(loaded, billId)).find(known => known.paymentId === paymentId);
  invariant(payment, `payment ${paymentId} is on bill ${billId}`);
  return payment;
}

const shown = (opened: Opened, payment: PaymentObject, caller: In['caller'], { clock }: typeof real) => ({
  payment: ownPaymentView(payment, opened, caller),
  bill: ownBillView(opened, caller, clock.now()),
});

export const handler = serve(payOwnBillRow, payOwnBill());
