import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as getOwnAccount } from '../../../functions/client/getOwnAccount';
import { handler as getOwnBill } from '../../../functions/client/getOwnBill';
import { getOwnBillPdf } from '../../../functions/client/getOwnBillPdf';
import { handler as listOwnBills } from '../../../functions/client/listOwnBills';
import { handler as shareBill } from '../../../functions/shares/shareBill';
import { serve } from '../../../shared/http/serve';
import { cancelBillRow } from '../../../shared/operations/bills';
import type { ClientCaller } from '../../../shared/operations/caller';
import { getOwnAccountRow } from '../../../shared/operations/client';
import { getOwnBillPdfRow, getOwnBillRow, listOwnBillsRow } from '../../../shared/operations/ownBills';
import { shareBillRow } from '../../../shared/operations/shares';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import { FrontDesk, openedAt, standAt, waitDays } from '../../fixtures/frontDesk';
import { Portal } from '../../fixtures/portal';

let oak: FrontDesk;
let portal: Portal;
let people = 0;
let maya: { clientId: string; email: string; caller: ClientCaller };
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(async () => {
  standAt(openedAt);
  portal = new Portal();
  people += 1;
  const email = `client${people}@example.com`;
  const clientId = await oak.client({ email });
  maya = { clientId, email, caller: (await portal.signIn(email)).caller };
});

const share = (billId: string) => oak.done(shareBillRow, shareBill, { path: { billId }, body: { channel: 'portal' } });
const shared = async (clientId: string, priceCents = 10_000, more: object = {}): Promise<string> => {
  const { billId } = await oak.bill(priceCents, { clientId, ...more });
  await share(billId);
  return billId;
};
const list = async (caller: ClientCaller, query: Record<string, string> = {}) =>
  oak.ask(listOwnBillsRow, listOwnBills, { caller, query });
const idsOf = async (caller: ClientCaller): Promise<string[]> =>
  (await list(caller)).body.items.map(({ billId }: { billId: string }) => billId);
const see = (caller: ClientCaller, billId: string) => oak.ask(getOwnBillRow, getOwnBill, { caller, path: { billId } });
const gone = { status: 404, body: { code: 'not_found' } };

describe('200', () => {
  it('(R33) a bill that was shared is seen, with its lines and payments and nothing of what staff noted', async () => {
    const billId = await shared(maya.clientId, 16_500, { comments: 'For March.' });
    await oak.cash(billId, 4_000, { notes: 'Paid late again' });
    const { status, body } = await see(maya.caller, billId);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ billId, status: 'partially_paid', clientBalanceCents: 12_500, comments: 'For March.' },
      ...{ practiceName: 'Oak Street Therapy LLC', onlinePayments: true, currency: 'USD' },
      lines: [{ dateOfService: '2026-03-02', code: '90837', amountCents: 16_500, clientPortionCents: 16_500 }],
      payments: [{ type: 'cash_check', amountCents: 4_000, status: 'succeeded' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/late again|accessCode|practitioner|recordedBy|version|autopay|F41/);
    expect((await list(maya.caller)).body).toMatchObject({
      items: [{ billId, clientPaidCents: 4_000 }],
      nextCursor: null,
    });
  });

  it('in the practice’s own words where it has chosen some, as on paper', async () => {
    const elm = await oak.neighbour();
    const words = { serviceDescription: { mode: 'custom', text: 'Counselling session' } } as const;
    await elm.changeSettings({ ...words, showUnsharedBillsInPortal: true });
    const email = `words${people}@example.com`;
    const { billId } = await elm.bill(10_000, { clientId: await elm.client({ email }) });
    const { caller } = await portal.signIn(email);
    const { body } = await elm.ask(getOwnBillRow, getOwnBill, { caller, path: { billId } });
    expect(body.lines).toEqual([expect.objectContaining({ description: 'Counselling session' })]);
    expect(JSON.stringify(body)).not.toMatch(/90837|Individual/);
  });

  it('pages go from the newest bill to the oldest, over all clients of a billing contact; one client alone on request', async () => {
    const sister = await oak.client({ email: `sister${people}@example.com` });
    const email = `parent${people}@example.com`;
    for (const clientId of [maya.clientId, sister]) await oak.contact(clientId, { email });
    const made: string[] = [];
    for (const clientId of [maya.clientId, sister, maya.clientId]) {
      made.unshift(await shared(clientId, 1_000));
      waitDays(1);
    }
    const { caller } = await portal.signIn(email);
    const first = await list(caller, { limit: '2' });
    const rest = await list(caller, { limit: '2', cursor: first.body.nextCursor });
    const both = [...first.body.items, ...rest.body.items];
    expect(both.map(({ billId }) => billId)).toEqual(made);
    expect(rest.body.nextCursor).toBeNull();
    expect((await list(caller, { clientId: sister })).body.items).toHaveLength(1);
    expect(await list(maya.caller, { clientId: sister })).toMatchObject(gone);
    const me = await oak.ask(getOwnAccountRow, getOwnAccount, { caller });
    expect(me.body).toMatchObject({ kind: 'contact', name: 'Ada Okafor', email, allowPartial: true, minimumCents: 50 });
    const owed = me.body.clients.map((client: Record<string, unknown>) => [client.clientId, client.balanceCents]);
    expect(Object.fromEntries(owed)).toEqual({ [maya.clientId]: 2_000, [sister]: 1_000 });
  });

  it('tells who is signed in, what is owed on bills that are seen, and the credit', async () => {
    await shared(maya.clientId, 7_000);
    await oak.bill(5_000, { clientId: maya.clientId });
    await oak.prepay(maya.clientId, 300);
    const { status, body } = await oak.ask(getOwnAccountRow, getOwnAccount, { caller: maya.caller });
    expect([status, body.accountId]).toEqual([200, maya.caller.accountId]);
    expect(body.clients).toEqual([
      {
        ...{ clientId: maya.clientId, name: 'Maya Okafor', balanceCents: 7_000, creditCents: 300 },
        ...{ autopayBalanceCents: 7_000, autopay: false, autopayLimitCents: null },
      },
    ]);
  });

  it('the paper of a bill comes as bytes or as a link', async () => {
    const billId = await shared(maya.clientId);
    const handler = serve(getOwnBillPdfRow, getOwnBillPdf(new MemoryDocuments()));
    const pdf = (accept: string, caller = maya.caller) =>
      oak.ask(getOwnBillPdfRow, handler, { caller, path: { billId }, headers: { accept } });
    expect(await pdf('application/pdf')).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' } });
    expect((await pdf('application/json')).body.url).toContain(billId);
    expect((await pdf('text/html')).status).toBe(302);
    const email = `other${people}@example.com`;
    await oak.client({ email });
    expect(await pdf('application/json', (await portal.signIn(email)).caller)).toMatchObject(gone);
  });
});

describe('404', () => {
  it('what was not shared yet, unless the practice shows all (C3); a mistake cancelled unseen, and a platform’s bill, never', async () => {
    const { billId } = await oak.bill(10_000, { clientId: maya.clientId });
    const mistake = await oak.bill(10_000, { clientId: maya.clientId });
    await oak.done(cancelBillRow, cancelBill, { path: { billId: mistake.billId }, body: {} });
    const platform = { responsibility: 'external', payerId: oak.practice.platform.payerId };
    const external = await oak.bill(10_000, { clientId: maya.clientId, ...platform });
    expect(await see(maya.caller, billId)).toMatchObject(gone);
    expect(await idsOf(maya.caller)).toEqual([]);
    await oak.changeSettings({ showUnsharedBillsInPortal: true });
    expect((await see(maya.caller, billId)).status).toBe(200);
    expect(await idsOf(maya.caller)).toEqual([billId]);
    for (const other of [mistake, external]) expect(await see(maya.caller, other.billId)).toMatchObject(gone);
    await oak.changeSettings({ showUnsharedBillsInPortal: false });
  });

  it('another client’s bill, and another practice’s', async () => {
    const theirs = await shared(await oak.client({ email: `theirs${people}@example.com` }));
    const elm = await oak.neighbour();
    await elm.changeSettings({ showUnsharedBillsInPortal: true });
    const { billId } = await elm.bill();
    for (const other of [theirs, billId]) expect(await see(maya.caller, other)).toMatchObject(gone);
  });
});

describe('401', () => {
  it('unauthenticated: a session that ended while the gateway still let it in', async () => {
    const caller = { ...maya.caller, tokenHash: 'of a token that is gone' };
    const answer = await oak.ask(getOwnAccountRow, getOwnAccount, { caller });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});
