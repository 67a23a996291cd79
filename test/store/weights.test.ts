import * as fc from 'fast-check';
import type { BillHead, BillText } from '../../shared/domain/billRecord';
import type { BillLine } from '../../shared/domain/book';
import { calendarDate, instant } from '../../shared/domain/calendar';
import type { Entry, PaymentFacts, Posting, RefundFacts } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import type { Session } from '../../shared/domain/session';
import { newId } from '../../shared/ids';
import { billHeadEntity, billTextEntity, entryEntity, sessionEntity } from '../../shared/store/table';
import { type Happening, RandomLife } from '../domain/randomLife';
import { receipts } from '../domain/receipts';
import { reversals } from '../domain/reversals';
import { bytesOf } from '../fixtures/weight';

/** What items weigh: a begun KB costs two units in the table and one in each index, so the usual ones stay below it. */
const KB = 1024;
const practiceId = newId('prac');

const on = calendarDate('2026-11-20');
const at = instant('2026-11-20T15:00:11.568Z');
const clientId = newId('cli');
const billId = newId('bill');
const payerId = newId('payer');

const head: BillHead = {
  billId,
  number: 'JUNI-1234567',
  clientId,
  clientName: `${'x'.repeat(80)} ${'y'.repeat(80)}`,
  practitionerIds: [newId('mem')],
  responsibility: 'insurance',
  payerId,
  policyId: newId('pol'),
  origin: 'monthly',
  status: 'partially_paid',
  issuedOn: on,
  dueOn: on,
  createdAt: at,
  totalCents: cents(99_999_999),
  clientPortionCents: cents(99_999_999),
  clientPaidCents: cents(99_999_999),
  clientBalanceCents: cents(99_999_999),
  insurerPortionCents: cents(99_999_999),
  insurerPaidCents: cents(99_999_999),
  insurerBalanceCents: cents(99_999_999),
  writeOffCents: cents(99_999_999),
  discountCents: cents(99_999_999),
  reservedCents: cents(99_999_999),
  disputed: true,
  hidden: false,
  version: 999,
  revision: 999,
  hold: { reason: 'discount_taken_back', refundId: newId('ref') },
  sharing: {
    status: 'scheduled',
    scheduledAt: at,
    sharedAt: at,
    delivery: 'complained',
    viewedAt: at,
  },
  attention: 9,
  checkoutId: newId('chk'),
};

const line = (sessionId: string): BillLine => ({
  lineId: newId('line'),
  kind: 'service',
  sessionId,
  dateOfService: on,
  code: '90837',
  description: 'Individual therapy, 60 minutes',
  units: 1,
  unitPriceCents: cents(16505),
  amountCents: cents(16505),
  clientPortionCents: cents(3005),
  insurerPortionCents: cents(13500),
  writeOffCents: cents(0),
});
const text = (lines: readonly BillLine[]): BillText => ({
  billId,
  number: 'JUN-1042',
  lines,
  comments: '',
  footer: 'Thank you for your trust.',
  accessCode: '483190',
  recipient: { kind: 'contact', id: newId('con'), name: 'Katharina Kowalski-Lambert', email: 'k.kowalski@example.com' },
  letterhead: {
    practiceName: 'Juniper Lane Therapy, PLLC',
    address: ['2140 Alder Street, Suite 3', 'Madison, WI 53703'],
    email: 'billing@juniperlane.example',
    taxId: '39-0000000',
    npi: '1000000004',
    currency: 'USD',
    timeZone: 'America/Chicago',
    paperSize: 'letter',
    serviceDescription: { mode: 'service_code' },
  },
  revision: 0,
});

const entry = (more: Partial<Entry>): Entry => ({
  entryId: newId('ent'),
  kind: 'payment_received',
  home: { kind: 'bill', id: billId },
  clientId,
  at,
  postedOn: on,
  actor: { kind: 'staff', id: newId('mem') },
  postings: [],
  ...more,
});
const received = (amountCents: number, { paymentId }: { paymentId: string }): Posting[] => [
  { account: 'stripe_balance', amountCents: cents(amountCents), paymentId },
  { account: 'client_receivable', amountCents: cents(-amountCents), clientId, billId, paymentId },
];
const payment: PaymentFacts = {
  paymentId: newId('pay'),
  clientId,
  payer: 'client',
  type: 'card',
  collect: 'stripe',
  amountCents: cents(16505),
  paidAt: at,
  notes: 'Paid at the front desk after the last session.',
  card: { brand: 'mastercard', last4: '4242', expMonth: 12, expYear: 2034 },
  stripe: {
    paymentIntentId: 'pi_3PZEbTRiNupV0FiJ1iemrAE3',
    chargeId: 'ch_3PZEbTRiNupV0FiJ1Lk9koYU',
    accountId: 'acct_1PlatformOwn00000',
    livemode: true,
  },
};
const refund: RefundFacts = {
  refundId: newId('ref'),
  paymentId: payment.paymentId,
  amountCents: cents(16505),
  destination: 'original',
  effect: 'reopen',
  origin: 'app',
  status: 'succeeded',
  reason: 'The session was shorter than planned.',
  stripeRefundId: 're_3PZEbTRiNupV0FiJ1SRcnOi4',
};
const cardPayment = entry({ sourceId: newId('att'), payment, postings: received(16505, payment) });
const stripeRefund = entry({
  kind: 'refund_made',
  sourceId: `${refund.stripeRefundId}#counted`,
  refund,
  postings: received(-16505, payment),
});
const { paymentId } = payment;
const ofInsurer = { payerId, billId, clientId };
const remittance = entry({
  kind: 'insurer_paid',
  payment: { paymentId, clientId, payer: 'insurer', type: 'other', amountCents: cents(9000), paidAt: at },
  postings: [
    { account: 'offline_money', amountCents: cents(9000), method: 'insurer', paymentId },
    { account: 'payer_receivable', amountCents: cents(-9000), ...ofInsurer, paymentId },
    { account: 'payer_receivable', amountCents: cents(-4500), ...ofInsurer },
    { account: 'write_off', amountCents: cents(4500), billId, clientId },
  ],
  lineDeltas: [1, 2].map(() => ({
    lineId: newId('line'),
    clientCents: cents(0),
    insurerCents: cents(-2250),
    writeOffCents: cents(2250),
    insurerPaidCents: cents(4500),
  })),
});
const session: Session = {
  sessionId: newId('ses'),
  clientId,
  clientSort: 'kowalski-lambert, katharina',
  clientName: 'Katharina Kowalski-Lambert',
  practitionerId: newId('mem'),
  startsAt: at,
  dateOfService: on,
  externalId: 'simplepractice-123456',
  status: 'completed',
  noteSigned: true,
  services: [1, 2].map(() => ({
    serviceId: newId('svc'),
    code: '90837',
    description: 'Individual therapy, 60 minutes',
    units: 1,
    priceCents: cents(16505),
    modifiers: ['95'],
    diagnoses: ['F41.1', 'F33.1'],
  })),
  noShowFeeCents: cents(0),
  claimReview: 'none',
  requireSignedNote: true,
};

test('a bill’s head stays under 1 KB with every field at its limit, so that no change of it costs more', () => {
  expect(bytesOf(billHeadEntity.item(practiceId, head))).toBeLessThanOrEqual(KB);
});

test('a bill’s text stays under 1 KB with the lines of four sessions, or with six of one', () => {
  const sessions = [1, 2, 3, 4].map(() => line(newId('ses')));
  const one = newId('ses');
  const lines = [1, 2, 3, 4, 5, 6].map(() => line(one));
  expect(bytesOf(billTextEntity.item(practiceId, text(sessions)))).toBeLessThanOrEqual(KB);
  expect(bytesOf(billTextEntity.item(practiceId, text(lines)))).toBeLessThanOrEqual(KB);
});

test('the entries of a card payment, a refund by Stripe and a remittance over two lines stay under 1 KB', () => {
  const weigh = (one: Entry) => bytesOf(entryEntity.item(practiceId, one));
  expect([cardPayment, stripeRefund, remittance].map(weigh).filter(bytes => bytes > KB)).toEqual([]);
});

test('a session of two services stays under 1 KB, pending or billed', () => {
  const billed: Session = { ...session, billing: { state: 'billed', billId } };
  for (const one of [session, billed]) {
    expect(bytesOf(sessionEntity.item(practiceId, one))).toBeLessThanOrEqual(KB);
  }
});

describe('what is stored densely is read as it was written', () => {
  test('a head with all it may have, and with all it may lack', () => {
    const { hold: _, payerId: __, policyId: ___, checkoutId: ____, ...bare } = head;
    const slim: BillHead = { ...bare, sharing: { status: 'not_shared', delivery: 'none' } };
    const hidden: BillHead = { ...slim, status: 'cancelled', hidden: true };
    for (const one of [head, slim, hidden])
      expect(billHeadEntity.record(billHeadEntity.item(practiceId, one))).toEqual(one);
  });

  test('a text: lines of one session and of several, products, adjustments, repeated words', () => {
    const { sessionId: _, dateOfService: __, code: ___, ...product } = line('');
    const [first, second] = [newId('ses'), newId('ses')];
    const written = text([
      line(first),
      line(first),
      { ...product, kind: 'product', description: '=' },
      { ...product, kind: 'adjustment', amountCents: cents(-500), clientPortionCents: cents(-500) },
      line(second),
      { ...line(second), kind: 'no_show' },
    ]);
    expect(billTextEntity.record(billTextEntity.item(practiceId, written))).toEqual(written);
  });

  test('a session with its services', () => {
    const written = { ...session, revision: 3 };
    expect(sessionEntity.record(sessionEntity.item(practiceId, written))).toEqual(written);
  });

  test('every entry of random lives, and those of Stripe and insurers', () => {
    const happenings: Readonly<Record<string, Happening>> = { ...receipts, ...reversals };
    const number = fc.nat({ max: 20_000 });
    const step = fc.record({ what: fc.constantFrom(...Object.keys(happenings)), a: number, b: number, c: number });
    const back = (one: Entry) => entryEntity.record(entryEntity.item(practiceId, one));
    const expectSame = (entries: readonly Entry[]) => expect(entries.map(back)).toEqual(entries);
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 30 }), steps => {
        const random = new RandomLife();
        for (const { what, ...chance } of steps) happenings[what]?.(random, chance);
        expectSame(random.life.book.entries);
      }),
      { numRuns: 40, seed: 20_261_120 },
    );
    const dispute = { disputeId: 'dp_1', paymentId, status: 'lost', amountCents: cents(1) };
    const declined = entry({ kind: 'payment_declined', details: { code: 'expired_card', amountCents: 5 } });
    expectSame([cardPayment, stripeRefund, remittance, declined, entry({ kind: 'dispute_lost', dispute })]);
  });
});
