import { adjustBill, cancelBill, writeOffClient } from '../../shared/domain/bill';
import { loseDispute, reinstateFunds, withdrawFunds } from '../../shared/domain/dispute';
import { payInsurer } from '../../shared/domain/insurer';
import { cents } from '../../shared/domain/money';
import { requestRefund, takeOverRefund } from '../../shared/domain/refund';
import { decideEffect, failRefund } from '../../shared/domain/refundOutcome';
import { paid } from './life';
import type { ModelPayment, ModelRefund } from './plainModel';
import { amountNear, type Chance, type Happening, pick, type RandomLife } from './randomLife';

const newRefund = (id: string, payment: ModelPayment, amount: number, more: Partial<ModelRefund>): ModelRefund => ({
  id,
  payment: payment.id,
  amount,
  stripe: false,
  found: false,
  failed: false,
  reduces: false,
  off: new Map(),
  returned: new Map(),
  reduced: new Map(),
  ...more,
});

const destinations = {
  credit: ['credit'],
  discount: ['original'],
  stripe: ['original', 'offline', 'credit'],
  cash: ['offline', 'credit'],
  insurer: ['offline', 'credit'],
} as const;

const refundHere: Happening = (random, chance) => {
  const payment = random.aPayment(chance, () => true);
  if (!payment) return;
  const { model } = random;
  const { b, c } = chance;
  const kinds = destinations[payment.kind === 'money' ? (payment.stripe ? 'stripe' : 'cash') : payment.kind];
  const destination = pick<(typeof kinds)[number]>(kinds, c) ?? 'offline';
  const most =
    destination === 'credit'
      ? Math.min(model.refundable(payment), model.applied(payment.id))
      : model.refundable(payment);
  const amount = amountNear(most, b);
  const effect = c % 2 === 0 ? ('reduce' as const) : ('reopen' as const);
  const id = random.id('Q');
  const stripe = payment.stripe && destination === 'original';
  const request = { paymentId: payment.id, refundId: id, amountCents: amount, destination, effect };
  const all = stripe ? { ...request, stripeRefundId: `re_${id}` } : request;
  random.both(most > 0 && amount <= most, requestRefund, all, () => {
    const refund = newRefund(id, payment, amount, { stripe, off: takeOff(random, payment, { amount, destination }) });
    model.refunds.set(id, refund);
    if (effect === 'reduce') model.reduce(refund, refund.off);
  });
};

function takeOff(
  { model }: RandomLife,
  payment: ModelPayment,
  { amount, destination }: { amount: number; destination: string },
): Map<string, number> {
  if (payment.kind === 'money' && destination !== 'credit') {
    payment.refunded += amount;
    return model.leave(payment, amount).off;
  }
  const off = new Map<string, number>();
  let left = amount;
  for (const id of payment.bills) {
    const part = Math.min(left, model.bill(id).paid.get(payment.id) ?? 0);
    if (part <= 0) continue;
    model.free(payment, model.bill(id), part);
    off.set(id, part);
    left -= part;
  }
  return off;
}

const stripeRefunded = ({ model }: RandomLife, id: string): number =>
  [...model.refunds.values()]
    .filter(refund => refund.payment === id && refund.stripe && !refund.failed)
    .reduce((sum, refund) => sum + refund.amount, 0);

const foundInStripe: Happening = (random, chance) => {
  const { model } = random;
  const stripeHas = (p: ModelPayment): number => p.amount - stripeRefunded(random, p.id) - p.withdrawn - p.chargedBack;
  const payment = random.aPayment(chance, p => p.stripe && stripeHas(p) > 0);
  if (!payment) return;
  const amount = Math.min(amountNear(stripeHas(payment), chance.b), stripeHas(payment));
  const stripeRefundId = `re_${random.id('R')}`;
  const seen = { paymentId: payment.id, stripeRefundId, amountCents: amount };
  random.life.do(takeOverRefund, { ...seen, status: 'pending' });
  const id = random.life.last.entries[0]?.refund?.refundId ?? '';
  payment.refunded += amount;
  model.refunds.set(id, newRefund(id, payment, amount, { stripe: true, found: true, ...model.leave(payment, amount) }));
  random.life.do(takeOverRefund, { ...seen, status: 'pending' });
  if (chance.c % 2 === 0) random.life.do(takeOverRefund, { ...seen, status: 'succeeded' });
};

const refundFails: Happening = (random, chance) => {
  const refund = pick(
    [...random.model.refunds.values()].filter(r => r.stripe && !r.failed),
    chance.a,
  );
  if (!refund) return;
  const request = { refundId: refund.id, status: 'failed' } as const;
  random.both(true, failRefund, request, () => random.model.failRefund(refund));
  random.life.do(failRefund, request);
};

const effectDecided: Happening = (random, chance) => {
  const { model } = random;
  const refund = pick([...model.refunds.values()], chance.a);
  if (!refund) return;
  const parts = new Map(refund.off);
  for (const [id, part] of refund.returned) parts.set(id, (parts.get(id) ?? 0) + part);
  const open = [...parts].filter(([id]) => !model.bill(id).cancelled);
  const allowed =
    refund.found &&
    !refund.failed &&
    !refund.reduces &&
    (parts.size === 0 || open.length > 0) &&
    open.every(([id, part]) => model.bill(id).client >= part);
  random.both(allowed, decideEffect, { refundId: refund.id }, () => model.reduce(refund, parts));
};

const disputed: Happening = (random, chance) => {
  const { model } = random;
  const payment = random.aPayment(chance, p => p.stripe);
  if (!payment) return;
  const facts = (status: string, amount: number) => ({
    disputeId: `dp_${payment.id}`,
    paymentId: payment.id,
    status,
    amountCents: cents(amount),
  });
  const money = (status: string, amount: number) => {
    const transactionId = random.id('txn_');
    return { dispute: facts(status, amount), transactionId, amountCents: amount };
  };
  if (payment.withdrawn > 0 && chance.b % 2 === 0) {
    const lost = { dispute: facts('lost', payment.withdrawn), transactionId: random.id('txn_') };
    random.both(true, loseDispute, lost, () => {
      payment.chargedBack = payment.withdrawn;
      payment.withdrawn = 0;
      model.leave(payment, payment.chargedBack);
    });
  } else if (payment.withdrawn > 0) {
    random.both(true, reinstateFunds, money('won', payment.withdrawn), () => {
      payment.withdrawn = 0;
    });
  } else if (payment.chargedBack > 0) {
    random.both(true, reinstateFunds, money('won', payment.chargedBack), () => {
      const back = payment.chargedBack;
      payment.chargedBack = 0;
      model.arrive(payment, back, payment.bills);
    });
  } else {
    const amount = payment.amount - stripeRefunded(random, payment.id);
    if (amount <= 0) return;
    random.both(true, withdrawFunds, { ...money('needs_response', amount), feeCents: 1500 }, () => {
      payment.withdrawn = amount;
    });
  }
};

const insurerPays: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const { b, c } = chance;
  const open = bill.insurer - bill.insurerPaid;
  const amount = c % 4 === 0 ? -amountNear(bill.insurerPaid, b) : amountNear(open, b);
  const remainder = (['leave_open', 'write_off', 'bill_client'] as const)[c % 3] ?? 'leave_open';
  const allowed = !bill.cancelled && bill.insured && amount <= open && -amount <= bill.insurerPaid;
  const id = random.id('I');
  const payment = paid(id, amount, { payer: 'insurer', type: 'other' });
  random.both(allowed, payInsurer, { billId: bill.id, payment, remainder }, () => {
    model.newPayment(id, 'insurer', { amount });
    bill.insurerPaid += amount;
    if (remainder === 'leave_open') return;
    const left = bill.insurer - bill.insurerPaid;
    bill.insurer -= left;
    if (remainder === 'write_off') bill.writeOff += left;
    else bill.client += left;
  });
};

/** By line, on a bill of one insured line: client's part and write-off as the insurer says. */
const remittance: Happening = (random, { a, b, c }: Chance) => {
  const { model } = random;
  const bill = pick(
    [...model.bills.values()].filter(one => one.insured && one.lines === 1 && !one.cancelled),
    a,
  );
  if (!bill) return;
  const clientOwesCents = b % (bill.total + 1);
  const writeOffCents = c % (bill.total - clientOwesCents + 1);
  const portion = bill.total - clientOwesCents - writeOffCents;
  const paidCents = a % 2 === 0 ? portion - bill.insurerPaid : 0;
  const lineId = `${bill.id}.1`;
  const lines = [{ lineId, paidCents, writeOffCents, clientOwesCents }];
  const after = bill.insurerPaid + paidCents;
  const id = random.id('I');
  const payment = paid(id, paidCents, { payer: 'insurer', type: 'other' });
  random.both(after <= portion, payInsurer, { billId: bill.id, payment, lines }, () => {
    if (paidCents !== 0) model.newPayment(id, 'insurer', { amount: paidCents });
    Object.assign(bill, { client: clientOwesCents, writeOff: writeOffCents, insurer: portion, insurerPaid: after });
    model.release(bill);
  });
};

const adjustment: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const amountCents = chance.c % 3 === 0 ? 1 + (chance.b % 2000) : -amountNear(Math.ceil(bill.client / 2), chance.b);
  const allowed = !bill.cancelled && bill.client + amountCents >= 0;
  const request = { billId: bill.id, amountCents, description: 'Correction', reason: 'price' };
  random.both(allowed, adjustBill, request, () => {
    model.adjust(bill, amountCents);
    model.release(bill);
  });
};

const badDebt: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const amount = amountNear(Math.ceil(random.model.owed(bill) / 2), chance.b);
  const allowed = !bill.cancelled && amount <= random.model.owed(bill);
  random.both(allowed, writeOffClient, { billId: bill.id, amountCents: amount, reason: 'hardship' }, () => {
    bill.client -= amount;
    bill.writeOff += amount;
  });
};

const cancellation: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill || chance.c % 2 === 0) return;
  const { model } = random;
  const payments = chance.b % 2 === 0 ? ('refuse' as const) : ('convert_to_credit' as const);
  const paying = [...bill.paid].filter(([, amount]) => amount !== 0).map(([id]) => model.payment(id));
  const allowed =
    !bill.cancelled &&
    bill.insurerPaid === 0 &&
    paying.every(payment => payment.withdrawn === 0) &&
    (payments === 'convert_to_credit' || paying.length === 0);
  random.both(allowed, cancelBill, { billId: bill.id, payments }, () => model.cancel(bill));
};

/** Refunds, disputes, insurers, adjustments, cancels. */
export const reversals = {
  refundHere,
  foundInStripe,
  refundFails,
  effectDecided,
  disputed,
  insurerPays,
  remittance,
  adjustment,
  badDebt,
  cancellation,
};
