import { handler as listAttention } from '../../../functions/attention/listAttention';
import { resolveAttention } from '../../../functions/attention/resolveAttention';
import { handler as createContact } from '../../../functions/contacts/createContact';
import { addPayment } from '../../../functions/payments/addPayment';
import { revokeShare } from '../../../functions/shares/revokeShare';
import { serve } from '../../../shared/http/serve';
import { listAttentionRow, resolveAttentionRow } from '../../../shared/operations/attention';
import { createContactRow } from '../../../shared/operations/contacts';
import { addPaymentRow } from '../../../shared/operations/payments';
import { revokeShareRow } from '../../../shared/operations/shares';
import { Papers } from '../../fixtures/sharedPapers';
import { bounceOf, clientEmail, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let papers: Papers;
let billId: string;
let path: { clientId: string; statementId: string };
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  papers = new Papers(oak);
  const clientId = await oak.client();
  ({ billId } = await oak.bill(clientId));
  path = { clientId, statementId: await papers.statement(clientId) };
});

const share = (body: object = {}, more: object = {}) => papers.shareStatement(path, { body, ...more });
const see = () => papers.seeStatement(path);
/** Money of this day, entered now. */
const payOn = (day: string) =>
  oak.ask(addPaymentRow, serve(addPaymentRow, addPayment(oak.needs)), {
    path: { billId },
    body: { type: 'cash_check', amountCents: 500, paidAt: `${day}T15:00:00Z` },
    key: `paid on ${day}`,
  });
const attention = async () => (await oak.ask(listAttentionRow, listAttention, {})).body.items;
const revoke = (shareId: string, caller = oak.practice.admin) =>
  oak.ask(revokeShareRow, serve(revokeShareRow, revokeShare(oak.needs)), { path: { shareId }, body: {}, caller });

describe('POST /clients/{clientId}/statements/{statementId}/share 202', () => {
  it('(R23) one mail goes out with the statement attached, and its share says so', async () => {
    const answer = await share();
    expect(answer).toMatchObject({
      status: 202,
      body: {
        share: { document: { kind: 'statement', id: path.statementId }, status: 'scheduled', includePdf: true },
        statement: { sharing: { status: 'scheduled', scheduledAt: oak.now } },
      },
    });
    await oak.sendDue();
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    const [mail] = oak.mail.taken;
    expect(mail?.message.subject).toBe('Your statement from Oak Street Therapy LLC');
    expect(mail?.to.email).toBe(clientEmail);
    expect(mail?.attachments?.map(({ filename }) => filename)).toEqual(['Statement 2026-03-01 to 2026-03-31.pdf']);
    expect(Buffer.from(mail?.attachments?.[0]?.bytes ?? '').toString('latin1')).toMatch(/^%PDF-/);
    expect(await see()).toMatchObject({
      sharing: { status: 'shared', sharedAt: oak.now, delivery: 'sent' },
      shares: [{ status: 'sent', delivery: 'sent' }],
    });
  });

  it('a message that comes twice at once, and a worker that lost its answer, send one mail in all', async () => {
    await share();
    const messages = await oak.swept();
    oak.mail.willAnswer('lost after sending');
    await Promise.all([oak.work(messages), oak.work(messages)]);
    expect(oak.mail.taken).toHaveLength(1);
    oak.wait(20);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    expect(await see()).toMatchObject({ sharing: { status: 'blocked', blockedReason: 'mail_unknown' } });
    const [{ attentionId, ...told }] = await attention();
    expect(told).toMatchObject({
      kind: 'mail_unknown',
      clientId: path.clientId,
      facts: { statementId: path.statementId },
    });
    // Its delivery event settles it.
    const { shareId } = (await see()).shares[0];
    await oak.told('Delivery', shareId);
    expect(await see()).toMatchObject({ sharing: { status: 'shared', delivery: 'delivered' } });
    expect(await attention()).toMatchObject([{ attentionId, resolvedAt: oak.now }]);
  });

  it('a second wish while the first waits means one mail; sent again later, it is a new one', async () => {
    await share({ sendAt: '2026-03-10T16:00:00Z' });
    await share();
    oak.wait(120);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    await share();
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(2);
    expect((await see()).shares.map(({ status }: { status: string }) => status).sort()).toEqual([
      'sent',
      'sent',
      'withdrawn',
    ]);
  });

  it('goes to the billing contact whom it was made out to', async () => {
    const clientId = await oak.client({ email: 'kid@example.com' });
    await oak.bill(clientId);
    const contact = { name: 'Ada Okafor', email: 'parent@example.com', emailAllowed: true, roles: ['billing'] };
    await oak.ask(createContactRow, createContact, { path: { clientId }, body: contact });
    const statementId = await papers.statement(clientId);
    await papers.shareStatement({ clientId, statementId });
    await oak.sendDue();
    expect(oak.mail.taken.map(({ to }) => to.email)).toEqual(['parent@example.com']);
  });

  it('a repeat under its key shares once', async () => {
    const asked = { key: 'share of the statement' };
    const [once, again] = [await share({}, asked), await share({}, asked)];
    expect(again).toMatchObject({ status: 202, headers: { 'idempotent-replayed': 'true' } });
    expect(again.body.share.shareId).toBe(once.body.share.shareId);
    expect((await see()).shares).toHaveLength(1);
  });
});

describe('POST …/share 200', () => {
  it('in the portal only, it has happened at once and no mail goes out', async () => {
    expect(await share({ channel: 'portal' })).toMatchObject({
      status: 200,
      body: { share: { channel: 'portal', status: 'sent' }, statement: { sharing: { status: 'shared' } } },
    });
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
  });
});

describe('what comes back', () => {
  it('a bounce shows on the statement and goes to staff, and the address takes no mail until they allow it', async () => {
    await share();
    await oak.sendDue();
    const { shareId } = (await see()).shares[0];
    for (const _ of [1, 2]) await oak.told('Bounce', shareId, bounceOf(clientEmail));
    expect(await see()).toMatchObject({ sharing: { delivery: 'bounced' } });
    const items = await attention();
    expect(items).toMatchObject([{ kind: 'mail_bounced', clientId: path.clientId }]);
    expect(await share()).toMatchObject({ status: 409, body: { code: 'email_suppressed' } });
    await oak.ask(resolveAttentionRow, serve(resolveAttentionRow, resolveAttention(oak.needs)), {
      path: { attentionId: items[0].attentionId },
      body: { choice: 'allow_again' },
    });
    expect((await share()).status).toBe(202);
  });
});

describe('POST …/share 409', () => {
  it('nobody is mailed without an address or a permission, and a newer version goes out instead of an older', async () => {
    const superseded = { ...path };
    const statementId = await papers.statement(path.clientId);
    expect(await papers.shareStatement(superseded)).toMatchObject({
      status: 409,
      body: { code: 'document_superseded', supersededBy: statementId },
    });
    for (const [more, code] of [
      [{ email: null }, 'no_recipient_email'],
      [{ emailAllowed: false }, 'email_not_allowed'],
    ] as const) {
      const clientId = await oak.client(more.email === null ? { email: undefined } : more);
      const own = { clientId, statementId: await papers.statement(clientId) };
      expect(await papers.shareStatement(own)).toMatchObject({ status: 409, body: { code } });
    }
  });

  it('one that the ledger no longer bears out is refused, and one that waits meanwhile is shown to staff', async () => {
    await share({ sendAt: '2026-03-10T16:00:00Z' });
    await payOn('2026-03-05');
    for (const channel of ['email', 'portal']) {
      expect(await share({ channel })).toMatchObject({ status: 409, body: { code: 'document_out_of_date' } });
    }
    oak.wait(90);
    await oak.sendDue();
    expect([oak.mail.taken, await see()]).toMatchObject([
      [],
      { status: 'out_of_date', sharing: { status: 'blocked', blockedReason: 'document_out_of_date' } },
    ]);
    expect(await attention()).toMatchObject([{ kind: 'share_blocked', facts: { reason: 'document_out_of_date' } }]);
  });

  it('a mail that waits while a newer version is made goes out once, at its time, with the newer one', async () => {
    await share({ sendAt: '2026-03-10T16:00:00Z' });
    await payOn('2026-03-05');
    const next = { ...path, statementId: await papers.statement(path.clientId) };
    expect(await see()).toMatchObject({ sharing: { status: 'not_shared' }, shares: [{ status: 'withdrawn' }] });
    expect(await papers.seeStatement(next)).toMatchObject({
      sharing: { status: 'scheduled', scheduledAt: '2026-03-10T16:00:00.000Z' },
      shares: [{ status: 'scheduled', document: { id: next.statementId } }],
    });
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    oak.wait(90);
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    const [sent] = (await papers.seeStatement(next)).shares;
    expect(oak.mail.taken[0]?.shareId).toBe(sent.shareId);
    // What the mail service tells of it finds the newer version.
    await oak.told('Delivery', sent.shareId);
    expect(await papers.seeStatement(next)).toMatchObject({ sharing: { status: 'shared', delivery: 'delivered' } });
  });
});

describe('POST /shares/{shareId}/revoke of a statement', () => {
  it('takes back what waits and ends what was shared; a colleague does not find it', async () => {
    const { shareId } = (await share()).body.share;
    expect((await revoke(shareId, oak.practice.colleague)).status).toBe(404);
    expect(await revoke(shareId, oak.practice.practitioner)).toMatchObject({
      status: 200,
      body: { share: { status: 'withdrawn', document: { kind: 'statement' } } },
    });
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    const shown = (await share({ channel: 'portal' })).body.share.shareId;
    expect((await revoke(shown)).body).toMatchObject({ share: { status: 'revoked' } });
  });
});
