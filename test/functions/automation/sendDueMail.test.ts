import { handler as listAttention } from '../../../functions/attention/listAttention';
import { cancelBill } from '../../../functions/bills/cancelBill';
import { listBills } from '../../../functions/bills/listBills';
import { handler as changeClient } from '../../../functions/clients/changeClient';
import { addPayment } from '../../../functions/payments/addPayment';
import { serve } from '../../../shared/http/serve';
import { listAttentionRow } from '../../../shared/operations/attention';
import { cancelBillRow, listBillsRow } from '../../../shared/operations/bills';
import { changeClientRow } from '../../../shared/operations/clients';
import { addPaymentRow } from '../../../shared/operations/payments';
import { transact } from '../../../shared/store/kernel';
import { noticeWrites } from '../../../shared/work/notice';
import type { Answered } from '../../fixtures/apiEvent';
import { bounceOf, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let clientId: string;
let bill: { billId: string; number: string; accessCode: string };
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  clientId = await oak.client();
  bill = await oak.bill(clientId);
});

const attention = async () => (await oak.ask(listAttentionRow, listAttention, {})).body.items;
const pay = (amountCents: number) =>
  oak.ask(addPaymentRow, serve(addPaymentRow, addPayment(oak.needs)), {
    path: { billId: bill.billId },
    body: { type: 'cash_check', amountCents },
    key: `pay ${amountCents} now`,
  });
const sharing = async () => (await oak.record(bill.billId)).head.sharing;

describe('R32: the mail of a share', () => {
  it('names practice, amount, date, number and code, and links to the payment', async () => {
    await oak.share(bill.billId);
    await oak.sendDue();
    const [mail] = oak.mail.taken;
    expect(mail?.message.subject).toBe('You have a new bill from Oak Street Therapy LLC');
    expect(oak.mail.lastText).toContain('$165.00');
    expect(oak.mail.lastText).toContain(bill.number);
    expect(oak.mail.lastText).toMatch(/https:\/\/bills\.example\.com\/pay#t=v1\.share_\w+\.[\w-]{43}/);
    expect(oak.mail.lastText).not.toMatch(/90837|therapy, 60|2026-03-02|March 2,/i);
    expect(mail?.attachments).toHaveLength(1);
    expect(await sharing()).toMatchObject({ status: 'shared', sharedAt: oak.now, delivery: 'sent' });
  });

  it('carries no pay link while online payments are off', async () => {
    oak = await Office.open({ onlinePayments: false });
    bill = await oak.bill();
    await oak.share(bill.billId);
    await oak.sendDue();
    expect(oak.mail.lastText).not.toContain('#t=');
  });

  it('is a receipt when the bill was paid meanwhile (rule 64)', async () => {
    await oak.share(bill.billId);
    await pay(16500);
    await oak.sendDue();
    expect(oak.mail.taken[0]?.message.subject).toContain('is paid');
    expect(oak.mail.lastText).not.toContain('#t=');
  });

  it('does not raise the version, so nobody who edits the bill is refused for it', async () => {
    await oak.share(bill.billId);
    await oak.sendDue();
    await oak.told('Delivery', (await oak.onlyShare(bill.billId)).shareId);
    expect((await oak.record(bill.billId)).head.version).toBe(1);
  });
});

describe('exactly one mail for each intent (rule 61)', () => {
  it('two workers with the same message send once', async () => {
    await oak.share(bill.billId);
    const messages = await oak.swept();
    await Promise.all([oak.work(messages), oak.work(messages), oak.work([...messages, ...messages])]);
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('a message that comes late, after all is done, sends nothing', async () => {
    await oak.share(bill.billId);
    const messages = await oak.swept();
    await oak.work(messages);
    oak.wait(1000);
    await oak.work(messages);
    expect(oak.mail.taken).toHaveLength(1);
    expect(await oak.swept()).toEqual([]);
  });

  it('an answer that was lost is never sent again, and its delivery settles it', async () => {
    oak.mail.willAnswer('lost after sending');
    await oak.share(bill.billId);
    await oak.sendDue();
    expect((await oak.onlyShare(bill.billId)).status).toBe('sending');
    oak.wait(6);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    await oak.told('Delivery', (await oak.onlyShare(bill.billId)).shareId);
    expect(await sharing()).toMatchObject({ status: 'shared', delivery: 'delivered' });
    oak.wait(30);
    await oak.sendDue();
    expect([oak.mail.taken.length, await attention()]).toEqual([1, []]);
  });

  it('without any event it comes to staff after 15 minutes, once; a late event still settles it', async () => {
    oak.mail.willAnswer('lost before sending');
    await oak.share(bill.billId);
    await oak.sendDue();
    for (let minute = 0; minute < 40; minute += 6) {
      oak.wait(6);
      await oak.sendDue();
    }
    expect(oak.mail.taken).toEqual([]);
    expect(await attention()).toMatchObject([{ kind: 'mail_unknown', billId: bill.billId }]);
    expect(await sharing()).toMatchObject({ status: 'blocked', blockedReason: 'mail_unknown' });
    await oak.told('Send', (await oak.onlyShare(bill.billId)).shareId);
    expect(await sharing()).toMatchObject({ status: 'shared', delivery: 'sent' });
    expect((await oak.record(bill.billId)).head.attention).toBe(0);
    expect((await attention())[0].resolvedAt).toBeDefined();
  });

  it('waits and tries again while throttled, and after six tries leaves it to staff', async () => {
    const throttled = { outcome: 'throttled', code: 'TooManyRequestsException' } as const;
    oak.mail.willAnswer(throttled);
    await oak.share(bill.billId);
    await oak.sendDue();
    expect(await oak.onlyShare(bill.billId)).toMatchObject({ status: 'scheduled', tries: 1 });
    expect(await oak.swept()).toEqual([]);
    oak.wait(2);
    await oak.sendDue();
    expect([oak.mail.taken.length, (await oak.onlyShare(bill.billId)).status]).toEqual([1, 'sent']);

    const other = await oak.bill(clientId);
    oak.mail.willAnswer(...Array.from({ length: 6 }, () => throttled));
    await oak.share(other.billId);
    for (let round = 0; round < 8; round += 1) {
      await oak.sendDue();
      oak.wait(64);
    }
    expect(await oak.onlyShare(other.billId)).toMatchObject({ status: 'blocked', blockedReason: 'mail_throttled' });
    expect([oak.mail.taken.length, (await attention()).length]).toEqual([1, 1]);
  });

  it('a refusal that is our own fault sends nothing, is reported for the alarm, and tried again', async () => {
    oak.mail.willAnswer(new Error('AccessDenied'));
    await oak.share(bill.billId);
    expect(await oak.sendDue()).toEqual(['0']);
    oak.wait(2);
    expect(await oak.sendDue()).toEqual([]);
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('when the paper cannot be made nothing was claimed, so the next try sends it', async () => {
    await oak.share(bill.billId);
    const broken = jest.spyOn(oak.needs, 'billPdf').mockRejectedValueOnce(new Error('no disk'));
    expect(await oak.sendDue()).toEqual(['0']);
    expect((await oak.onlyShare(bill.billId)).status).toBe('scheduled');
    oak.wait(6);
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
    broken.mockRestore();
  });
});

describe('what may not go out is never silently skipped (rule 63)', () => {
  const blockedFor = async (reason: string) => {
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    expect(await sharing()).toMatchObject({ status: 'blocked', blockedReason: reason });
    expect(await attention()).toMatchObject([{ kind: 'share_blocked', facts: { reason } }]);
    const query = { section: 'needs_attention' };
    const listed = await oak.ask(listBillsRow, serve(listBillsRow, listBills(oak.needs)), { query });
    expect(listed.body.items.map(({ billId }: { billId: string }) => billId)).toEqual([bill.billId]);
  };
  const change = (body: Record<string, unknown>) =>
    oak.ask(changeClientRow, changeClient, { path: { clientId }, body });

  it('consent withdrawn between asking and sending', async () => {
    await oak.share(bill.billId);
    await change({ emailAllowed: false });
    await blockedFor('email_not_allowed');
  });

  it('the address taken away', async () => {
    await oak.share(bill.billId);
    await change({ email: null });
    await blockedFor('no_recipient_email');
  });

  it('refused by the mail service', async () => {
    oak.mail.willAnswer({ outcome: 'rejected', code: 'MessageRejected' });
    await oak.share(bill.billId);
    await blockedFor('mail_rejected');
  });

  it('cancelled meanwhile: no mail, and nothing for staff to look at', async () => {
    await oak.share(bill.billId);
    const messages = await oak.swept();
    const handler = serve(cancelBillRow, cancelBill(oak.needs));
    await oak.ask(cancelBillRow, handler, { path: { billId: bill.billId }, body: {} });
    await oak.work(messages);
    expect([oak.mail.taken, await attention()]).toEqual([[], []]);
  });
});

describe('notices', () => {
  const notice = (kind: 'pay_link' | 'receipt' | 'refund_receipt' | 'fresh_link', more: Record<string, string> = {}) =>
    transact(noticeWrites(oak.practiceId, { kind, billId: bill.billId, at: oak.now, ...more }, oak.needs.newId));

  it('a link to confirm is mailed once, whatever comes twice, and falls away once the bill is paid', async () => {
    await notice('pay_link');
    const messages = await oak.swept();
    await Promise.all([oak.work(messages), oak.work(messages)]);
    expect(oak.mail.taken.map(({ message }) => message.subject)).toEqual([
      'Please confirm your payment to Oak Street Therapy LLC',
    ]);
    await pay(16500);
    await notice('pay_link');
    await oak.sendDue();
    expect(oak.mail.taken).toHaveLength(1);
  });

  it('a receipt tells amount and what is left', async () => {
    const { paymentId } = (await pay(6500)).body.payment;
    await notice('receipt', { paymentId });
    await oak.sendDue();
    expect(oak.mail.lastText).toContain('$65.00');
    expect(oak.mail.lastText).toContain('$100.00 is still due');
  });

  it('a lost answer is never sent again, and comes to staff', async () => {
    oak.mail.willAnswer('lost after sending');
    await notice('pay_link');
    for (let round = 0; round < 5; round += 1) {
      await oak.sendDue();
      oak.wait(6);
    }
    expect(oak.mail.taken).toHaveLength(1);
    expect(await attention()).toMatchObject([{ kind: 'mail_unknown' }]);
  });

  it('staff hear of a mail that the client must act on and may not get, and of any that is rejected or given up', async () => {
    const change = (emailAllowed: boolean) =>
      oak.ask(changeClientRow, changeClient, { path: { clientId }, body: { emailAllowed } });
    await change(false);
    await notice('pay_link');
    await notice('fresh_link');
    await notice('receipt', { paymentId: (await pay(500)).body.payment.paymentId });
    await oak.sendDue();
    await change(true);
    oak.mail.willAnswer({ outcome: 'rejected', code: 'MessageRejected' });
    await notice('fresh_link');
    await oak.sendDue();
    const throttled = { outcome: 'throttled', code: 'TooManyRequestsException' } as const;
    oak.mail.willAnswer(...Array.from({ length: 6 }, () => throttled));
    await transact(
      noticeWrites(
        oak.practiceId,
        { kind: 'digest', billId: '', memberId: oak.practice.admin.memberId, facts: { on: '2026-03-10' }, at: oak.now },
        oak.needs.newId,
      ),
    );
    for (let round = 0; round < 7; round += 1) {
      await oak.sendDue();
      oak.wait(64);
    }
    expect(oak.mail.taken).toEqual([]);
    const told = (await attention()).map(({ kind, billId, facts }: Answered['body']) => [
      kind,
      billId,
      facts.mail,
      facts.reason,
    ]);
    expect(told.sort((a: string[], b: string[]) => (String(a[2]) < String(b[2]) ? -1 : 1))).toEqual([
      ['mail_blocked', undefined, 'digest', 'mail_throttled'],
      ['mail_blocked', bill.billId, 'fresh_link', 'mail_rejected'],
      ['mail_blocked', bill.billId, 'pay_link', 'email_not_allowed'],
    ]);
    expect((await oak.record(bill.billId)).head.attention).toBe(2);
  });

  it('a bounce of a notice ends mail to that address as well', async () => {
    await notice('pay_link');
    await oak.sendDue();
    await oak.told('Bounce', String(oak.mail.taken[0]?.shareId), bounceOf('maya@example.com'));
    expect(await attention()).toMatchObject([{ kind: 'mail_bounced' }]);
    expect(await oak.share(bill.billId)).toMatchObject({ status: 409, body: { code: 'email_suppressed' } });
  });
});
