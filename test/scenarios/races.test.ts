import { cancelBillRow, createBillRow, editBillRow, listBillsRow } from '../../shared/operations/bills';
import { addCreditRow } from '../../shared/operations/credits';
import { addPaymentRow, getPaymentRow, refundPaymentRow } from '../../shared/operations/payments';
import type { Row } from '../../shared/operations/row';
import { getSessionRow } from '../../shared/operations/sessions';
import { type Answer, type Asked, codeOf, readSuccess, type SuccessOf } from '../fixtures/overHttp';
import { accepted, assertAllTold, assertRefusedPayment, refused, told, twentyAtOnce } from '../fixtures/race';
import { RunningPractice } from '../fixtures/runningPractice';
import { card, cash, credit, discount } from '../fixtures/waysToPay';

/** Twenty at once on the same bill, payment or credit: whoever wins, the sums are right and every loser is told the facts. */
jest.setTimeout(120_000);
let practice: RunningPractice;

beforeAll(async () => {
  practice = await RunningPractice.open();
  await practice.applyCreditAutomatically(false);
});
afterAll(() => practice?.close());

const pay = (billId: string, body: object, more: { readonly key?: string; readonly ifMatch?: number } = {}) =>
  practice.admin.ask(addPaymentRow, { path: { billId }, body, ...more });
const refund = (paymentId: string, amountCents: number): Promise<Answer> =>
  practice.admin.ask(refundPaymentRow, { path: { paymentId }, body: { amountCents, reason: 'Asked for' } });
const cancel = (billId: string): Promise<Answer> => practice.admin.ask(cancelBillRow, { path: { billId }, body: {} });
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
const paymentIn = (answer: Answer) => readSuccess(addPaymentRow, answer).payment;

test('payments of every kind at once never take more than is owed, nor more credit than there is (R44, R45, R46, R50, R53)', async () => {
  const clientId = await practice.client();
  await practice.prepay(clientId, cash(6000));
  const cardId = await practice.savedCard(clientId);
  const { billId } = await practice.bill(clientId, 15000);
  const kinds = [
    cash(2600),
    { type: 'other', description: 'Bank transfer', amountCents: 2700 },
    credit(2500),
    discount(1300),
    card(cardId, 2900),
  ] as const;
  const bodyOf = (index: number) => kinds[index % kinds.length] ?? kinds[0];
  const answers = await twentyAtOnce(index => pay(billId, bodyOf(index)));
  await practice.cloud.settle();

  const taken = accepted(answers).map(paymentIn);
  const paid = (fits: (payment: (typeof taken)[number]) => boolean): number =>
    sumOf(taken.filter(fits).map(({ amountCents }) => amountCents));
  const bill = await practice.see(billId);
  const { clientPaidCents, clientBalanceCents: balanceCents, discountCents, reservedCents } = bill;
  expect({ clientPaidCents, balanceCents, discountCents, reservedCents }).toEqual({
    clientPaidCents: paid(() => true),
    balanceCents: 15000 - paid(() => true),
    discountCents: paid(({ source }) => source === 'discount'),
    reservedCents: 0,
  });
  const creditCents = await practice.creditOf(clientId);
  expect(creditCents).toBe(6000 - paid(({ source }) => source === 'credit'));
  expect(Math.min(balanceCents, creditCents)).toBeGreaterThanOrEqual(0);
  expect(practice.capturedOn(billId)).toBe(paid(({ collect }) => collect === 'stripe'));
  const applied = bill.payments.map(({ paymentId, appliedCents }) => [paymentId, appliedCents]);
  expect(applied.sort()).toEqual(taken.map(({ paymentId, amountCents }) => [paymentId, amountCents]).sort());
  for (const [index, answer] of answers.entries())
    if (answer.status >= 300) assertRefusedPayment(answer, bodyOf(index).amountCents, { balanceCents, creditCents });
});

test('twenty payments of 40 on a bill of 150 at once: exactly three are taken, the others get the facts (R44, R53)', async () => {
  const { billId } = await practice.bill(await practice.client(), 15000);
  const answers = await twentyAtOnce(() => pay(billId, cash(4000)));
  expect(accepted(answers)).toHaveLength(3);
  assertAllTold(refused(answers), 'amount_exceeds_balance', { clientBalanceCents: 3000 });
});

/** The long run of the tests has prepayments as well, which have no bill to lose a race by. */
const refunded = [
  { what: 'a card payment on a bill', online: true, onBill: true },
  { what: 'cash', online: false, onBill: true },
  ...(process.env.FULL ? [{ what: 'a card prepayment', online: true, onBill: false }] : []),
];

test.each(refunded)(
  'refunds of $what at once never give back more than was paid, and Stripe makes each accepted one once (R59, R60)',
  async ({ online, onBill }) => {
    const clientId = await practice.client();
    const body = online ? card(await practice.savedCard(clientId), 10000) : cash(10000);
    const { billId } = await practice.bill(clientId, 10000);
    const paymentId = onBill
      ? (await practice.pay(billId, body)).payment.paymentId
      : await practice.prepay(clientId, body);

    const answers = await twentyAtOnce(() => refund(paymentId, 1500));
    await practice.cloud.settle();

    const made = accepted(answers).map(answer => readSuccess(refundPaymentRow, answer).refund.refundId);
    expect(made).toHaveLength(6);
    assertAllTold(refused(answers), 'refund_exceeds_payment', { refundableCents: 1000 });
    const payment = await practice.admin.do(getPaymentRow, { path: { paymentId } });
    expect(payment).toMatchObject({ refundedCents: 9000, refundableCents: 1000, status: 'partially_refunded' });
    expect(payment.refunds.map(({ refundId }) => refundId).sort()).toEqual(made.sort());
    expect(practice.refundsSent(paymentId)).toBe(online ? 6 : 0);
  },
);

test('payments, refunds and cancels of one bill at once: never cancelled while paid, never over-paid, never over-refunded (R44, R57, R59)', async () => {
  const { billId } = await practice.bill(await practice.client(), 10000);
  const { payment } = await practice.pay(billId, cash(4000));
  const deeds = [() => pay(billId, cash(1500)), () => refund(payment.paymentId, 700), () => cancel(billId)] as const;
  const answers = await twentyAtOnce(index => (deeds[index % deeds.length] ?? deeds[0])());

  const of = (deed: number): Answer[] => answers.filter((_, index) => index % deeds.length === deed);
  const [pays, refunds, cancels] = [of(0), of(1), of(2)] as const;
  expect(accepted(refunds)).toHaveLength(5);
  assertAllTold(refused(refunds), 'refund_exceeds_payment', { refundableCents: 500 });
  expect(told(cancels)).toEqual(cancels.map(() => [409, 'bill_has_payments', { payments: expect.any(Array) }]));
  const bill = await practice.see(billId);
  const paidCents = 4000 - 5 * 700 + 1500 * accepted(pays).length;
  expect(bill).toMatchObject({ clientPaidCents: paidCents, clientBalanceCents: 10000 - paidCents });
  expect(paidCents).toBeLessThanOrEqual(10000);
  // What the refunds reopened may have been refused to a payment that came before them.
  for (const answer of refused(pays)) assertRefusedPayment(answer, 1500, { balanceCents: 0, creditCents: 0 });
});

test.each(['cash', 'card'])(
  'a bill that is cancelled and paid by %s at once is either cancelled and unpaid, or paid and not cancelled (R57, R58)',
  async how => {
    const clientId = await practice.client();
    const body = how === 'card' ? card(await practice.savedCard(clientId), 8000) : cash(8000);
    const { billId, lines } = await practice.bill(clientId, 8000);
    const answers = await twentyAtOnce(index => (index % 2 === 0 ? cancel(billId) : pay(billId, body)));
    await practice.cloud.settle();

    const bill = await practice.see(billId);
    const session = await practice.admin.do(getSessionRow, { path: { sessionId: lines[0]?.sessionId ?? '' } });
    expect(accepted(answers)).toHaveLength(1);
    if (bill.status === 'cancelled') {
      assertAllTold(refused(answers), 'bill_cancelled', {});
      expect([bill.payments, practice.capturedOn(billId), session.billing]).toEqual([[], 0, 'unbilled']);
      return;
    }
    const payments = [{ paymentId: bill.payments[0]?.paymentId, appliedCents: 8000 }];
    const inProgress = [409, 'payment_in_progress', { reservedCents: 8000, clientBalanceCents: 8000 }];
    for (const [index, answer] of answers.entries()) {
      if (answer.status < 300) continue;
      const done =
        index % 2 === 0
          ? [409, 'bill_has_payments', { payments }]
          : [409, 'amount_exceeds_balance', { clientBalanceCents: 0 }];
      expect(how === 'card' ? [done, inProgress] : [done]).toContainEqual(told([answer])[0]);
    }
    expect([bill.status, bill.payments.length, session.billing]).toEqual(['paid', 1, 'billed']);
    expect(practice.capturedOn(billId)).toBe(how === 'card' ? 8000 : 0);
  },
);

test('bills made at once over the same sessions: one takes them, the others are told which were taken (R10, R17)', async () => {
  const clientId = await practice.client();
  const [a = '', b = '', c = ''] = await Promise.all([1, 2, 3].map(() => practice.session(clientId, 5000)));
  const wanted = (index: number): string[] => (index % 2 === 0 ? [a, b] : [b, c]);
  const answers = await twentyAtOnce(index =>
    practice.admin.ask(createBillRow, {
      body: { clientId, sessions: wanted(index).map(sessionId => ({ sessionId })) },
    }),
  );
  const winner = answers.findIndex(({ status }) => status === 201);
  const taken = wanted(winner);
  for (const [index, answer] of answers.entries()) {
    if (index === winner) continue;
    const sessions = wanted(index).filter(sessionId => taken.includes(sessionId));
    expect(told([answer])).toEqual([[409, 'session_already_billed', { sessions }]]);
  }
  const { items } = await practice.admin.do(listBillsRow, { query: { clientId } });
  expect(items.map(({ totalCents }) => totalCents)).toEqual([10000]);
  const left = await practice.admin.do(getSessionRow, { path: { sessionId: taken.includes(a) ? c : a } });
  expect(left.billing).toBe('unbilled');
});

test('credit spent on two bills at once, by staff and by the practice’s setting, is spent once (R46)', async () => {
  const clientId = await practice.client();
  await practice.prepay(clientId, cash(5000));
  const bills = [await practice.bill(clientId, 5000), await practice.bill(clientId, 5000)] as const;
  const billOf = (index: number): string => (index % 2 === 0 ? bills[0] : bills[1]).billId;
  const answers = await twentyAtOnce(index => pay(billOf(index), credit(900)));
  expect(accepted(answers)).toHaveLength(5);
  assertAllTold(refused(answers), 'insufficient_credit', { creditCents: 500 });

  await practice.applyCreditAutomatically(true);
  const made = await Promise.all([4000, 4000, 4000].map(price => practice.bill(clientId, price)));
  await practice.applyCreditAutomatically(false);
  expect(sumOf(made.map(({ clientPaidCents }) => clientPaidCents))).toBe(500);
  expect(await practice.creditOf(clientId)).toBe(0);
});

test('of edits and payments that name a version, one at most holds for each version; the others get 412 with the new one (R15, R53)', async () => {
  const { billId, version } = await practice.bill(await practice.client(), 10000);
  const edit = (comments: string) =>
    practice.admin.ask(editBillRow, { path: { billId }, body: { comments }, ifMatch: version });
  const deeds = [
    (index: number) => edit(`Comment ${index}`),
    () => pay(billId, cash(500), { ifMatch: version }),
    () => pay(billId, cash(500)),
  ] as const;
  const answers = await twentyAtOnce(index => (deeds[index % 3] ?? deeds[0])(index));

  const unnamed = answers.filter((_, index) => index % 3 === 2);
  const named = answers.filter((_, index) => index % 3 !== 2);
  expect(accepted(unnamed)).toHaveLength(unnamed.length);
  expect(accepted(named).length).toBeLessThanOrEqual(1);
  for (const answer of refused(named)) {
    expect([answer.status, codeOf(answer)]).toEqual([412, 'version_conflict']);
    expect(Number(answer.body.version)).toBeGreaterThan(version);
  }
  const bill = await practice.see(billId);
  const won = answers.findIndex((answer, index) => index % 3 !== 2 && answer.status < 300);
  const paidOnce = unnamed.length + (won % 3 === 1 ? 1 : 0);
  expect(bill).toMatchObject({
    version: version + unnamed.length + accepted(named).length,
    clientPaidCents: 500 * paidOnce,
    comments: won >= 0 && won % 3 === 0 ? `Comment ${won}` : '',
  });
});

test('one request twenty times at once under one key is done once, and answered alike each time (R53)', async () => {
  const clientId = await practice.client();
  const cardId = await practice.savedCard(clientId);
  const sessions = [{ sessionId: await practice.session(clientId, 9000) }];
  const once = async <R extends Row>(row: R, asked: Asked): Promise<SuccessOf<R>> => {
    const ask = () => practice.admin.ask(row, { ...asked, key: `the key of ${row.operation}` });
    const early = await twentyAtOnce(ask);
    // A repeat that came while Stripe was still at work was told so (202); now it is told what came of it.
    const answers = await Promise.all(early.map(answer => (answer.status === 202 ? ask() : answer)));
    await practice.cloud.settle();
    const [first, ...others] = answers.map(({ status, body }) => ({ status, body }));
    expect(others).toEqual(others.map(() => first));
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
    return readSuccess(row, first ?? { status: 0, body: {} });
  };
  const { billId } = await once(createBillRow, { body: { clientId, sessions } });
  const { payment } = await once(addPaymentRow, { path: { billId }, body: card(cardId, 8000) });
  const ofPayment = { path: { paymentId: payment.paymentId }, body: { amountCents: 3000 } };
  const { refund: made } = await once(refundPaymentRow, ofPayment);
  await once(addCreditRow, { path: { clientId }, body: { ...cash(700), reason: 'prepayment' } });

  const { items } = await practice.admin.do(listBillsRow, { query: { clientId } });
  const [paid, ...others] = (await practice.see(billId)).payments;
  expect([items.length, others.length]).toEqual([1, 0]);
  expect(paid?.refunds.map(({ refundId }) => refundId)).toEqual([made.refundId]);
  expect([practice.capturedOn(billId), practice.refundsSent(payment.paymentId)]).toEqual([8000, 1]);
  expect(await practice.creditOf(clientId)).toBe(700);
});
