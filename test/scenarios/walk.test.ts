import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cancelBillRow, createBillRow, getBillHistoryRow, listBillsRow } from '../../shared/operations/bills';
import { listServicesRow } from '../../shared/operations/catalogue';
import { listClientsRow } from '../../shared/operations/clients';
import { listDocumentsRow } from '../../shared/operations/documents';
import { confirmGuestCheckoutRow, createGuestCheckoutRow, lookupBillRow } from '../../shared/operations/guest';
import { createImportRow, getImportRow } from '../../shared/operations/imports';
import { addPaymentRow, refundPaymentRow } from '../../shared/operations/payments';
import { listPendingRow } from '../../shared/operations/pending';
import { shareBillRow } from '../../shared/operations/shares';
import { createSuperbillRow } from '../../shared/operations/superbills';
import { logoBytes, logoFrom } from '../fixtures/logos';
import { ApiCaller, codeOf, factsOf } from '../fixtures/overHttp';
import { RunningPractice } from '../fixtures/runningPractice';

/** The main job, step after step, over HTTP against what infra declares; each step is a test named after its promise. */
jest.setTimeout(120_000);
let practice: RunningPractice;

beforeAll(async () => {
  practice = await RunningPractice.openDemo();
  kept.clientId = await practice.client();
});
afterAll(() => practice?.close());

/** What one step leaves for the next. */
const kept = { clientId: '', billId: '', guestToken: '' };

const bill = () => practice.see(kept.billId);
async function payment(type: string) {
  const found = (await bill()).payments.find(known => known.type === type);
  if (!found) throw new Error(`nothing was paid by ${type}`);
  return found;
}
async function documents(kind: 'session' | 'bill') {
  const { items } = await practice.admin.do(listDocumentsRow, { path: { clientId: kept.clientId } });
  return items.filter(known => known.kind === kind);
}

test('three sessions imported from CSV are pending, and sending the file again changes nothing (R7, R8)', async () => {
  const rows = [1, 2, 3].map(
    n => `walk-${n},${kept.clientId},ana@oak.example.com,2026-11-0${n}T09:00,completed,90837:1:150.00`,
  );
  const text = ['externalId,clientId,practitionerEmail,startsAt,status,services', ...rows].join('\n');
  const send = async () => {
    const { importId } = await practice.admin.do(createImportRow, { query: { kind: 'sessions' }, text });
    await practice.cloud.advance({ minutes: 2 });
    return practice.admin.do(getImportRow, { path: { importId } });
  };
  expect(await send()).toMatchObject({ status: 'done', created: 3, failed: 0 });
  expect(await send()).toMatchObject({ status: 'done', created: 0, unchanged: 3 });
  const { items } = await practice.admin.do(listPendingRow, { query: { limit: '100' } });
  const pending = items.filter(({ clientId }) => clientId === kept.clientId);
  expect(pending).toEqual([expect.objectContaining({ sumCents: 45000 })]);
  const ids = pending.flatMap(({ sessions }) => sessions.map(({ sessionId }) => sessionId));
  expect((await documents('session')).map(({ id }) => id).sort()).toEqual(ids.sort());
});

test('two of them are billed with an edited service and price, a product, a comment and a due date; the third stays pending (R9, R10, R12, R13, R15, R16, R17)', async () => {
  const [first, second] = await documents('session');
  const productId = await practice.product(2500);
  const edited = { code: '90834', description: 'Individual therapy, 45 minutes', units: 1, unitPriceCents: 14000 };
  const body = {
    clientId: kept.clientId,
    sessions: [{ sessionId: first?.id, lines: [edited] }, { sessionId: second?.id }],
    products: [{ productId, quantity: 1 }],
    comments: 'See you next week.',
    dueOn: '2026-12-01',
  };
  const made = await practice.admin.do(createBillRow, { body });
  kept.billId = made.billId;
  expect(made).toMatchObject({
    status: 'open',
    totalCents: 31500,
    comments: 'See you next week.',
    dueOn: '2026-12-01',
  });
  expect(made.lines[0]).toMatchObject({ ...edited, amountCents: 14000 });
  const { items } = await practice.admin.do(listServicesRow);
  expect(items).toContainEqual(expect.objectContaining({ code: '90837', priceCents: 16500 }));
  expect(items.map(({ code }) => code)).not.toContain('90834');
  expect(await documents('session')).toHaveLength(1);
  const again = await practice.admin.ask(createBillRow, { body: { ...body, sessions: [{ sessionId: first?.id }] } });
  expect([again.status, codeOf(again), factsOf(again)]).toEqual([
    409,
    'session_already_billed',
    { sessions: [first?.id] },
  ]);
});

test('sharing sends one mail with link, number, code and PDF, and nothing clinical; bill and lists say that it is shared (R27, R28, R29, R30, R32)', async () => {
  const { bill: scheduled } = await practice.admin.do(shareBillRow, {
    path: { billId: kept.billId },
    body: { includePdf: true },
  });
  expect(scheduled.sharing).toMatchObject({ status: 'scheduled', scheduledAt: expect.any(String) });
  await practice.cloud.advance({ minutes: 2 });
  const [mail, ...others] = (await practice.cloud.mail()).filter(({ to }) => to.join().includes('wanda@example.com'));
  expect(others).toEqual([]);
  const { number, accessCode, sharing } = await bill();
  expect(sharing).toMatchObject({ status: 'shared', delivery: 'delivered' });
  const listed = await practice.admin.do(listBillsRow, { query: { clientId: kept.clientId } });
  const tab = await documents('bill');
  expect([listed.items, tab].map(([found]) => found?.sharing?.status)).toEqual(['shared', 'shared']);
  const history = await practice.admin.do(getBillHistoryRow, { path: { billId: kept.billId } });
  expect(history.items.filter(({ action }) => action === 'bill_shared')).toHaveLength(1);
  expect(mail?.attachments).toEqual([expect.objectContaining({ contentType: 'application/pdf' })]);
  expect(mail?.text).toContain(number);
  expect(mail?.text.replaceAll(/\s/g, '')).toContain(accessCode);
  expect(`${mail?.subject} ${mail?.text} ${mail?.html}`).not.toMatch(/9083|therapy, |Individual/);
  const linkToken = /#t=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  const opened = await practice.anybody.do(lookupBillRow, { body: { linkToken } });
  expect(opened.bill).toMatchObject({ number, clientBalanceCents: 31500 });
  kept.guestToken = opened.token;
});

test('number and access code open the bill as well, and a wrong pair is the same 404 for all', async () => {
  const { number, accessCode } = await bill();
  const right = await practice.anybody.ask(lookupBillRow, { body: { number: number.toLowerCase(), accessCode } });
  expect(right.status).toBe(200);
  const other = accessCode === '000000' ? '000001' : '000000';
  const wrong = await practice.anybody.ask(lookupBillRow, { body: { number, accessCode: other } });
  const unknown = await practice.anybody.ask(lookupBillRow, { body: { number: 'OAK-999999', accessCode: other } });
  const { requestId: _, ...said } = unknown.body;
  expect([wrong.status, codeOf(wrong)]).toEqual([404, 'bill_not_found']);
  expect(wrong.body).toMatchObject(said);
});

test('part is paid in cash, back-dated; the rest by card on the hosted page, seen at once; only the card leads to Stripe (R39, R44, R51, R53, R54, R55)', async () => {
  const cash = { type: 'cash_check', amountCents: 10000, paidAt: '2026-11-10T10:00:00Z' };
  const taken = await practice.pay(kept.billId, cash);
  expect([taken.payment.paidAt, taken.bill.clientBalanceCents]).toEqual(['2026-11-10T10:00:00.000Z', 21500]);
  const guest = new ApiCaller(practice.cloud.urls.api, kept.guestToken);
  const page = await guest.do(createGuestCheckoutRow, { body: {} });
  expect(await guest.do(createGuestCheckoutRow, { body: {} })).toEqual(page);
  const back = await practice.payOnPage(page.url);
  const checkoutId = decodeURIComponent(back.split('#c=')[1] ?? '');
  const confirmed = await guest.do(confirmGuestCheckoutRow, { body: { checkoutId } });
  expect(confirmed).toMatchObject({ payment: { status: 'succeeded', amountCents: 21500 }, bill: { status: 'paid' } });
  await practice.cloud.settle();
  const after = await bill();
  expect([after.status, after.payments.length]).toEqual(['paid', 2]);
  const { stripe } = await payment('card');
  expect(stripe?.dashboardUrl).toBe(`https://dashboard.stripe.com/test/payments/${stripe?.paymentIntentId}`);
  expect((await payment('cash_check')).stripe).toBeUndefined();
});

test('a partial refund made in Stripe’s dashboard appears on the bill by itself, and AutoPay is held (R62)', async () => {
  const { stripe } = await payment('card');
  await practice.refundInDashboard(stripe?.paymentIntentId ?? '', 3000);
  expect(await bill()).toMatchObject({ status: 'partially_paid', clientBalanceCents: 3000, autopay: { held: true } });
  expect((await payment('card')).refunds).toEqual([expect.objectContaining({ amountCents: 3000, origin: 'stripe' })]);
});

test('the rest is refunded here, every payment by itself; then the bill is cancelled and its sessions are pending (R56, R57, R58, R59, R60)', async () => {
  const [card, cash] = [await payment('card'), await payment('cash_check')];
  const path = { billId: kept.billId };
  const early = await practice.admin.ask(cancelBillRow, { path, body: {} });
  const standing = [
    { paymentId: cash.paymentId, appliedCents: 10000 },
    { paymentId: card.paymentId, appliedCents: 18500 },
  ];
  expect([early.status, codeOf(early), factsOf(early)]).toEqual([409, 'bill_has_payments', { payments: standing }]);
  const refund = { path: { paymentId: card.paymentId }, body: { reason: 'Client moved away' } };
  const rest = await practice.admin.do(refundPaymentRow, refund);
  expect([rest.refund.amountCents, rest.payment.status, rest.bill?.clientBalanceCents]).toEqual([
    18500,
    'refunded',
    21500,
  ]);
  const ofCash = { path: { paymentId: cash.paymentId } };
  const tooMuch = await practice.admin.ask(refundPaymentRow, { ...ofCash, body: { amountCents: 10001 } });
  expect([tooMuch.status, factsOf(tooMuch)]).toEqual([409, { refundableCents: 10000 }]);
  const last = await practice.admin.do(refundPaymentRow, { ...ofCash, body: { reason: 'Client moved away' } });
  expect(last.bill).toMatchObject({ status: 'open', clientBalanceCents: 31500 });
  const cancelled = await practice.admin.do(cancelBillRow, { path, body: { reason: 'Client moved away' } });
  expect(cancelled.status).toBe('cancelled');
  expect(await documents('session')).toHaveLength(3);
});

test('a full refund that somebody made in Stripe, and of which nobody told, is only marked when it is asked for here (R61)', async () => {
  const { billId } = await practice.bill(kept.clientId, 12000);
  const { url } = await practice.payPage(billId);
  await practice.payOnPage(url);
  await practice.cloud.settle();
  const [paid] = (await practice.see(billId)).payments;
  await practice.atStripe('webhooks', { drop: true });
  await practice.refundInDashboard(paid?.stripe?.paymentIntentId ?? '', 12000);
  expect((await practice.see(billId)).status).toBe('paid');
  const refund = { path: { paymentId: paid?.paymentId ?? '' }, body: { amountCents: 12000 } };
  const marked = await practice.admin.do(refundPaymentRow, refund);
  await practice.atStripe('webhooks', { drop: false });
  expect(marked).toMatchObject({
    foundInStripe: { amountCents: 12000 },
    payment: { status: 'refunded', refunds: [{ origin: 'stripe' }] },
    bill: { status: 'open', clientBalanceCents: 12000 },
  });
  expect(practice.refundsSent(paid?.paymentId ?? '')).toBe(0);
});

test('a payment needs no sharing first; one above the balance is refused with it (R36, R37, R38)', async () => {
  const { billId } = await practice.bill(kept.clientId, 9000);
  const { bill: after } = await practice.pay(billId, { type: 'cash_check', amountCents: 4000 });
  expect([after.sharing.status, after.status]).toEqual(['not_shared', 'partially_paid']);
  const { items } = await practice.admin.do(listBillsRow, { query: { section: 'open' } });
  const tab = await documents('bill');
  const seen = [
    items.find(known => known.billId === billId)?.clientBalanceCents,
    tab.find(({ id }) => id === billId)?.balanceCents,
  ];
  expect(seen).toEqual([5000, 5000]);
  const more = await practice.admin.ask(addPaymentRow, {
    path: { billId },
    body: { type: 'cash_check', amountCents: 5001 },
  });
  expect([more.status, codeOf(more), factsOf(more)]).toEqual([
    409,
    'amount_exceeds_balance',
    { clientBalanceCents: 5000 },
  ]);
});

test('a superbill of the demo’s insured client names diagnoses on every line', async () => {
  const { items } = await practice.admin.do(listClientsRow, { query: { query: 'Díaz' } });
  const clientId = items[0]?.clientId ?? '';
  const body = { from: '2026-09-01', to: '2026-11-20' };
  const { lines } = await practice.admin.do(createSuperbillRow, { path: { clientId }, body });
  expect(lines.map(({ diagnoses }) => diagnoses)).toEqual([
    ['F41.1', 'Z63.0'],
    ['F41.1', 'Z63.0'],
  ]);
});

test('a logo is set by an admin, fetched by every member with its own type and bytes, and taken off again', async () => {
  const bytes = logoBytes('tall.jpg');
  // Kept without what a camera or an editor wrote beside the picture.
  const cleaned = logoFrom('tall.jpg', 'image/jpeg').bytes;
  const logo = async (method: string, type?: string, who = 'admin') => {
    const authorization = `Bearer ${await practice.cloud.token(`${who}@oak.example.com`)}`;
    const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
    const sent = type === undefined ? {} : { body: new Uint8Array(bytes) };
    return fetch(`${practice.cloud.urls.api}/practice/logo`, { method, headers, ...sent });
  };
  const refused = [await logo('PUT', 'text/plain'), await logo('PUT', 'image/jpeg', 'ana'), await logo('GET')];
  expect(refused.map(({ status }) => status)).toEqual([415, 403, 404]);
  const put = await logo('PUT', 'image/jpeg');
  expect([put.status, await put.json()]).toMatchObject([200, { logo: { contentType: 'image/jpeg' } }]);
  const fetched = await logo('GET', undefined, 'ana');
  expect([fetched.status, fetched.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(Buffer.from(await fetched.arrayBuffer()).equals(cleaned)).toBe(true);
  expect([(await logo('DELETE')).status, (await logo('GET')).status]).toEqual([204, 404]);
});

/** The long run of the tests pastes them twice. */
const pastes = process.env.FULL ? 2 : 1;

test('the lines of the README walk all of it in a shell, however often they are pasted', async () => {
  const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8');
  const [, written = ''] = /^## The main job in ten lines$[^`]*`[\s\S]*?```sh\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const lines = written.replaceAll('http://127.0.0.1:4000', new URL(practice.cloud.urls.portal).origin);
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', lines.repeat(pastes)]);
  expect(stderr).toBe('');
  const link = String.raw`http://127\.0\.0\.1:\d+/pay#t=v1\.share_\S+`;
  const mail = [
    link,
    String.raw`Bill number: OAK-\d+`,
    String.raw`Access code: \d{3} \d{3}`,
    String.raw`Bill OAK-\d+\.pdf`,
  ];
  const told = [
    ...['queued', '45000 pending', 'open 31500', '15000 pending', 'scheduled', ...mail, 'partially_paid 21500'],
    String.raw`paid, https://dashboard\.stripe\.com/test/payments/pi_\w+`,
    ...['partially_paid 3000, AutoPay held: true', 'refunded 10000', 'refunded 18500', 'cancelled', '45000 pending'],
  ].join(String.raw`\n[\s\S]*?`);
  expect(stdout).toMatch(new RegExp(`^(${told}\n){${pastes}}$`));
});
