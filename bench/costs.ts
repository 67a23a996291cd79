import { randomUUID } from 'node:crypto';
import type { Cloud } from '../local/cloud/cloud';
import type { CountedRequest } from '../local/cloud/requestCounter';
import { type Json, Office, partOf, signedEvent, textIn } from './office';

/** What an operation asks of DynamoDB: its requests by kind (`Query 1, TransactWriteItems 1`), and the write units of all. */
export interface Cost {
  readonly requests: string;
  readonly writeUnits: number;
}

/**
 * The life of bills, metered step by step over HTTP on real items: what `test/scenarios/budgets.test.ts` gates and what
 * `npm run bench` prints. A step counts only the functions that it names, so that a sweep in between disturbs nothing.
 */
export async function measureCosts(cloud: Cloud): Promise<Readonly<Record<string, Cost>>> {
  const meter = new Meter(cloud);
  const office = await Office.open(cloud, 'JUN');
  const desk: Desk = { office, meter, serviceId: await office.service() };
  await readsAndPayments(desk);
  await creations(desk);
  await credits(desk);
  await insurers(desk);
  await cancels(desk);
  await shares(desk);
  // Its receipts would go out with the share.
  await cards(desk);
  return meter.costs;
}

interface Desk {
  readonly office: Office;
  readonly meter: Meter;
  readonly serviceId: string;
}

class Meter {
  readonly costs: Record<string, Cost> = {};

  constructor(private readonly cloud: Cloud) {}

  step<T>(name: string, by: string, act: () => Promise<T>): Promise<T> {
    return this.steps({ [name]: by }, act);
  }

  /** What several functions make of one act, each under a name of its own. */
  async steps<T>(byName: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
    await this.cloud.settle();
    this.cloud.startCounting();
    const result = await act();
    await this.cloud.settle();
    const counted = this.cloud.stopCounting();
    for (const [name, by] of Object.entries(byName)) this.costs[name] = costOf(counted.filter(one => one.by === by));
    return result;
  }
}

/** Requests in the order of their names: `GetItem 1, Query 2`. */
export function costOf(counted: readonly CountedRequest[]): Cost {
  const kinds = new Map<string, number>();
  for (const { operation } of counted) kinds.set(operation, (kinds.get(operation) ?? 0) + 1);
  return {
    requests: [...kinds]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, times]) => `${kind} ${times}`)
      .join(', '),
    writeUnits: counted.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
  };
}

/** Sessions of a client of their own, so that no step finds what another left. */
async function pending({ office, serviceId }: Desk, howMany: number) {
  const clientId = await office.client();
  return {
    clientId,
    sessions: (await office.sessions({ clientId, serviceId }, howMany)).map(sessionId => ({ sessionId })),
  };
}

async function newBill(desk: Desk, howMany = 1, more: Json = {}): Promise<{ billId: string; clientId: string }> {
  const wanted = await pending(desk, howMany);
  return {
    billId: textIn(await desk.office.post('/bills', { ...wanted, ...more }), 'billId'),
    clientId: wanted.clientId,
  };
}

const cash = (amountCents: number): Json => ({ type: 'cash_check', amountCents });
const paymentIn = (answer: Json): string => textIn(partOf(answer, 'payment'), 'paymentId');

async function readsAndPayments(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const wanted = await pending(desk, 1);
  const billId = textIn(
    await meter.step('create, 1 session', 'createBill', () => office.post('/bills', wanted)),
    'billId',
  );
  const pay = (name: string, body: Json, on = billId) =>
    meter.step(`payment, ${name}`, 'addPayment', () => office.post(`/bills/${on}/payments`, body));
  await meter.step('read a bill', 'getBill', () => office.get(`/bills/${billId}`));
  await meter.step('history of a bill', 'getBillHistory', () => office.get(`/bills/${billId}/history`));
  const first = paymentIn(await pay('open to partly paid', cash(5000)));
  await pay('partly paid to partly paid', cash(5000));
  await pay('partly paid to paid', cash(6500));
  const refund = (name: string, paymentId: string, body: Json) =>
    meter.step(`refund offline, ${name}`, 'refundPayment', () => office.post(`/payments/${paymentId}/refunds`, body));
  await refund('paid to partly paid', first, { amountCents: 2000, reason: 'Session was shorter' });
  await refund('partly paid to partly paid', first, { reason: 'Session was shorter' });
  const other = (await newBill(desk)).billId;
  const whole = paymentIn(await pay('open to paid', cash(16500), other));
  await refund('paid to open', whole, { reason: 'Client moved away' });
  const key = { 'idempotency-key': randomUUID() };
  const again = () => office.ask('POST', `/bills/${other}/payments`, cash(100), key);
  await again();
  await meter.step('replay of a payment', 'addPayment', again);
  for (const section of ['open', 'overdue', 'paid', 'cancelled', 'partially_paid', 'needs_attention'])
    await meter.step(`section ${section}`, 'listBills', () => office.get(`/bills?section=${section}`));
  await meter.step('pending', 'listPending', () => office.get('/billing/pending'));
  await meter.step('Documents tab', 'listDocuments', () => office.get(`/clients/${wanted.clientId}/documents`));
  await meter.step('sessions by date', 'listSessions', () => office.get('/sessions'));
  await meter.step('summary of the sections', 'getBillingSummary', () => office.get('/billing/summary'));
}

async function creations(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const create = async (name: string, howMany: number, lines?: readonly Json[]) => {
    const wanted = await pending(desk, howMany);
    const sessions = wanted.sessions.map(session => (lines ? { ...session, lines } : session));
    await meter.step(`create, ${name}`, 'createBill', () => office.post('/bills', { ...wanted, sessions }));
  };
  await create('2 sessions', 2);
  await create('4 sessions', 4);
  const line = { code: '90837', description: 'Individual therapy, 60 minutes', units: 1, unitPriceCents: 16500 };
  await create('1 session, 4 lines', 1, [line, line, line, line]);
}

async function credits(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const { billId, clientId } = await newBill(desk);
  await meter.step('payment, the surplus to credit', 'addPayment', () =>
    office.post(`/bills/${billId}/payments`, { ...cash(26500), overpayment: 'credit' }),
  );
  await meter.step('read a bill that credit touched', 'getBill', () => office.get(`/bills/${billId}`));
  const settings = await office.get('/settings/billing');
  await office.put('/settings/billing', { ...settings, applyCreditAutomatically: false });
  const more = await office.sessions({ clientId, serviceId: desk.serviceId }, 2);
  const [first, second] = more.map(sessionId => ({ clientId, sessions: [{ sessionId }] }));
  const unpaid = textIn(await office.post('/bills', first ?? {}), 'billId');
  const spent = await meter.step('payment, with credit', 'addPayment', () =>
    office.post(`/bills/${unpaid}/payments`, { type: 'credit_discount', source: 'credit', amountCents: 5000 }),
  );
  await meter.step('credit given back', 'refundPayment', () => office.post(`/payments/${paymentIn(spent)}/refunds`));
  await meter.step('payment, discount', 'addPayment', () =>
    office.post(`/bills/${unpaid}/payments`, { type: 'credit_discount', source: 'discount', amountCents: 500 }),
  );
  await office.put('/settings/billing', { ...settings, applyCreditAutomatically: true });
  await meter.step('create, with credit applied', 'createBill', () => office.post('/bills', second ?? {}));
  await meter.step('prepayment', 'addCredit', () =>
    office.post(`/clients/${clientId}/credits`, { amountCents: 15000, reason: 'prepayment', type: 'cash_check' }),
  );
  await office.put('/settings/billing', settings);
}

async function insurers(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const payerId = textIn(await office.post('/payers', { name: 'Evergreen Health', kind: 'insurer' }), 'payerId');
  const wanted = await pending(desk, 1);
  const [session] = wanted.sessions;
  const body = {
    clientId: wanted.clientId,
    sessions: [{ ...session, clientPortion: { kind: 'copay', amountCents: 3000 } }],
    responsibility: 'insurance',
    payerId,
  };
  const made = await meter.step('create, insured', 'createBill', () => office.post('/bills', body));
  const path = `/bills/${textIn(made, 'billId')}`;
  await meter.step('payment, open to awaiting insurance', 'addPayment', () =>
    office.post(`${path}/payments`, cash(3000)),
  );
  await meter.step('section awaiting_insurance', 'listBills', () => office.get('/bills?section=awaiting_insurance'));
  await meter.step('insurer’s payment with write-off', 'addInsurancePayment', () =>
    office.post(`${path}/insurance-payments`, { amountCents: 9000, remainder: 'write_off' }),
  );
}

async function cancels(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  for (const howMany of [1, 2, 4]) {
    const { billId } = await newBill(desk, howMany);
    await meter.step(`cancel, ${howMany} session${howMany > 1 ? 's' : ''}`, 'cancelBill', () =>
      office.post(`/bills/${billId}/cancel`, { reason: 'Made twice' }),
    );
  }
  const { billId } = await newBill(desk);
  await office.post(`/bills/${billId}/payments`, cash(5000));
  await meter.step('cancel, the payment to credit', 'cancelBill', () =>
    office.post(`/bills/${billId}/cancel`, { payments: 'convert_to_credit' }),
  );
}

/** By Stripe: the request itself, and each event of it, which the webhook takes and a worker follows. */
async function cards(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const { billId, clientId } = await newBill(desk);
  await office.card(clientId);
  // Delivered by hand below, one at a time, so that no worker is quicker than the request itself.
  await office.stripe('webhooks', { hold: true });
  const card = { type: 'card', collect: 'stripe', amountCents: 16500 };
  const paid = await meter.step('card payment', 'addPayment', () => office.post(`/bills/${billId}/payments`, card));
  const payment = partOf(paid, 'payment');
  const intent = textIn(partOf(payment, 'stripe'), 'paymentIntentId');
  const event = async (name: string, type: string) => {
    const delivered = await signedEvent(office, type, intent);
    const by = { [`${name}, taken`]: 'receiveStripeEvent', [`${name}, followed`]: 'followStripe' };
    await meter.steps(by, () => office.webhook(delivered));
    return delivered;
  };
  await event('an event of it', 'charge.succeeded');
  const refunds = `/payments/${textIn(payment, 'paymentId')}/refunds`;
  await meter.step('Stripe refund', 'refundPayment', () => office.post(refunds, { amountCents: 2000 }));
  await event('an event of a refund made here', 'charge.refunded');
  await office.stripe('refunds', { payment_intent: intent, amount: 3000 });
  const found = await event('a refund found in Stripe', 'charge.refunded');
  await meter.step('the same event again', 'receiveStripeEvent', () => office.webhook(found));
  await office.stripe('webhooks', { drop: true, hold: false });
}

async function shares(desk: Desk): Promise<void> {
  const { office, meter } = desk;
  const { billId } = await newBill(desk);
  await meter.step('share', 'shareBill', () => office.post(`/bills/${billId}/share`, { includePdf: true }));
  const by = {
    'sending, the lease': 'sweepDueWork',
    'sending, the mail': 'sendDueMail',
    'sending, its delivery': 'receiveEmailFeedback',
  };
  await meter.steps(by, () => office.cloud.advance({ minutes: 1 }));
}
