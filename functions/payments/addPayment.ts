import { officeOnly } from '../../shared/access/officeOnly';
import type { Movement } from '../../shared/domain/book';
import { instant, localDate } from '../../shared/domain/calendar';
import { given } from '../../shared/domain/given';
import type { PaymentFacts } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import { giveDiscount, payWithCredit, receivePayment } from '../../shared/domain/payment';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { addPaymentRow } from '../../shared/operations/payments';
import { checkVersion, commit, type Loaded, loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import type { ChargeBill } from '../../shared/stripe/chargeBill';
import { lookFirst } from '../../shared/stripe/lookFirst';
import { paymentAnswer, paymentReplay } from '../../shared/views/paymentAnswer';

type In = Input<typeof addPaymentRow>;

/** Stripe is loaded when it shall charge: most payments are cash, and need not wait for it. */
const atStripe: ChargeBill = async payment => (await import('../../shared/stripe/chargeBill')).chargeBill()(payment);

export const addPayment = (needs = real, charge = atStripe): Operation<typeof addPaymentRow> => ({
  run: async input => {
    const { path, body, caller, once, ifMatch } = input;
    const { billId } = path;
    if (body.source === 'discount') officeOnly(caller);
    if (body.collect === 'stripe') return chargeOnline(charge, input, needs);
    const after = await decideAnew(async () => {
      const load = () => once.beside(loadBillFor(caller, billId, body.source === 'credit'));
      const loaded = await lookFirst(load, billId, needs);
      checkVersion(loaded, billId, ifMatch);
      const paymentId = needs.newId('pay');
      const movement = movementOf(loaded, paymentId, input, needs);
      const writes = once.record(201, { billId, paymentId });
      return { loaded: await commit(loaded, movement, { writes, newId: needs.newId }), paymentId };
    });
    return reply(201, paymentAnswer({ ...after, billId }, caller, needs));
  },
  replay: (record, { caller }) => paymentReplay(record, caller, needs),
});

async function chargeOnline(
  charge: ChargeBill,
  { path: { billId }, body, caller, once, ifMatch }: In,
  needs: typeof real,
) {
  if (body.paidAt !== undefined) throw new Problem('paid_at_not_allowed');
  const { status, ...charged } = await charge({
    practiceId: caller.practiceId,
    by: { kind: 'staff', id: caller.memberId },
    billId,
    amountCents: cents(body.amountCents),
    cardId: body.cardId,
    notes: body.notes,
    load: () => once.beside(loadBillFor(caller, billId)),
    check: loaded => checkVersion(loaded, billId, ifMatch),
    record: ids => once.record(201, ids),
    forget: once.forget,
  });
  return reply(status, paymentAnswer({ ...charged, billId }, caller, needs));
}

function movementOf(
  loaded: Loaded,
  paymentId: string,
  { path: { billId }, body, caller }: In,
  needs: typeof real,
): Movement {
  const act = actOf(caller, needs);
  const paidAt = body.paidAt === undefined ? act.at : instant(body.paidAt);
  if (paidAt > act.at) throw new Problem('paid_at_in_future');
  const { amountCents, notes, type, collect, description, overpayment } = body;
  const request = { billId, paymentId, amountCents, ...given({ notes }) };
  if (body.source === 'credit') return payWithCredit(loaded.book, request, act);
  if (body.source === 'discount') return giveDiscount(loaded.book, request, act);
  const { clientId } = recordOf(loaded, billId).head;
  const payment: PaymentFacts = {
    paymentId,
    clientId,
    payer: 'client',
    type,
    amountCents: cents(amountCents),
    paidAt,
    ...given({ collect, description, notes }),
  };
  const postedOn = localDate(paidAt, caller.timeZone);
  return receivePayment(loaded.book, { billId, payment, overpayment, postedOn }, act);
}

export const handler = serve(addPaymentRow, addPayment());
