import { cancelBill } from '../../../functions/bills/cancelBill';
import { handler as getBill } from '../../../functions/bills/getBill';
import { handler as getBillHistory } from '../../../functions/bills/getBillHistory';
import { defaultBillingSettings } from '../../../shared/domain/practice';
import { serve } from '../../../shared/http/serve';
import { cancelBillRow, getBillHistoryRow, getBillRow } from '../../../shared/operations/bills';
import { settingsStore } from '../../../shared/store/settingsStore';
import { bounceOf, clientEmail, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
});

describe('202', () => {
  it('R27, R28: asks for one mail, and the bill waits for it without a new version', async () => {
    const bill = await oak.bill();
    const answer = await oak.share(bill.billId);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      share: {
        status: 'scheduled',
        channel: 'email',
        delivery: 'none',
        includePdf: true,
        recipient: { email: clientEmail },
      },
      bill: { version: 1, accessCode: bill.accessCode, sharing: { status: 'scheduled', scheduledAt: oak.now } },
    });
  });

  it('R25: with documents in the portal only, the mail goes without the paper, whatever is asked for', async () => {
    const { practiceId } = oak;
    await settingsStore.putBilling(practiceId, { ...defaultBillingSettings('Oak'), documentDelivery: 'portal_only' });
    const { billId } = await oak.bill();
    expect((await oak.share(billId)).body.share.includePdf).toBe(false);
    expect(await oak.share(billId, { body: { includePdf: true } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/includePdf' }] },
    });
  });

  it('R30: one that is to go out later shows when, and nothing is sent before', async () => {
    const { billId } = await oak.bill();
    const sendAt = '2026-03-10T17:00:00.000Z';
    const answer = await oak.share(billId, { body: { sendAt } });
    expect(answer.body.bill.sharing).toMatchObject({ status: 'scheduled', scheduledAt: sendAt });
    expect((await oak.swept()).filter(({ pk }) => pk.includes(billId))).toEqual([]);
    oak.wait(121);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('draws a new access code with each later share, and one mail goes out for two that wait', async () => {
    const bill = await oak.bill();
    await oak.share(bill.billId);
    const later = await oak.share(bill.billId);
    expect(later.body.bill.accessCode).not.toBe(bill.accessCode);
    expect(later.body.bill.shares.map(({ status }: { status: string }) => status)).toEqual(['withdrawn', 'scheduled']);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    expect(oak.mail.lastText).toContain(later.body.bill.accessCode.replace(/^(...)/, '$1 '));
  });

  it('answers a repeat under the same key with the same share, and sends one mail', async () => {
    const { billId } = await oak.bill();
    const asked = { key: 'share it once' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => oak.share(billId, asked)));
    expect(new Set(answers.map(({ body }) => body.share.shareId)).size).toBe(1);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('tells the history who asked and when it went out, from the share itself', async () => {
    const { billId } = await oak.bill();
    await oak.share(billId);
    oak.wait(1);
    await oak.sendDue();
    const history = await oak.ask(getBillHistoryRow, getBillHistory, { path: { billId } });
    expect(history.body.items.map(({ action }: { action: string }) => action)).toEqual([
      'bill_shared',
      'share_scheduled',
      'bill_issued',
    ]);
    expect(history.body.items[1].actor).toEqual({ kind: 'staff', id: oak.practice.admin.memberId });
  });
});

describe('200', () => {
  it('R29: in the portal only it is shared at once, and no mail goes out', async () => {
    const { billId } = await oak.bill(await oak.client({ emailAllowed: false }));
    const answer = await oak.share(billId, { body: { channel: 'portal' } });
    expect(answer.status).toBe(200);
    expect(answer.body.bill.sharing).toMatchObject({ status: 'shared', sharedAt: oak.now, delivery: 'none' });
    expect(await oak.swept()).toEqual([]);
  });

  it('takes no waiting mail’s place: that goes out at its time', async () => {
    const { billId } = await oak.bill();
    await oak.share(billId, { body: { sendAt: '2026-03-10T17:00:00Z' } });
    const { body } = await oak.share(billId, { body: { channel: 'portal' } });
    expect(body.bill.shares.map(({ status }: { status: string }) => status).sort()).toEqual(['scheduled', 'sent']);
    oak.wait(121);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
  });
});

describe('422', () => {
  it('in a portal that the practice does not have, nobody would see it: nothing is shared', async () => {
    oak = await Office.open({ portalEnabled: false });
    const { billId } = await oak.bill();
    expect(await oak.share(billId, { body: { channel: 'portal' } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/channel' }] },
    });
    expect((await oak.record(billId)).shares).toEqual([]);
  });
});

describe('404', () => {
  it('another practitioner’s bill and another practice’s are not there', async () => {
    const { billId } = await oak.bill();
    const elm = await Office.open();
    expect((await oak.share(billId, { caller: oak.practice.colleague })).status).toBe(404);
    expect((await oak.share(billId, { caller: elm.practice.admin })).status).toBe(404);
  });
});

describe('409', () => {
  const refused = async (billId: string, code: string) => {
    expect(await oak.share(billId)).toMatchObject({ status: 409, body: { code } });
    const bill = await oak.ask(getBillRow, getBill, { path: { billId } });
    expect(bill.body).toMatchObject({ shares: [], sharing: { status: 'not_shared' } });
  };

  it('no_recipient_email: the client has no address', async () => {
    const { billId } = await oak.bill(await oak.client({ email: undefined }));
    await refused(billId, 'no_recipient_email');
  });

  it('email_not_allowed: the client did not agree to mail', async () => {
    const { billId } = await oak.bill(await oak.client({ emailAllowed: false }));
    await refused(billId, 'email_not_allowed');
  });

  it('email_suppressed: an earlier mail to this address bounced for good, on whichever bill', async () => {
    const first = await oak.bill();
    await oak.share(first.billId);
    await oak.sendDue();
    const { shareId } = await oak.onlyShare(first.billId);
    await oak.told('Bounce', shareId, bounceOf('Maya@Example.com'));
    const second = await oak.bill();
    await refused(second.billId, 'email_suppressed');
  });

  it('bill_cancelled: nothing goes out of a cancelled bill, nor what waited', async () => {
    const { billId } = await oak.bill();
    await oak.share(billId);
    const cancelled = serve(cancelBillRow, cancelBill(oak.needs));
    await oak.ask(cancelBillRow, cancelled, { path: { billId }, body: {} });
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    expect(await oak.share(billId)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });

  it('external_payer: what a platform pays is not shared', async () => {
    const { payerId } = oak.practice.platform;
    const { billId } = await oak.bill(undefined, { responsibility: 'external', payerId });
    await refused(billId, 'external_payer');
  });
});

describe('403', () => {
  it('a scheduler shares nothing', async () => {
    const { billId } = await oak.bill();
    expect((await oak.share(billId, { caller: oak.practice.scheduler })).status).toBe(403);
  });
});
