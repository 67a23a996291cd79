import { authorizeCaller } from '../../../functions/access/authorizeCaller';
import { getBillPdf } from '../../../functions/bills/getBillPdf';
import { handler as getGuestBill } from '../../../functions/guest/getGuestBill';
import { getGuestBillPdf } from '../../../functions/guest/getGuestBillPdf';
import { lookupBill } from '../../../functions/guest/lookupBill';
import { requestFreshLink } from '../../../functions/guest/requestFreshLink';
import { verifyGuest } from '../../../functions/guest/verifyGuest';
import { revokeShare } from '../../../functions/shares/revokeShare';
import { serve } from '../../../shared/http/serve';
import { getBillPdfRow } from '../../../shared/operations/bills';
import type { GuestCaller } from '../../../shared/operations/caller';
import {
  getGuestBillPdfRow,
  getGuestBillRow,
  lookupBillRow,
  requestFreshLinkRow,
  verifyGuestRow,
} from '../../../shared/operations/guest';
import { revokeShareRow } from '../../../shared/operations/shares';
import { accessStore } from '../../../shared/store/accessStore';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import { Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let bill: { billId: string; number: string; accessCode: string };
let documents: MemoryDocuments;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  bill = await oak.bill();
  documents = new MemoryDocuments();
});

const lookup = (body: unknown) =>
  oak.ask(lookupBillRow, serve(lookupBillRow, lookupBill(oak.needs, oak.needs.linkKey)), { caller: undefined, body });
const mailedLink = (): string => /#t=(\S+)/.exec(oak.mail.lastText)?.[1] ?? '';

/** As the gateway finds the caller of this token. */
async function callerOf(token: string): Promise<GuestCaller> {
  const needs = { access: accessStore, subjectOfToken: async () => undefined, clock: oak.needs.clock };
  const { context } = await authorizeCaller(needs)({ headers: { authorization: `Bearer ${token}` } });
  if (!('caller' in context)) throw new Error(context.refusal);
  return JSON.parse(context.caller);
}
async function byLink(): Promise<GuestCaller> {
  await oak.share(bill.billId);
  await oak.sendDue();
  return callerOf((await lookup({ linkToken: mailedLink() })).body.token);
}
const byCode = async (): Promise<GuestCaller> =>
  callerOf((await lookup({ number: bill.number, accessCode: bill.accessCode })).body.token);

const verify = (caller: GuestCaller, accessCode: string) =>
  oak.ask(verifyGuestRow, serve(verifyGuestRow, verifyGuest(oak.needs)), { caller, body: { accessCode } });
const guestPdf = (caller: GuestCaller, accept = 'application/json') =>
  oak.ask(getGuestBillPdfRow, serve(getGuestBillPdfRow, getGuestBillPdf(documents)), { caller, headers: { accept } });
const staffPdf = (accept?: string) =>
  oak.ask(getBillPdfRow, serve(getBillPdfRow, getBillPdf(documents)), {
    path: { billId: bill.billId },
    ...(accept ? { headers: { accept } } : {}),
  });
const freshLink = (number: string) =>
  oak.ask(requestFreshLinkRow, serve(requestFreshLinkRow, requestFreshLink(oak.needs)), {
    caller: undefined,
    body: { number },
  });

describe('GET /guest/bill', () => {
  it('shows the bill of the token and no line of it', async () => {
    const answer = await oak.ask(getGuestBillRow, getGuestBill, { caller: await byCode() });
    expect(answer).toMatchObject({ status: 200, body: { number: bill.number, clientBalanceCents: 16500 } });
    expect(Object.keys(answer.body)).not.toContain('lines');
  });

  it('a token ends after half an hour', async () => {
    const { token } = (await lookup({ number: bill.number, accessCode: bill.accessCode })).body;
    oak.wait(29);
    expect((await callerOf(token)).billId).toBe(bill.billId);
    oak.wait(1);
    await expect(callerOf(token)).rejects.toThrow('the session has ended');
  });
});

describe('GET /guest/bill/pdf', () => {
  it('403 for whoever came by a link, until the access code was given', async () => {
    const caller = await byLink();
    expect(await guestPdf(caller)).toMatchObject({ status: 403, body: { code: 'second_factor_required' } });
    expect(await verify(caller, bill.accessCode)).toMatchObject({ status: 200, body: { verified: true } });
    // The gateway still remembers the caller as it was before.
    expect(await guestPdf(caller)).toMatchObject({ status: 200, body: { url: expect.any(String) } });
  });

  it('200 at once for whoever came by number and code', async () => {
    expect((await guestPdf(await byCode(), 'application/pdf')).headers['content-type']).toBe('application/pdf');
  });
});

describe('POST /guest/bill/verify', () => {
  it('404 for a wrong code, which counts as any other', async () => {
    const caller = await byLink();
    const wrong = bill.accessCode === '000000' ? '000001' : '000000';
    for (let round = 0; round < 10; round += 1) {
      expect(await verify(caller, wrong)).toMatchObject({ status: 404, body: { code: 'bill_not_found' } });
    }
    expect(await verify(caller, bill.accessCode)).toMatchObject({ status: 429 });
    expect((await guestPdf(caller)).status).toBe(403);
  });
});

describe('POST /guest/bills/fresh-link', () => {
  const accepted = { status: 202, body: { accepted: true } };

  it('202 for any number, and one mail an hour to the address on file', async () => {
    await oak.share(bill.billId);
    await oak.sendDue();
    expect(await freshLink('OAK-404404')).toMatchObject(accepted);
    for (const _ of [1, 2, 3]) expect(await freshLink(bill.number.toLowerCase())).toMatchObject(accepted);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(2);
    expect(oak.mail.taken[1]?.to.email).toBe('maya@example.com');
    expect((await lookup({ linkToken: mailedLink() })).status).toBe(200);
    oak.wait(61);
    await freshLink(bill.number);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(3);
  });

  it('mails nothing of a bill that the practice has not shared', async () => {
    expect(await freshLink(bill.number)).toMatchObject(accepted);
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
  });

  it('a fresh link dies with the revoking of a share', async () => {
    await oak.share(bill.billId);
    await oak.sendDue();
    await freshLink(bill.number);
    await oak.sendDue();
    const linkToken = mailedLink();
    oak.wait(1);
    const { shareId } = await oak.onlyShare(bill.billId);
    const handler = serve(revokeShareRow, revokeShare(oak.needs));
    await oak.ask(revokeShareRow, handler, { path: { shareId }, body: {} });
    expect((await lookup({ linkToken })).status).toBe(404);
  });
});

describe('GET /bills/{billId}/pdf', () => {
  it('200 with the bytes for application/pdf, rendered once for the same bill', async () => {
    const answer = await staffPdf('application/pdf');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' } });
    expect(Buffer.from(answer.body, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect((await staffPdf('application/pdf')).body).toBe(answer.body);
    expect(documents.kept.size).toBe(1);
  });

  it('200 with a link for application/json, 302 to one otherwise', async () => {
    expect(await staffPdf('application/json')).toMatchObject({ status: 200, body: { url: expect.any(String) } });
    const answer = await staffPdf();
    expect([answer.status, answer.headers.location]).toEqual([302, expect.stringContaining('https://')]);
  });

  it('302 when the bytes are more than the gateway carries', async () => {
    await staffPdf();
    for (const key of documents.kept.keys()) documents.kept.set(key, Buffer.alloc(4_600_000));
    expect((await staffPdf('application/pdf')).status).toBe(302);
  });

  it('prints the code of a later share, never an old one', async () => {
    await staffPdf();
    await oak.share(bill.billId);
    await oak.share(bill.billId);
    await staffPdf();
    expect(documents.kept.size).toBe(2);
  });

  it('404 for another practitioner’s bill', async () => {
    const handler = serve(getBillPdfRow, getBillPdf(documents));
    const path = { billId: bill.billId };
    expect((await oak.ask(getBillPdfRow, handler, { path, caller: oak.practice.colleague })).status).toBe(404);
  });
});
