import { handler as listProducts } from '../../../functions/catalogue/listProducts';
import { handler as listServices } from '../../../functions/catalogue/listServices';
import { handler as listPending } from '../../../functions/pending/listPending';
import { handler as getSession } from '../../../functions/sessions/getSession';
import { listProductsRow, listServicesRow } from '../../../shared/operations/catalogue';
import { listPendingRow } from '../../../shared/operations/pending';
import { getSessionRow } from '../../../shared/operations/sessions';
import { amountsOf, FrontDesk, openedAt, standAt, today, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const therapy = { code: '90837', description: 'Individual therapy', units: 1 };
const sessionOf = async (sessionId: string) => (await oak.ask(getSessionRow, getSession, { path: { sessionId } })).body;
const pendingIds = async (): Promise<string[]> =>
  (await oak.ask(listPendingRow, listPending, { query: { limit: '100' } })).body.items.flatMap(
    (client: { sessions: { sessionId: string }[] }) => client.sessions.map(({ sessionId }) => sessionId),
  );

describe('201', () => {
  it('(R10, R17) the chosen sessions go on the bill and are billed; the others stay pending', async () => {
    const clientId = await oak.client();
    const [first, second, third] = [
      await oak.session(clientId),
      await oak.session(clientId, 4000),
      await oak.session(clientId),
    ];
    const answer = await oak.create({ clientId, sessions: [{ sessionId: first }, { sessionId: second }] });
    expect(answer.status).toBe(201);
    const { body } = answer;
    expect(amountsOf(body)).toBe('T 14000, C 14000/0/14000, open');
    expect(answer.headers.etag).toBe('"1"');
    expect(body).toMatchObject({
      clientId,
      clientName: 'Maya Okafor',
      practitionerIds: [oak.practice.practitioner.memberId],
      responsibility: 'self_pay',
      origin: 'manual',
      issuedOn: today,
      dueOn: '2026-03-24',
      createdAt: openedAt,
      overdue: false,
      version: 1,
      reservedCents: 0,
      discountCents: 0,
      comments: '',
      accessCode: expect.stringMatching(/^\d{6}$/),
      recipient: { kind: 'client', id: clientId, name: 'Maya Okafor', email: 'maya@example.com' },
      sharing: { status: 'not_shared', delivery: 'none' },
      autopay: { held: false, attempts: [], nextAttemptOn: null },
      needsAttention: false,
      payments: [],
      shares: [],
    });
    expect(body.lines.map((line: { sessionId: string; dateOfService: string }) => line.sessionId)).toEqual([
      first,
      second,
    ]);
    expect(body.lines[0]).toMatchObject({ kind: 'service', code: '90837', units: 1, dateOfService: '2026-03-02' });
    expect(await sessionOf(first)).toMatchObject({ billing: 'billed', billId: body.billId });
    expect(await pendingIds()).toContain(third);
    expect(await pendingIds()).not.toContain(first);
    expect(await oak.see(body.billId)).toEqual(body);
    expect(await oak.history(body.billId)).toMatchObject([
      { action: 'bill_issued', actor: { kind: 'staff', id: oak.practice.admin.memberId }, at: openedAt },
    ]);
  });

  it('(R12, R13) services and prices of the bill are its own: session, catalogue and product keep theirs', async () => {
    const clientId = await oak.client();
    const productId = await oak.product(2500);
    const sessionId = await oak.session(clientId);
    const lines = [
      { ...therapy, unitPriceCents: 9000 },
      { description: 'Reading of records', units: 3, unitPriceCents: 1500 },
    ];
    const products = [{ productId, quantity: 2, unitPriceCents: 2000 }];
    const { body } = await oak.create({ clientId, sessions: [{ sessionId, lines }], products });
    expect(amountsOf(body)).toBe('T 17500, C 17500/0/17500, open');
    expect(body.lines).toMatchObject([
      { kind: 'service', code: '90837', unitPriceCents: 9000, amountCents: 9000 },
      { kind: 'service', description: 'Reading of records', units: 3, amountCents: 4500, sessionId },
      { kind: 'product', description: 'Workbook', units: 2, unitPriceCents: 2000, amountCents: 4000 },
    ]);
    expect(body.lines[2]).not.toHaveProperty('sessionId');
    expect((await sessionOf(sessionId)).services).toMatchObject([{ priceCents: 10_000 }]);
    const services = (await oak.ask(listServicesRow, listServices)).body.items;
    expect(services).toMatchObject([{ code: '90837', priceCents: 16_500 }]);
    const known = (await oak.ask(listProductsRow, listProducts)).body.items;
    expect(known).toContainEqual(expect.objectContaining({ productId, priceCents: 2500 }));
  });

  it('a product alone makes a bill, at its own price', async () => {
    const productId = await oak.product(3300);
    const { body } = await oak.create({ clientId: await oak.client(), products: [{ productId, quantity: 3 }] });
    expect(amountsOf(body)).toBe('T 9900, C 9900/0/9900, open');
  });

  it('(R11, R14) insurance splits each session: the co-pay of the policy, one given, or a co-insurance by line', async () => {
    const clientId = await oak.client();
    const policyId = await oak.policy(clientId, { copayCents: 3000 });
    const [usual, asked, shared] = [
      await oak.session(clientId, 16_500),
      await oak.session(clientId, 16_500),
      await oak.session(clientId, 3333),
    ];
    const { body } = await oak.create({
      clientId,
      responsibility: 'insurance',
      sessions: [
        { sessionId: usual },
        { sessionId: asked, clientPortion: { kind: 'copay', amountCents: 2000 } },
        { sessionId: shared, clientPortion: { kind: 'coinsurance', basisPoints: 5000 } },
      ],
    });
    expect(body.lines.map((line: { clientPortionCents: number }) => line.clientPortionCents)).toEqual([
      3000, 2000, 1667,
    ]);
    expect(amountsOf(body)).toBe('T 36333, C 6667/0/6667, I 29666/0/29666, open');
    expect(body).toMatchObject({ responsibility: 'insurance', policyId, payerId: oak.practice.insurer.payerId });
  });

  it('(W3) a co-pay goes over the lines of its session by largest remainder, products and missed sessions are the client’s', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId);
    const productId = await oak.product(2500);
    const missed = await oak.missed(clientId, 7500);
    const sessionId = await oak.session(clientId);
    const lines = [15_000, 5000, 3333].map(unitPriceCents => ({ ...therapy, unitPriceCents }));
    const { body } = await oak.create({
      clientId,
      responsibility: 'insurance',
      sessions: [
        { sessionId, lines, clientPortion: { kind: 'copay', amountCents: 2500 } },
        { sessionId: missed, clientPortion: { kind: 'copay', amountCents: 0 } },
      ],
      products: [{ productId, quantity: 1 }],
    });
    expect(body.lines.map((line: { kind: string; clientPortionCents: number }) => line.clientPortionCents)).toEqual([
      1607, 536, 357, 7500, 2500,
    ]);
    expect(body.lines[3]).toMatchObject({ kind: 'no_show', description: 'Missed session fee' });
    expect(amountsOf(body)).toBe('T 33333, C 12500/0/12500, I 20833/0/20833, open');
  });

  it('a policy’s co-pay above the session is capped; without any terms the insurer owes all (clarification 27)', async () => {
    const [capped, bare] = [await oak.client(), await oak.client()];
    await oak.policy(capped, { copayCents: 30_000 });
    await oak.policy(bare);
    const make = async (clientId: string) =>
      (
        await oak.create({
          clientId,
          responsibility: 'insurance',
          sessions: [{ sessionId: await oak.session(clientId) }],
        })
      ).body;
    expect(amountsOf(await make(capped))).toBe('T 10000, C 10000/0/10000, open');
    expect(amountsOf(await make(bare))).toBe('T 10000, C 0/0/0, I 10000/0/10000, awaiting_insurance');
  });

  it('a platform owes the whole of an external bill (W18)', async () => {
    const { payerId } = oak.practice.platform;
    const bill = await oak.bill(15_000, { responsibility: 'external', payerId });
    expect(amountsOf(bill)).toBe('T 15000, C 0/0/0, I 15000/0/15000, awaiting_insurance');
  });

  it('goes to the billing contact, or to the contact that was named', async () => {
    const clientId = await oak.client();
    const payer = await oak.contact(clientId);
    const aunt = await oak.contact(clientId, { name: 'Ines Okafor', email: 'ines@example.com', roles: [] });
    const usual = await oak.bill(10_000, { clientId });
    expect(usual.recipient).toEqual({ kind: 'contact', id: payer, name: 'Ada Okafor', email: 'ada@example.com' });
    const named = await oak.bill(10_000, { clientId, recipient: { contactId: aunt } });
    expect(named.recipient).toMatchObject({ kind: 'contact', id: aunt, email: 'ines@example.com' });
  });

  it('numbers carry the practice’s code, rise, and are never those of another bill (rule 55)', async () => {
    const bills = [await oak.bill(), await oak.bill(), await oak.bill()];
    const numbers = bills.map(({ number }) => {
      const [code, digits] = number.split('-');
      expect(code).toBe(oak.practice.practice.shortCode);
      return Number(digits);
    });
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const elm = await oak.neighbour();
    expect((await elm.bill()).number.split('-')[0]).toBe(elm.practice.practice.shortCode);
  });

  it('keeps the settings of its day, however they change afterwards (rule 56)', async () => {
    const elm = await oak.neighbour();
    await elm.changeSettings({ footerComment: 'Thank you.', defaultDueDays: 30 });
    const before = await elm.bill();
    await elm.changeSettings({ footerComment: 'Our bank has changed.', defaultDueDays: 0 });
    expect(await elm.see(before.billId)).toMatchObject({ footer: 'Thank you.', dueOn: '2026-04-09' });
    expect(await elm.bill()).toMatchObject({ footer: 'Our bank has changed.', dueOn: today });
  });
});

describe('201 with the client’s credit', () => {
  it('(R46) the setting applies credit in the same transaction; the oldest credit goes first (C8)', async () => {
    const clientId = await oak.client();
    const older = await oak.prepay(clientId, 2000);
    wait(1);
    await oak.prepay(clientId, 5000);
    const bill = await oak.bill(6000, { clientId });
    expect(amountsOf(bill)).toBe('T 6000, C 6000/6000/0, paid');
    expect(bill.payments).toMatchObject([
      { type: 'credit_discount', source: 'credit', amountCents: 6000, appliedCents: 6000, status: 'succeeded' },
    ]);
    expect(bill.version).toBe(1);
    const left = await oak.refund(older.paymentId);
    expect(left).toMatchObject({ status: 409, body: { code: 'refund_exceeds_payment', refundableCents: 0 } });
  });

  it('a bill that credit covers owes nothing from the start (rule 54, W21)', async () => {
    const clientId = await oak.client();
    await oak.prepay(clientId, 5000);
    const bill = await oak.bill(5000, { clientId });
    expect(amountsOf(bill)).toBe('T 5000, C 5000/5000/0, paid');
    const more = await oak.pay(bill.billId, { type: 'cash_check', amountCents: 1 });
    expect(more.body).toMatchObject({ code: 'amount_exceeds_balance', clientBalanceCents: 0 });
  });

  it('the insurer’s part takes no credit, and with the setting off nothing does', async () => {
    const elm = await oak.neighbour();
    const clientId = await elm.client();
    await elm.policy(clientId, { copayCents: 1000 });
    await elm.prepay(clientId, 5000);
    const insured = await elm.bill(10_000, { clientId, responsibility: 'insurance' });
    expect(amountsOf(insured)).toBe('T 10000, C 1000/1000/0, I 9000/0/9000, awaiting_insurance');
    await elm.changeSettings({ applyCreditAutomatically: false });
    expect(amountsOf(await elm.bill(10_000, { clientId }))).toBe('T 10000, C 10000/0/10000, open');
  });
});

describe('201 to a repeat', () => {
  it('the same key and body make one bill, and the repeat says that it is one', async () => {
    const clientId = await oak.client();
    const body = { clientId, sessions: [{ sessionId: await oak.session(clientId) }] };
    const send = () => oak.create(body, { key: 'one bill only' });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
  });
});
