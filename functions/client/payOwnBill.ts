import { config } from '../../shared/config';
import { homeOfAttempt, isUnderWay } from '../../shared/domain/attempt';
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
import { recoverCharge } from '../../shared/stripe/attempts';
import { chargeBill } from '../../shared/stripe/chargeBill';
import { wholeOnly } from '../../shared/stripe/openCheckout';
import { stripeGateway } from '../../shared/stripe/stripeGateway';
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
      by: { kind: 'client', owner: ownerIn(caller, recordOf(known, billId).head.clientId), returnUrl: backTo(billId) },
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
  /** (Rule 37) Whoever comes back from their bank asks again under the same key, and is told what Stripe says now. */
  replay: async ({ ids: { billId = '', paymentId = '' }, at }, { caller }) => {
    const known = await openOwnBill(caller, billId);
    const opened = (await lookUp(known, paymentId, needs)) ? await openOwnBill(caller, billId) : known;
    const payment = paymentIn(opened, paymentId);
    return reply(becameOf(payment, at, needs), shown(opened, payment, caller, needs));
  },
});

/** Which payment it was stands in the fragment, which no server is sent. */
const backTo = (billId: string) => (paymentId: string) =>
  new URL(`/client#p=${billId}.${paymentId}`, config.publicUrl()).href;

/** Asks Stripe for a payment that is under way; true when it was. */
async function lookUp({ loaded, billId }: Opened, paymentId: string, needs: typeof real): Promise<boolean> {
  const attempt = recordOf(loaded, billId).attempts.find(({ payment }) => payment?.paymentId === paymentId);
  if (!attempt || !isUnderWay(attempt)) return false;
  const at = { practiceId: loaded.practiceId, home: homeOfAttempt(attempt), attemptId: attempt.attemptId };
  await recoverCharge(at, stripeGateway, needs);
  return true;
}

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
