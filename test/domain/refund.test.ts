import { adjustBill, cancelBill, issueBill } from '../../shared/domain/bill';
import { noMovement } from '../../shared/domain/book';
import { calendarDate } from '../../shared/domain/calendar';
import { grantCredit } from '../../shared/domain/credit';
import { payInsurer } from '../../shared/domain/insurer';
import type { RefundDestination, RefundStatus } from '../../shared/domain/ledger';
import { giveDiscount, payWithCredit, prepay, receivePayment } from '../../shared/domain/payment';
import { paymentState } from '../../shared/domain/paymentState';
import { planRefund, requestRefund, type StripeRefund, takeOverRefund } from '../../shared/domain/refund';
import { answerAfterLooking, decideEffect, failRefund } from '../../shared/domain/refundOutcome';
import { byCard, clientId, Life, notation, paid, postingsText, sessionLines } from './life';

const issue = (life: Life, billId: string, price: number) =>
  life.do(issueBill, { billId, clientId, responsibility: 'self_pay', lines: sessionLines(billId, [price]) });

/** B1 of 10000: P1 10000 by card through Stripe. */
function paidByCard(): Life {
  const life = new Life();
  issue(life, 'B1', 10000);
  life.do(receivePayment, { billId: 'B1', payment: paid('P1', 10000, byCard), sourceId: 'att_1', moved: true });
  return life;
}

/** B1 of 10000: P1 cash 5000, D1 discount 2000, A1 credit 3000. */
function paidByAll(): Life {
  const life = new Life();
  issue(life, 'B1', 10000);
  life.do(grantCredit, { clientId, amountCents: 3000, reason: 'goodwill' });
  life.do(receivePayment, { billId: 'B1', payment: paid('P1', 5000) });
  life.do(giveDiscount, { billId: 'B1', paymentId: 'D1', amountCents: 2000 });
  life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 3000 });
  return life;
}

const found = (amountCents: number, status: RefundStatus = 'succeeded', stripeRefundId = 're_1'): StripeRefund => ({
  paymentId: 'P1',
  stripeRefundId,
  amountCents,
  status,
});

describe('where a refund goes (clarification 5)', () => {
  test.each([
    ['P1', 'offline', 'refund_made', 'CR.B1·P1 +5000, OM·P1 −5000', 'refund_reopened'],
    ['D1', 'original', 'discount_taken_back', 'CR.B1·D1 +2000, DI.B1·D1 −2000', 'discount_taken_back'],
    ['A1', 'credit', 'credit_returned', 'CR.B1·A1 +3000, CC.K1·A1 −3000', 'credit_returned'],
  ])('%s goes to %s unless told', (paymentId, destination, kind, postings, reason) => {
    const life = paidByAll();
    const [entry] = life.do(requestRefund, { paymentId, refundId: 'R' }).entries;
    expect(entry).toMatchObject({
      kind,
      refund: { destination, origin: 'app', status: 'succeeded', effect: 'reopen' },
    });
    expect(postingsText(life.last)).toEqual(notation(postings));
    expect(life.last.holds).toEqual([{ billId: 'B1', reason, refundId: 'R' }]);
  });

  test('a Stripe card goes back to the card, pending until Stripe says more', () => {
    const life = paidByCard();
    expect(planRefund(life.book, { paymentId: 'P1', refundId: 'R' })).toMatchObject({
      amountCents: 10000,
      destination: 'original',
      byStripe: true,
    });
    const [entry] = life.do(requestRefund, { paymentId: 'P1', refundId: 'R', stripeRefundId: 're_1' }).entries;
    expect(entry).toMatchObject({ sourceId: 're_1#counted', refund: { status: 'pending' } });
  });

  test('a Stripe payment given back by hand takes no money from Stripe', () => {
    const life = paidByCard();
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R', destination: 'offline' });
    expect(postingsText(life.last)).toEqual(notation('CR.B1·P1 +10000, OM·P1 −10000'));
  });

  test('a payment turned into credit counts as credited, not as refunded (R57, domain rule 51)', () => {
    const life = paidByCard();
    life.do(requestRefund, {
      paymentId: 'P1',
      refundId: 'R',
      destination: 'credit',
      amountCents: 4000,
      effect: 'reduce',
    });
    expect(postingsText(life.last)).toEqual(notation('CR.B1·P1 +4000, CC.K1·P1 −4000, IN.B1 +4000, CR.B1 −4000'));
    expect([life.bill('B1'), life.payment('P1')]).toEqual([
      'T 6000, C 6000/6000/0, paid',
      '6000/4000/0/0, refundable 10000',
    ]);
    expect(life.last.holds).toEqual([]);
    const twice = { paymentId: 'P1', refundId: 'R2', destination: 'credit', amountCents: 6001 } as const;
    expect(life.refused(requestRefund, twice).facts).toEqual({ refundableCents: 6000 });
  });

  test.each<[string, RefundDestination]>([
    ['P1', 'original'],
    ['D1', 'offline'],
    ['D1', 'credit'],
    ['A1', 'original'],
    ['A1', 'offline'],
  ])('%s cannot go to %s', (paymentId, destination) => {
    const problem = paidByAll().refused(requestRefund, { paymentId, refundId: 'R', destination });
    expect(problem.facts).toMatchObject({ errors: [{ pointer: '/destination' }] });
  });
});

describe('how much can be refunded (domain rule 22)', () => {
  test.each([
    [10001, 10000],
    [0, 10000],
    [-1, 10000],
  ])('%i of 10000 is refused with what is refundable', (amountCents, refundableCents) => {
    const problem = paidByCard().refused(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents });
    expect([problem.code, problem.facts]).toEqual(['refund_exceeds_payment', { refundableCents }]);
  });

  test('nothing twice', () => {
    const life = paidByCard();
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R' });
    expect(life.refused(requestRefund, { paymentId: 'P1', refundId: 'R2' }).facts).toEqual({ refundableCents: 0 });
  });

  test('nothing of an insurer’s payment (domain rule 21)', () => {
    const life = new Life();
    const lines = sessionLines('S', [900], { responsibility: 'insurance' });
    life.do(issueBill, { billId: 'B1', clientId, responsibility: 'insurance', lines });
    life.do(payInsurer, { billId: 'B1', payment: paid('I1', 900, { payer: 'insurer', type: 'other' }) });
    expect(life.refused(requestRefund, { paymentId: 'I1', refundId: 'R' }).code).toBe('refund_exceeds_payment');
    expect(paymentState(life.book, 'I1')).toMatchObject({ status: 'succeeded', appliedCents: 900, refundableCents: 0 });
  });

  test('unspent credit goes first, then the bill', () => {
    const life = new Life();
    issue(life, 'B1', 10000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 12000), overpayment: 'credit' });
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents: 3000 });
    expect(postingsText(life.last)).toEqual(notation('CC.K1·P1 +2000, CR.B1·P1 +1000, OM·P1 −3000'));
  });

  test.each([
    [0, 'succeeded'],
    [4000, 'partially_refunded'],
    [10000, 'refunded'],
  ])('after %i the payment is %s (R60)', (amount, status) => {
    const life = paidByCard();
    if (amount > 0) life.do(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents: amount });
    expect(paymentState(life.book, 'P1').status).toBe(status);
  });
});

describe('refunds that Stripe tells of', () => {
  test('are counted once, however often and in whatever order their states come (domain rule 23)', () => {
    const life = paidByCard();
    const [entry] = life.do(takeOverRefund, found(3000, 'pending')).entries;
    expect(entry).toMatchObject({ kind: 'refund_found', sourceId: 're_1#counted', refund: { origin: 'stripe' } });
    expect(life.do(takeOverRefund, found(3000, 'pending'))).toEqual(noMovement);
    expect(life.do(takeOverRefund, found(3000)).entries).toMatchObject([
      { kind: 'refund_status_changed', postings: [] },
    ]);
    expect(life.do(takeOverRefund, found(3000, 'pending'))).toEqual(noMovement);
    expect(life.payment('P1')).toBe('7000/0/3000/0, refundable 7000');
  });

  test('a second partial refund adds to the first', () => {
    const life = paidByCard();
    life.do(takeOverRefund, found(3000));
    life.do(takeOverRefund, found(3000, 'succeeded', 're_2'));
    expect(life.payment('P1')).toBe('4000/0/6000/0, refundable 4000');
  });

  test('one that had failed before it was seen moves nothing', () => {
    const life = paidByCard();
    expect(life.do(takeOverRefund, found(3000, 'failed'))).toEqual(noMovement);
  });

  test('one that fails counts for the day of the failure, not for that of the refund: a statement made between stays true', () => {
    const life = paidByCard();
    const posted = (): string[] => life.last.entries.map(({ kind, postedOn }) => `${kind} ${postedOn}`);
    const createdOn = { postedOn: calendarDate('2026-02-20') };
    life.do(takeOverRefund, { ...found(3000), ...createdOn });
    expect(posted()).toEqual(['refund_found 2026-02-20']);
    life.do(takeOverRefund, { ...found(3000, 'failed'), ...createdOn });
    expect(posted()).toEqual(['refund_failed 2026-03-02']);
  });

  test('one that fails later brings the money back and is shown to staff (domain rule 27)', () => {
    const life = paidByCard();
    life.do(takeOverRefund, found(3000));
    life.do(takeOverRefund, found(3000, 'failed'));
    expect(life.last).toMatchObject({
      attention: [{ kind: 'refund_failed', billId: 'B1', facts: { amountCents: 3000 } }],
    });
    expect(life.last.entries[0]).toMatchObject({ kind: 'refund_failed', sourceId: 're_1#failed' });
    expect(life.do(takeOverRefund, found(3000, 'failed'))).toEqual(noMovement);
    expect(life.do(takeOverRefund, found(3000, 'succeeded'))).toEqual(noMovement);
    expect([life.bill('B1'), life.payment('P1')]).toEqual([
      'T 10000, C 10000/10000/0, paid',
      '10000/0/0/0, refundable 10000',
    ]);
  });

  test('one of ours whose answer was lost keeps its id, reason and effect', () => {
    const life = paidByCard();
    const ours = { refundId: 'R', effect: 'reduce', reason: 'price' } as const;
    const [entry] = life.do(takeOverRefund, { ...found(3000), ours }).entries;
    expect(entry).toMatchObject({ kind: 'refund_made', reason: 'price', refund: { refundId: 'R', origin: 'app' } });
    expect(life.bill('B1')).toBe('T 7000, C 7000/7000/0, paid');
    expect(life.do(takeOverRefund, { ...found(3000), ours })).toEqual(noMovement);
  });

  test('an answer we had is not taken for a new refund', () => {
    const life = paidByCard();
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents: 3000, stripeRefundId: 're_1' });
    const ours = { refundId: 'R', effect: 'reopen' } as const;
    expect(life.do(takeOverRefund, { ...found(3000), ours }).entries).toMatchObject([
      { kind: 'refund_status_changed' },
    ]);
    expect(life.payment('P1')).toBe('7000/0/3000/0, refundable 7000');
  });

  test('on a bill that credit and the same payment pay, one entry holds both groups', () => {
    const life = new Life();
    issue(life, 'B1', 6000);
    life.do(receivePayment, { billId: 'B1', payment: paid('P1', 5000, byCard), moved: true });
    life.do(adjustBill, { billId: 'B1', amountCents: -3000, description: 'Correction', reason: 'price' });
    life.do(adjustBill, { billId: 'B1', amountCents: 2000, description: 'Correction', reason: 'price' });
    life.do(payWithCredit, { billId: 'B1', paymentId: 'A1', amountCents: 2000 });
    life.do(takeOverRefund, found(5000));
    expect(postingsText(life.last)).toEqual(
      notation('CR.B1·P1 +3000, CR.B1·A1 +2000, CC.K1·A1 −2000, CC.K1·P1 +2000, ST·P1 −5000'),
    );
    expect(life.last.holds.map(hold => hold.reason)).toEqual(['refund_reopened', 'credit_returned']);
  });
});

test('of several bills that its credit paid, the newest is reopened first (OUT)', () => {
  const life = new Life();
  life.do(prepay, { payment: paid('P1', 6000, byCard) });
  for (const number of [1, 2, 3]) {
    issue(life, `B${number}`, 2000);
    life.do(payWithCredit, { billId: `B${number}`, paymentId: `A${number}`, amountCents: 2000 });
  }
  life.do(takeOverRefund, found(3000));
  expect(['B1', 'B2', 'B3'].map(id => life.bill(id))).toEqual([
    'T 2000, C 2000/2000/0, paid',
    'T 2000, C 2000/1000/1000, partially_paid',
    'T 2000, C 2000/0/2000, open',
  ]);
});

describe('a refund that fails', () => {
  test('undoes its reduction', () => {
    const life = paidByCard();
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R', amountCents: 3000, effect: 'reduce' });
    life.do(failRefund, { refundId: 'R', status: 'cancelled' });
    expect(postingsText(life.last)).toEqual(notation('IN.B1 −3000, CR.B1 +3000, ST·P1 +3000, CR.B1·P1 −3000'));
    expect(life.bill('B1')).toBe('T 10000, C 10000/10000/0, paid');
  });

  test('on a cancelled bill becomes credit, its reduction stays', () => {
    const life = paidByCard();
    life.do(requestRefund, { paymentId: 'P1', refundId: 'R', effect: 'reduce' });
    life.do(cancelBill, { billId: 'B1', payments: 'refuse' });
    life.do(failRefund, { refundId: 'R', status: 'failed' });
    expect(postingsText(life.last)).toEqual(notation('ST·P1 +10000, CC.K1·P1 −10000'));
  });

  test('first fills what had been refunded without cover', () => {
    const life = new Life();
    life.do(prepay, { payment: paid('P1', 5000, byCard) });
    life.do(grantCredit, { clientId, amountCents: -2000, reason: 'mistake' });
    life.do(takeOverRefund, found(5000));
    life.do(takeOverRefund, found(5000, 'failed'));
    expect(postingsText(life.last)).toEqual(notation('ST·P1 +5000, UM·P1 −2000, CC.K1·P1 −3000'));
  });

  test('that nobody knows is not found', () => {
    expect(paidByCard().refused(failRefund, { refundId: 'R', status: 'failed' }).code).toBe('not_found');
  });
});

describe('the effect decided later', () => {
  const decided = (life: Life): Life => {
    life.do(decideEffect, { refundId: 'R1' });
    return life;
  };
  const foundOnce = (): Life => {
    const life = paidByCard();
    life.do(takeOverRefund, found(3000));
    return life;
  };

  test('lifts the hold that this refund set (clarification 12)', () => {
    expect(decided(foundOnce()).last.releasesHold).toEqual([{ billId: 'B1', refundId: 'R1' }]);
  });

  test('frees what the client paid again meanwhile', () => {
    const life = foundOnce();
    life.do(receivePayment, { billId: 'B1', payment: paid('P2', 3000) });
    decided(life);
    expect(postingsText(life.last)).toEqual(notation('IN.B1 +3000, CR.B1 −3000, CR.B1·P2 +3000, CC.K1·P2 −3000'));
  });

  test('is undone when the refund fails after all', () => {
    const life = decided(foundOnce());
    life.do(takeOverRefund, found(3000, 'failed'));
    expect(life.bill('B1')).toBe('T 10000, C 10000/10000/0, paid');
  });

  test('is decided once, and only for a standing refund found in Stripe', () => {
    const code = (life: Life, refundId = 'R1') => life.refused(decideEffect, { refundId }).code;
    expect(code(decided(foundOnce()))).toBe('effect_already_decided');
    const failed = foundOnce();
    failed.do(failRefund, { refundId: 'R1', status: 'failed' });
    expect(code(failed)).toBe('effect_already_decided');
    const ours = paidByCard();
    ours.do(requestRefund, { paymentId: 'P1', refundId: 'R' });
    expect(code(ours, 'R')).toBe('effect_already_decided');
    expect(code(paidByCard())).toBe('not_found');
  });

  test('is refused on a cancelled bill, and below what an adjustment left', () => {
    const cancelled = foundOnce();
    cancelled.do(cancelBill, { billId: 'B1', payments: 'convert_to_credit' });
    expect(cancelled.refused(decideEffect, { refundId: 'R1' }).code).toBe('bill_cancelled');
    const adjusted = foundOnce();
    adjusted.do(adjustBill, { billId: 'B1', amountCents: -8000, description: 'Correction', reason: 'price' });
    expect(adjusted.refused(decideEffect, { refundId: 'R1' }).facts).toEqual({ clientPortionCents: 2000 });
  });
});

test.each([
  [100, 0, 100, { kind: 'refund', amountCents: 100 }],
  [undefined, 0, 100, { kind: 'refund', amountCents: 100 }],
  [undefined, 30, 70, { kind: 'refund', amountCents: 70 }],
  [undefined, 100, 0, { kind: 'nothing_remains' }],
  [100, 100, 0, { kind: 'found_was_meant' }],
  [30, 30, 70, { kind: 'found_was_meant' }],
  [100, 30, 70, { kind: 'ask_again', facts: { foundCents: 30, refundableCents: 70 } }],
  [20, 30, 70, { kind: 'ask_again', facts: { foundCents: 30, refundableCents: 70 } }],
])(
  'a request of %p after %i was found and %i remains never refunds twice (R61, W7)',
  (asked, foundCents, left, answer) => {
    const requested = asked === undefined ? {} : { requestedCents: asked };
    expect(answerAfterLooking({ ...requested, foundCents, refundableCents: left })).toEqual(answer);
  },
);
