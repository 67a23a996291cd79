import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../local/cloud/cloud';
import { startCloud } from '../../local/cloud/startCloud';

/** The main job, step after step, over HTTP against what infra declares; each step is a test named after its promise. */
let cloud: Cloud;
let token: string;

beforeAll(async () => {
  cloud = await startCloud({ port: 0, seed: 'demo', clock: '2026-11-20T15:00:00Z' });
  token = await cloud.token('admin@oak.example.com');
}, 120_000);
afterAll(async () => cloud?.close());

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly body: Json;
}

async function call(
  method: string,
  path: string,
  body?: object | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${cloud.urls.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': randomUUID(),
      ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
}

const guest = (path: string, body: object, bearer?: string): Promise<Answer> =>
  call('POST', path, body, bearer ? { authorization: `Bearer ${bearer}` } : { authorization: '' });

const bill = async (): Promise<Json> => (await call('GET', `/bills/${kept.billId}`)).body;
const paymentOf = (of: Json, type: string): Json =>
  (of.payments as Json[]).find(payment => payment.type === type) ?? {};
const sessionsOf = async (): Promise<Json[]> => {
  const { body } = await call('GET', `/clients/${kept.clientId}/documents`);
  return (body.items as Json[]).filter(item => item.kind === 'session');
};

/** What one step leaves for the next. */
const kept = { clientId: '', billId: '', guestToken: '' };

test('three sessions imported from CSV are pending, and sending the file again changes nothing (R6, R7, R8)', async () => {
  const client = await call('POST', '/clients', { firstName: 'Wanda', lastName: 'Walker', email: 'wanda@example.com' });
  kept.clientId = String(client.body.clientId);
  const rows = [1, 2, 3].map(
    n => `walk-${n},${kept.clientId},ana@oak.example.com,2026-11-0${n}T09:00,completed,90837:1:150.00`,
  );
  const csv = ['externalId,clientId,practitionerEmail,startsAt,status,services', ...rows].join('\n');
  const send = async (): Promise<Json> => {
    const taken = await call('POST', '/imports?kind=sessions', csv, { 'content-type': 'text/csv' });
    expect(taken.status).toBe(202);
    await cloud.advance({ minutes: 2 });
    return (await call('GET', `/imports/${taken.body.importId}`)).body;
  };
  expect(await send()).toMatchObject({ status: 'done', created: 3, failed: 0 });
  expect(await send()).toMatchObject({ status: 'done', created: 0, unchanged: 3 });
  expect(await sessionsOf()).toHaveLength(3);
  const { body } = await call('GET', '/billing/pending?limit=100');
  const [entry] = (body.items as Json[]).filter(item => item.clientId === kept.clientId);
  expect(entry).toMatchObject({ sumCents: 45000 });
});

test('two of them are billed with an edited price and a product; the third stays pending (R9, R10, R13, R15, R17)', async () => {
  const [first, second] = await sessionsOf();
  const { body } = await call('GET', '/products');
  const [product] = body.items as Json[];
  const made = await call('POST', '/bills', {
    clientId: kept.clientId,
    sessions: [
      {
        sessionId: first?.id,
        lines: [{ code: '90837', description: 'Individual therapy', units: 1, unitPriceCents: 14000 }],
      },
      { sessionId: second?.id },
    ],
    products: [{ productId: product?.productId, quantity: 1 }],
    comments: 'See you next week.',
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    status: 'open',
    totalCents: 31500,
    clientBalanceCents: 31500,
    comments: 'See you next week.',
  });
  kept.billId = String(made.body.billId);
  expect(await sessionsOf()).toHaveLength(1);
  const again = await call('POST', '/bills', { clientId: kept.clientId, sessions: [{ sessionId: first?.id }] });
  expect([again.status, again.body.code]).toEqual([409, 'session_already_billed']);
});

test('sharing sends one mail with link, number, code and PDF, and nothing clinical (R27 to R29, R32)', async () => {
  const shared = await call('POST', `/bills/${kept.billId}/share`, { includePdf: true });
  expect([shared.status, (shared.body.bill as Json).sharing]).toEqual([
    202,
    expect.objectContaining({ status: 'scheduled' }),
  ]);
  await cloud.advance({ minutes: 2 });
  const mails = (await cloud.mail()).filter(({ to }) => to.join().includes('wanda@example.com'));
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  const { number, accessCode, sharing } = await bill();
  expect(sharing).toMatchObject({ status: 'shared', delivery: 'delivered' });
  expect(mail?.attachments).toEqual([expect.objectContaining({ contentType: 'application/pdf' })]);
  expect(mail?.text).toContain(String(number));
  expect(mail?.text.replaceAll(/\s/g, '')).toContain(String(accessCode));
  expect(`${mail?.subject} ${mail?.text} ${mail?.html}`).not.toMatch(/90837|therapy, 60|Individual/);
  const link = /#t=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  const opened = await guest('/guest/bills/lookup', { linkToken: link });
  expect([opened.status, (opened.body.bill as Json).clientBalanceCents]).toEqual([200, 31500]);
  kept.guestToken = String(opened.body.token);
});

test('number and access code open the bill as well, and a wrong pair is the same 404 for all (R65 of the domain)', async () => {
  const { number, accessCode } = await bill();
  const right = await guest('/guest/bills/lookup', { number: String(number).toLowerCase(), accessCode });
  expect(right.status).toBe(200);
  const other = accessCode === '000000' ? '000001' : '000000';
  const wrong = await guest('/guest/bills/lookup', { number, accessCode: other });
  const unknown = await guest('/guest/bills/lookup', { number: 'OAK-999999', accessCode: other });
  expect([wrong.status, wrong.body.code]).toEqual([404, 'bill_not_found']);
  expect([unknown.status, unknown.body.code]).toEqual([404, 'bill_not_found']);
});

test('part is paid in cash, back-dated; the rest by card on the hosted page, seen at once (R36, R39, R44, R51, R53, R54, R55)', async () => {
  const cash = await call('POST', `/bills/${kept.billId}/payments`, {
    type: 'cash_check',
    amountCents: 10000,
    paidAt: '2026-11-10T10:00:00Z',
  });
  expect([cash.status, (cash.body.bill as Json).clientBalanceCents]).toEqual([201, 21500]);
  const page = await guest('/guest/bill/checkout', {}, kept.guestToken);
  const same = await guest('/guest/bill/checkout', {}, kept.guestToken);
  expect(same.body.url).toBe(page.body.url);
  const form = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 34', cvc: '123', name: 'W Walker' });
  const paid = await fetch(String(page.body.url), { method: 'POST', body: form, redirect: 'manual' });
  const checkoutId = decodeURIComponent((paid.headers.get('location') ?? '').split('#c=')[1] ?? '');
  const confirmed = await guest('/guest/bill/checkout/confirm', { checkoutId }, kept.guestToken);
  expect(confirmed.body).toMatchObject({
    payment: { status: 'succeeded', amountCents: 21500 },
    bill: { status: 'paid' },
  });
  await cloud.settle();
  const after = await bill();
  expect([after.status, (after.payments as Json[]).length]).toEqual(['paid', 2]);
  const { stripe } = paymentOf(after, 'card') as { stripe: { paymentIntentId: string; dashboardUrl: string } };
  expect(stripe.dashboardUrl).toBe(`https://dashboard.stripe.com/test/payments/${stripe.paymentIntentId}`);
});

test('a partial refund made in Stripe’s dashboard appears on the bill by itself, and AutoPay is held (R62)', async () => {
  const { stripe } = paymentOf(await bill(), 'card') as { stripe: { paymentIntentId: string } };
  await fetch(`${cloud.urls.stripe}/_stand-in/refunds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payment_intent: stripe.paymentIntentId, amount: 3000 }),
  });
  await cloud.settle();
  const after = await bill();
  expect(after).toMatchObject({ status: 'partially_paid', clientBalanceCents: 3000, autopay: { held: true } });
  expect(paymentOf(after, 'card').refunds).toEqual([expect.objectContaining({ amountCents: 3000, origin: 'stripe' })]);
});

test('the rest is refunded here, Stripe saw exactly both; then the bill is cancelled and its sessions are pending (R56 to R61)', async () => {
  const before = await bill();
  const early = await call('POST', `/bills/${kept.billId}/cancel`, {});
  expect([early.status, early.body.code]).toEqual([409, 'bill_has_payments']);
  const rest = await call('POST', `/payments/${paymentOf(before, 'card').paymentId}/refunds`, {
    reason: 'Client moved away',
  });
  expect([rest.status, (rest.body.refund as Json).amountCents]).toEqual([201, 18500]);
  const tooMuch = await call('POST', `/payments/${paymentOf(before, 'cash_check').paymentId}/refunds`, {
    amountCents: 10001,
  });
  expect([tooMuch.status, tooMuch.body.code]).toEqual([409, 'refund_exceeds_payment']);
  await call('POST', `/payments/${paymentOf(before, 'cash_check').paymentId}/refunds`, { reason: 'Client moved away' });
  const cancelled = await call('POST', `/bills/${kept.billId}/cancel`, { reason: 'Client moved away' });
  expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
  expect(await sessionsOf()).toHaveLength(3);
});

test('twenty payments of 40 on a bill of 150 at once: exactly three are taken, the others get the facts (R53)', async () => {
  const [session] = await sessionsOf();
  const made = await call('POST', '/bills', { clientId: kept.clientId, sessions: [{ sessionId: session?.id }] });
  const path = `/bills/${made.body.billId}/payments`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call('POST', path, { type: 'cash_check', amountCents: 4000 })),
  );
  const refused = answers.filter(({ status }) => status === 409);
  expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([3, 17]);
  for (const { body } of refused)
    expect(body).toMatchObject({ code: 'amount_exceeds_balance', clientBalanceCents: 3000 });
});

test('a repeat with the same key is answered alike and pays once; the same key with another body is refused', async () => {
  const { body } = await call('GET', '/bills?section=open');
  const open = (body.items as Json[]).find(item => Number(item.clientBalanceCents) > 500);
  const path = `/bills/${open?.billId}/payments`;
  const key = { 'idempotency-key': 'the very same key' };
  const first = await call('POST', path, { type: 'cash_check', amountCents: 100 }, key);
  const second = await call('POST', path, { type: 'cash_check', amountCents: 100 }, key);
  const other = await call('POST', path, { type: 'cash_check', amountCents: 200 }, key);
  expect([first.status, second.status, other.status, other.body.code]).toEqual([
    201,
    201,
    422,
    'idempotency_key_reused',
  ]);
  expect((second.body.payment as Json).paymentId).toBe((first.body.payment as Json).paymentId);
});
