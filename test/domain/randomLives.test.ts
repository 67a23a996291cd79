import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { billAmounts, billStatus } from '../../shared/domain/billAmounts';
import { paymentState } from '../../shared/domain/paymentState';
import type { ModelBill, ModelPayment, PlainModel } from './plainModel';
import { type Happening, RandomLife } from './randomLife';
import { receipts } from './receipts';
import { reversals } from './reversals';

const happenings: Record<string, Happening> = { ...receipts, ...reversals };
const number = fc.nat({ max: 20_000 });
const step = fc.record({ what: fc.constantFrom(...Object.keys(happenings)), a: number, b: number, c: number });
const lives = fc.array(step, { minLength: 40, maxLength: 40 });

const statusOf = (bill: ModelBill, owed: number): string => {
  const insurerOwes = bill.insurer - bill.insurerPaid;
  const clientPaid = bill.client - owed;
  if (bill.cancelled) return 'cancelled';
  if (owed === 0) return insurerOwes === 0 ? 'paid' : 'awaiting_insurance';
  return clientPaid > 0 || bill.insurerPaid > 0 ? 'partially_paid' : 'open';
};

const plainBill = (model: PlainModel, bill: ModelBill) => {
  const owed = model.owed(bill);
  const discounts = [...bill.paid].filter(([id]) => model.payment(id).kind === 'discount');
  return {
    totalCents: bill.total,
    clientPortionCents: bill.client,
    clientPaidCents: bill.cancelled ? 0 : bill.client - owed,
    clientBalanceCents: owed,
    insurerPortionCents: bill.insurer,
    insurerPaidCents: bill.cancelled ? 0 : bill.insurerPaid,
    insurerBalanceCents: bill.cancelled ? 0 : bill.insurer - bill.insurerPaid,
    writeOffCents: bill.writeOff,
    discountCents: discounts.reduce((sum, [, amount]) => sum + amount, 0),
    cancelled: bill.cancelled,
    status: statusOf(bill, owed),
  };
};

const plainPayment = (model: PlainModel, payment: ModelPayment) => {
  const applied = payment.kind === 'insurer' ? payment.amount : model.applied(payment.id);
  const paper = payment.kind === 'credit' || payment.kind === 'discount';
  return {
    amountCents: payment.amount,
    appliedCents: applied,
    creditedCents: payment.credited,
    refundedCents: paper ? payment.amount - applied : payment.refunded,
    chargedBackCents: payment.chargedBack,
    uncoveredCents: payment.uncovered,
    refundableCents: model.refundable(payment),
  };
};

/** `expect` only when they differ: it is most of the time of a life otherwise. */
function same(real: unknown, plain: unknown): void {
  if (!isDeepStrictEqual(real, plain)) expect(real).toEqual(plain);
}

function expectSame({ life, model }: RandomLife): void {
  for (const bill of model.bills.values()) {
    const amounts = billAmounts(life.book, bill.id);
    same({ ...amounts, status: billStatus(amounts) }, plainBill(model, bill));
  }
  for (const payment of model.payments.values()) {
    const {
      payment: _,
      createdAt,
      status,
      unmatchedCents,
      refunds,
      disputes,
      ...amounts
    } = paymentState(life.book, payment.id);
    same(amounts, plainPayment(model, payment));
  }
  const kept = life.book.lots.map(lot => ({ left: lot.remainingCents, spends: lot.spends.map(s => s.amountCents) }));
  same(
    kept,
    model.lots.map(lot => ({ left: lot.left, spends: lot.spends.map(s => s.amount) })),
  );
}

test('in random lives every cent is where a plain reckoning puts it, and what one refuses the other refuses', () => {
  fc.assert(
    fc.property(lives, chances => {
      const random = new RandomLife();
      for (const { what, ...chance } of chances) {
        happenings[what]?.(random, chance);
        expectSame(random);
      }
    }),
    { numRuns: process.env.FULL ? 1000 : 500, seed: 20_260_302 },
  );
});
