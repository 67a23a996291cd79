import { catalogue } from '../../../shared/http/problemJson';
import type { Asked } from '../../fixtures/apiEvent';
import { askRow, guestOf, rowOf } from '../../fixtures/everyOperation';
import { leakIn } from '../../fixtures/leaks';
import { type Ids, Stocked } from '../../fixtures/oneOfEach';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let stripe: OpenStripe;
let mine: Stocked;
let own: Ids;
beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
  mine = await Stocked.open(stripe, 'Canary');
  own = await mine.chart();
}, 60_000);
afterAll(async () => {
  await stripe.close();
  await store.close();
});

const at = (name: string) => ({ path: { [name]: own[name] ?? '' } });
const cash = (amountCents: number) => ({ type: 'cash_check', amountCents });

/** By code: what leads to it, in this order, in a practice of which everything carries a mark. */
const ways: Readonly<Record<string, () => Promise<readonly [string, Asked]>>> = {
  amount_exceeds_balance: async () => ['addPayment', { ...at('billId'), body: cash(99_999_999) }],
  insufficient_credit: async () => [
    'addPayment',
    { ...at('billId'), body: { type: 'credit_discount', source: 'credit', amountCents: 100 } },
  ],
  paid_at_in_future: async () => [
    'addPayment',
    { ...at('billId'), body: { ...cash(1), paidAt: '2099-01-01T00:00:00Z' } },
  ],
  paid_at_not_allowed: async () => [
    'addPayment',
    { ...at('billId'), body: { ...charge(100), paidAt: '2026-01-01T00:00:00Z' } },
  ],
  amount_below_minimum: async () => ['addPayment', { ...at('billId'), body: charge(10) }],
  bill_has_payments: async () => ['cancelBill', { ...at('billId'), body: {} }],
  version_conflict: async () => ['cancelBill', { ...at('billId'), body: {}, headers: { 'if-match': '"99"' } }],
  adjustment_below_zero: async () => [
    'adjustBill',
    { ...at('billId'), body: { amountCents: -99_999_999, description: 'Canary', reason: 'Canary' } },
  ],
  lines_do_not_add_up: async () => [
    'addInsurancePayment',
    { ...at('billId'), body: { amountCents: 100, lines: [remitted(50, 0)] } },
  ],
  line_below_paid: async () => {
    await mine.make('addInsurancePayment', { ...at('billId'), body: { amountCents: 5000 } });
    return ['addInsurancePayment', { ...at('billId'), body: { amountCents: 0, lines: [remitted(0, 16_500)] } }];
  },
  refund_exceeds_payment: async () => ['refundPayment', { ...at('paymentId'), body: { amountCents: 99_999_999 } }],
  effect_already_decided: async () => ['decideRefundEffect', { ...at('refundId'), body: { effect: 'reduce' } }],
  session_already_billed: async () => ['createBill', { body: billOf(own.billedSessionId) }],
  session_not_billable: async () => ['createBill', { body: billOf(own.sessionId) }],
  too_many_sessions: async () => ['createBill', { body: { clientId: own.clientId, sessions: manySessions } }],
  due_before_issued: async () => ['createBill', { body: { ...billOf(own.unbilledSessionId), dueOn: '2020-01-01' } }],
  client_portion_not_allowed: async () => ['createBill', { body: billOf(own.unbilledSessionId, 100, 'self_pay') }],
  client_portion_exceeds_amount: async () => [
    'createBill',
    { body: billOf(own.unbilledSessionId, 16_501, 'insurance') },
  ],
  session_state: async () => ['waiveSession', at('sessionId')],
  no_insurer_portion: async () => {
    const { billId } = await mine.make('createBill', {
      body: { ...billOf(own.unbilledSessionId), responsibility: 'self_pay' },
    });
    own = { ...own, selfPayId: billId };
    return ['addInsurancePayment', { path: { billId }, body: { amountCents: 100 } }];
  },
  external_payer: async () => {
    const sessionId = await mine.session(own.clientId ?? '');
    const body = { ...billOf(sessionId), responsibility: 'external', payerId: mine.practice.platform.payerId };
    const { billId } = await mine.make('createBill', { body });
    return ['shareBill', { path: { billId }, body: {} }];
  },
  share_already_sent: async () => {
    const path = { billId: own.selfPayId ?? '' };
    await mine.make('shareBill', { path, body: { channel: 'portal' } });
    return ['withdrawShare', { path }];
  },
  email_not_allowed: async () => {
    await mine.make('changeClient', { ...at('clientId'), body: { emailAllowed: false } });
    return ['shareBill', { path: { billId: own.selfPayId ?? '' }, body: {} }];
  },
  no_recipient_email: async () => {
    await mine.make('changeClient', { ...at('clientId'), body: { email: null } });
    return ['shareBill', { path: { billId: own.selfPayId ?? '' }, body: {} }];
  },
  no_eligible_services: async () => ['createSuperbill', { ...at('clientId'), body: { ...january, to: '2026-01-01' } }],
  document_superseded: async () => {
    await mine.make('createStatement', { ...at('clientId'), body: january });
    return ['shareStatement', { path: { ...at('clientId').path, ...at('statementId').path }, body: {} }];
  },
  document_out_of_date: async () => {
    await mine.make('addPayment', { ...at('billId'), body: cash(100) });
    return ['shareSuperbill', { path: { ...at('clientId').path, ...at('superbillId').path }, body: {} }];
  },
  provider_not_chosen: async () => {
    const { practitionerId = '', supervisorId } = own;
    await mine.make('changeMember', { path: { memberId: practitionerId }, body: { supervisorId } });
    return ['createSuperbill', { ...at('clientId'), body: january }];
  },
  second_factor_required: async () => ['getGuestBillPdf', { caller: { ...guest(own.billId), verified: false } }],
  autopay_off: async () => {
    const body = { consentTextVersion: 'autopay-card-1.en' };
    return ['setUpGuestCard', { caller: guest(own.billId), body }];
  },
  bill_not_found: async () => ['lookupBill', { body: { number: 'CANARY-1', accessCode: '123456' } }],
  too_many_requests: async () => {
    const body = { number: 'CANARY-2', accessCode: '123456' };
    for (let tries = 0; tries < 10; tries += 1) await askRow(rowOf('lookupBill'), { body });
    return ['lookupBill', { body }];
  },
  bill_already_paid: async () => {
    await mine.make('addPayment', { path: { billId: own.selfPayId ?? '' }, body: cash(16_500) });
    return ['createGuestCheckout', { caller: guest(own.selfPayId), body: {} }];
  },
  no_card: async () => {
    for (const cardId of [own.cardId, own.spareCardId])
      await mine.make('removeCard', { path: { cardId: cardId ?? '' } });
    return ['addPayment', { ...at('billId'), body: { type: 'card', collect: 'stripe', amountCents: 100 } }];
  },
  autopay_balance_unconfirmed: async () => ['putClientBillingSettings', { ...at('clientId'), body: autopayOn }],
  client_has_balance: async () => ['changeClient', { ...at('clientId'), body: { status: 'archived' } }],
  client_archived: async () => {
    const { clientId } = await mine.make('createClient', { body: { firstName: 'Canary', lastName: 'Gone' } });
    await mine.make('changeClient', { path: { clientId }, body: { status: 'archived' } });
    const { practitionerId, serviceId } = own;
    const body = { clientId, practitionerId, startsAt: '2026-01-05T15:00:00Z', services: [{ serviceId }] };
    return ['createSession', { body }];
  },
  last_billing_admin: async () => ['deactivateMember', { path: { memberId: mine.practice.admin.memberId } }],
  already_exists: async () => {
    const body = { firstName: 'Canary', lastName: 'Twice', externalId: 'Canary 7' };
    await mine.make('createClient', { body });
    return ['createClient', { body }];
  },
  bill_cancelled: async () => {
    await mine.make('cancelBill', { path: { billId: own.freshBillId ?? '' }, body: { reason: 'Canary' } });
    return ['cancelBill', { path: { billId: own.freshBillId ?? '' }, body: {} }];
  },
  not_found: async () => ['getBill', { path: { billId: 'bill_01KAB3N5R8W2E7T4Y9V6M1C0XQ' } }],
};

const january = { from: '2026-01-01', to: '2026-01-31' };
const charge = (amountCents: number) => ({ type: 'card', collect: 'stripe', cardId: own.cardId, amountCents });
const remitted = (paidCents: number, clientOwesCents: number) => ({
  lineId: own.lineId,
  paidCents,
  writeOffCents: 0,
  clientOwesCents,
});
const billOf = (sessionId: string | undefined, copayCents?: number, responsibility?: string) => ({
  clientId: own.clientId,
  sessions: [
    { sessionId, ...(copayCents === undefined ? {} : { clientPortion: { kind: 'copay', amountCents: copayCents } }) },
  ],
  ...(responsibility === undefined ? {} : { responsibility }),
});
const manySessions = Array.from({ length: 91 }, (_, index) => ({
  sessionId: `ses_01KAB3N5R8W2E7T4Y9V6M1C${String(index).padStart(3, '0')}`,
}));
const guest = (billId: string | undefined) => guestOf(mine.practice, billId ?? '');
const autopayOn = {
  responsibility: 'self_pay',
  createBills: 'inherit',
  autoShare: { bills: 'inherit', superbills: 'inherit', statements: 'inherit' },
  autopay: true,
  autopayLimitCents: null,
  createSuperbills: false,
  quiet: false,
};

describe('the facts of a refusal are ids, cents and dates, never what a person typed (clarification 45)', () => {
  test.each(Object.entries(ways))('%s', async (code, way) => {
    const [operation, asked] = await way();
    const key = `key that leads to ${code}`;
    const answer = await askRow(rowOf(operation), { caller: mine.practice.admin, key, ...asked });
    expect([answer.body.code, answer.status]).toEqual([code, answer.body.status]);
    expect(leakIn(answer, /canary/i)).toBeUndefined();
  });

  /** Told of a request's form, whose facts name no record: the other tests of this folder look at them. */
  const ofForm = [
    'bad_signature',
    'body_too_large',
    'forbidden',
    'idempotency_key_required',
    'idempotency_key_reused',
    'invalid_input',
    'malformed_json',
    'unauthenticated',
    'unsupported_media_type',
  ];
  /** Takes Stripe, a mail that came back, a code that only a mail tells, a race, or a great many records: the tests of those operations lead there. */
  const ofOthers = [
    'already_attached',
    'attempt_not_in_doubt',
    'authentication_required',
    'busy',
    'card_declined',
    'card_expired',
    'default_card',
    'dependency_down',
    'email_suppressed',
    'last_card',
    'payment_disputed',
    'payment_in_progress',
    'refund_found_in_stripe',
    'request_in_progress',
    'sign_in_refused',
    'stripe_connected',
    'stripe_not_connected',
    'stripe_refused',
    'too_much_at_once',
  ];

  test('no code of the catalogue is forgotten', () => {
    expect([...Object.keys(ways), ...ofForm, ...ofOthers].sort()).toEqual(Object.keys(catalogue).sort());
  });
});
