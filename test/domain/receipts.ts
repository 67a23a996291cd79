import { issueBill } from '../../shared/domain/bill';
import { grantCredit } from '../../shared/domain/credit';
import {
  giveDiscount,
  payWithCredit,
  prepay,
  receivePayment,
  receivePaymentOverBills,
} from '../../shared/domain/payment';
import { portionsOf } from '../../shared/domain/portions';
import { byCard, clientId, line, paid, sessionLines } from './life';
import { amountNear, type Happening } from './randomLife';

const issue: Happening = ({ life, model }, { a, b, c }) => {
  if (model.bills.size >= 5) return;
  const billId = `B${model.bills.size + 1}`;
  const responsibility = (['self_pay', 'insurance', 'external'] as const)[a % 3] ?? 'self_pay';
  const prices = [1000 + b, 1 + c, 2000 + a].slice(0, 1 + (b % 3));
  const copay = responsibility === 'insurance' && c % 2 === 0 ? { copayCents: a % 3000, cap: true } : {};
  const share = responsibility === 'insurance' && c % 2 === 1 ? { coinsuranceBasisPoints: a % 10_001 } : {};
  const extra = b % 5 === 0 ? portionsOf([line(`${billId}.x`, 500 + (a % 100), 'no_show')], { responsibility }) : [];
  const lines = [...sessionLines(billId, prices, { responsibility, ...copay, ...share }), ...extra];
  life.do(issueBill, { billId, clientId, responsibility, lines });
  const sum = (part: 'amountCents' | 'clientPortionCents' | 'insurerPortionCents') =>
    lines.reduce((total, { [part]: cents }) => total + cents, 0);
  const insurer = sum('insurerPortionCents');
  const amounts = { total: sum('amountCents'), client: sum('clientPortionCents'), insurer, insured: insurer > 0 };
  const blank = { writeOff: 0, insurerPaid: 0, cancelled: false, lines: lines.length };
  model.bills.set(billId, { id: billId, ...amounts, ...blank, paid: new Map() });
};

const payCash: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const overpayment = chance.c % 3 === 0 ? 'credit' : 'refuse';
  const amount = amountNear(model.owed(bill), chance.b);
  const allowed = !bill.cancelled && (overpayment === 'credit' || amount <= model.owed(bill));
  const id = random.id('P');
  random.both(allowed, receivePayment, { billId: bill.id, payment: paid(id, amount), overpayment }, () =>
    model.arrive(model.newPayment(id, 'money', { amount, bills: [bill.id] }), amount, [bill.id]),
  );
};

const settleCard: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const amount = amountNear(Math.max(model.owed(bill), 500), chance.b);
  const id = random.id('P');
  const request = { billId: bill.id, payment: paid(id, amount, byCard), sourceId: `att_${id}`, moved: true };
  random.both(true, receivePayment, request, () =>
    model.arrive(model.newPayment(id, 'money', { amount, stripe: true, bills: [bill.id] }), amount, [bill.id]),
  );
  random.life.do(receivePayment, request);
};

const settleOverBills: Happening = (random, chance) => {
  const { model } = random;
  const bills = [...model.bills.keys()].slice(chance.a % 2);
  if (bills.length < 2) return;
  const parts = bills.map((billId, index) => ({ billId, amountCents: 1 + ((chance.b * (index + 1)) % 9000) }));
  const amount = parts.reduce((sum, part) => sum + part.amountCents, 0);
  const id = random.id('P');
  const request = { payment: paid(id, amount, byCard), parts, sourceId: `att_${id}`, moved: true };
  random.both(true, receivePaymentOverBills, request, () => {
    const payment = model.newPayment(id, 'money', { amount, stripe: true, bills });
    for (const part of parts) model.arrive(payment, part.amountCents, [part.billId]);
  });
};

const payCredit: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const amount = amountNear(Math.min(model.owed(bill), model.credit), chance.b);
  const allowed = !bill.cancelled && amount <= model.owed(bill) && amount <= model.credit;
  const id = random.id('A');
  random.both(allowed, payWithCredit, { billId: bill.id, paymentId: id, amountCents: amount }, () =>
    model.spend(model.newPayment(id, 'credit', { amount, bills: [bill.id] }), bill, amount),
  );
};

const discount: Happening = (random, chance) => {
  const bill = random.aBill(chance);
  if (!bill) return;
  const { model } = random;
  const amount = amountNear(Math.ceil(model.owed(bill) / 3), chance.b);
  const id = random.id('D');
  const allowed = !bill.cancelled && amount <= model.owed(bill);
  random.both(allowed, giveDiscount, { billId: bill.id, paymentId: id, amountCents: amount }, () => {
    model.newPayment(id, 'discount', { amount, bills: [bill.id] });
    bill.paid.set(id, amount);
  });
};

const prepayment: Happening = (random, { a, b }) => {
  const { model } = random;
  const amount = 1 + (a % 8000);
  const id = random.id('P');
  const stripe = b % 2 === 0;
  random.both(true, prepay, { payment: paid(id, amount, stripe ? byCard : {}), sourceId: id }, () =>
    model.toLot(model.newPayment(id, 'money', { amount, stripe }), amount),
  );
};

const creditByHand: Happening = (random, { a, b }) => {
  const { model } = random;
  const amountCents = b % 2 === 0 ? 1 + (a % 3000) : -amountNear(model.credit, a);
  const request = { clientId, amountCents, reason: 'by hand' };
  random.both(model.credit + amountCents >= 0, grantCredit, request, () => {
    if (amountCents > 0) model.lots.push({ left: amountCents, spends: [] });
    let left = Math.max(-amountCents, 0);
    for (const lot of model.lots) {
      const part = Math.min(left, lot.left);
      lot.left -= part;
      left -= part;
    }
  });
};

/** Bills, and all the ways in which a client's money and credit arrive. */
export const receipts = { issue, payCash, settleCard, settleOverBills, payCredit, discount, prepayment, creditByHand };
