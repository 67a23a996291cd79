import { lookupBill } from '../../../functions/guest/lookupBill';
import { linkToken } from '../../../shared/http/linkToken';
import { serve } from '../../../shared/http/serve';
import { lookupBillRow } from '../../../shared/operations/guest';
import { settingsStore } from '../../../shared/store/settingsStore';
import { payInCash } from '../../fixtures/chart';
import { Papers } from '../../fixtures/sharedPapers';
import { bounceOf, clientEmail, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let papers: Papers;
let billId: string;
let path: { clientId: string; superbillId: string };
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

async function open(more: Parameters<typeof Office.open>[0] = {}): Promise<void> {
  oak = await Office.open(more);
  papers = new Papers(oak);
  const clientId = await oak.client();
  ({ billId } = await oak.bill(clientId));
  path = { clientId, superbillId: await papers.superbill(clientId) };
}
beforeEach(() => open());

const share = (body: object = {}) => papers.shareSuperbill(path, { body });
const see = () => papers.seeSuperbill(path);
const inPortalOnly = async () => {
  const settings = await settingsStore.loadBilling(oak.practiceId);
  await settingsStore.putBilling(oak.practiceId, { ...settings, documentDelivery: 'portal_only' });
};
/** All that is read of a mail before it is opened, and in it; not its attachment. */
const readOf = (mail: (typeof oak.mail.taken)[number] | undefined): string =>
  [
    mail?.message.subject,
    mail?.message.text,
    mail?.message.html,
    ...(mail?.attachments ?? []).map(a => a.filename),
  ].join('\n');

describe('POST /clients/{clientId}/superbills/{superbillId}/share', () => {
  it('rule 66: goes as an attachment that no name betrays, in a mail without link, code, date or a clinical word', async () => {
    expect(await share()).toMatchObject({
      status: 202,
      body: { share: { document: { kind: 'superbill', id: path.superbillId }, includePdf: true }, superbill: path },
    });
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    const [mail] = oak.mail.taken;
    expect(mail?.attachments?.map(({ filename }) => filename)).toEqual(['Document.pdf']);
    const read = readOf(mail);
    expect(read).not.toMatch(/superbill|90837|individual|session|diagnos|F41|2026|\$|#t=|access code/i);
    expect(read).not.toMatch(/https?:/);
    expect(await see()).toMatchObject({ sharing: { status: 'shared', delivery: 'sent' } });
  });

  it('rule 66: stays in the portal where the practice keeps documents there, whatever is asked for', async () => {
    await inPortalOnly();
    expect(await share({ includePdf: true })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/includePdf' }] },
    });
    expect((await share()).body.share.includePdf).toBe(false);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    expect(oak.mail.taken[0]?.attachments ?? []).toEqual([]);
    expect(oak.mail.lastText).toContain('To get a copy, ask Oak Street Therapy LLC.');
  });

  it('its share is no link: a token of it, well made, opens nothing', async () => {
    await share();
    await oak.sendDue();
    const { shareId } = (await see()).shares[0];
    const key = await oak.needs.linkKey();
    const handler = serve(
      lookupBillRow,
      lookupBill(oak.needs, async () => key),
    );
    const answer = await oak.ask(lookupBillRow, handler, { body: { linkToken: linkToken(shareId, key) } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'bill_not_found' } });
  });

  it('a mail that waits while it is reissued goes out once, with the newer version; the older is refused', async () => {
    await share({ sendAt: '2026-03-10T16:00:00Z' });
    await payInCash(oak.practice, billId, 1000);
    const next = await papers.reissue(path.clientId, path.superbillId);
    expect(await share()).toMatchObject({ status: 409, body: { code: 'document_superseded', supersededBy: next } });
    oak.wait(90);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    expect(await papers.seeSuperbill({ ...path, superbillId: next })).toMatchObject({ shares: [{ status: 'sent' }] });
  });

  it('one whose bill has changed since is refused, also in the portal; reissued, it is shared', async () => {
    await payInCash(oak.practice, billId, 1000);
    for (const channel of ['email', 'portal']) {
      expect(await share({ channel })).toMatchObject({ status: 409, body: { code: 'document_out_of_date' } });
    }
    expect((await see()).shares).toEqual([]);
    const next = await papers.reissue(path.clientId, path.superbillId);
    expect((await papers.shareSuperbill({ ...path, superbillId: next })).status).toBe(202);
  });

  it('one that waits and whose bill changes meanwhile is not sent: staff are told to reissue it', async () => {
    await share({ sendAt: '2026-03-10T16:00:00Z' });
    await payInCash(oak.practice, billId, 1000);
    oak.wait(90);
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    const blocked = { status: 'blocked', blockedReason: 'document_out_of_date' };
    expect(await see()).toMatchObject({ sharing: blocked, shares: [blocked] });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['Bounce', bounceOf(clientEmail), 'bounced'],
    ['Complaint', { complaint: { complainedRecipients: [{ emailAddress: clientEmail }] } }, 'complained'],
  ])('a %s shows on it; no further mail goes there, and its copy in the portal stays', async (word, more, delivery) => {
    await share();
    await oak.sendDue();
    await oak.told(word, (await see()).shares[0].shareId, more);
    expect(await see()).toMatchObject({ sharing: { status: 'shared', delivery } });
    expect((await share()).body.code).toBe('email_suppressed');
    expect((await oak.share(billId)).body.code).toBe('email_suppressed');
    expect(await share({ channel: 'portal' })).toMatchObject({ status: 200, body: { share: { status: 'sent' } } });
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('somebody else’s client’s is not there', async () => {
    const answer = await papers.shareSuperbill(path, { caller: oak.practice.colleague });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await see()).shares).toEqual([]);
  });
});
