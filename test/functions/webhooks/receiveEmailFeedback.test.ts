import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as resolveAttention } from '../../../functions/attention/resolveAttention';
import { deleteBill } from '../../../functions/bills/deleteBill';
import { handler as getBill } from '../../../functions/bills/getBill';
import { handler as getBillHistory } from '../../../functions/bills/getBillHistory';
import { receiveEmailFeedback } from '../../../functions/webhooks/receiveEmailFeedback';
import type { Attention } from '../../../shared/domain/attention';
import { newNotice } from '../../../shared/domain/notice';
import { serve } from '../../../shared/http/serve';
import { newId } from '../../../shared/ids';
import { listAttentionRow, resolveAttentionRow } from '../../../shared/operations/attention';
import { deleteBillRow, getBillHistoryRow, getBillRow } from '../../../shared/operations/bills';
import { useDocumentClient } from '../../../shared/store/kernel';
import { noticeStore } from '../../../shared/store/noticeStore';
import { noticeEntity } from '../../../shared/store/table';
import { bounceOf, clientEmail, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

/** What the mail service tells of a mail; how it settles a lost answer is held by `sendDueMail.test.ts`. */
let store: OpenStore;
let oak: Office;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
});

async function sharedBill() {
  const { billId } = await oak.bill();
  await oak.share(billId);
  oak.wait(1);
  await oak.sendDue();
  oak.wait(1);
  const { shareId } = await oak.onlyShare(billId);
  return { billId, shareId };
}
const see = async (billId: string) => (await oak.ask(getBillRow, getBill, { path: { billId } })).body;
const delivery = async (billId: string) => (await see(billId)).sharing.delivery;
const complaint = { complaint: { complainedRecipients: [{ emailAddress: clientEmail }] } };

describe('a mail that arrived', () => {
  it('shows on the bill and in its history, without a new version', async () => {
    const { billId, shareId } = await sharedBill();
    expect(await delivery(billId)).toBe('sent');
    const { version } = await see(billId);
    await oak.told('Delivery', shareId);
    const bill = await see(billId);
    expect([bill.sharing.delivery, bill.shares[0].delivery, bill.version]).toEqual(['delivered', 'delivered', version]);
    const history = await oak.ask(getBillHistoryRow, getBillHistory, { path: { billId } });
    expect(history.body.items[0]).toMatchObject({ action: 'mail_delivered', details: { shareId } });
  });

  it('is found while its sending is being recorded: it passes from the due work to its link', async () => {
    const { billId, shareId } = await sharedBill();
    let looks = 0;
    // The first look comes before the record, the second one after it.
    const send = async (command: { input: object }) => {
      const isLook =
        'KeyConditionExpression' in command.input && JSON.stringify(command.input).includes(`LINK#${shareId}`);
      looks += isLook ? 1 : 0;
      return isLook && looks === 1 ? { Items: [] } : store.documents.send(command as never);
    };
    useDocumentClient({ send } as never);
    await oak.told('Delivery', shareId).finally(() => useDocumentClient(store.documents));
    expect([looks, await delivery(billId)]).toEqual([2, 'delivered']);
  });

  it('that an index does not show yet is looked for again by the next call, and given up when it was deleted', async () => {
    await expect(oak.told('Bounce', newId('share'))).rejects.toThrow('not found yet');
    await oak.told('Bounce', newId('share'), {}, 1);
  });

  it('in any order and however often told, the gravest word stands', async () => {
    const { billId, shareId } = await sharedBill();
    for (const word of ['Delivery', 'Send', 'Delivery', 'Open', 'Click']) await oak.told(word, shareId);
    expect(await delivery(billId)).toBe('delivered');
    await oak.told('Bounce', shareId, bounceOf(clientEmail));
    await oak.told('Delivery', shareId);
    expect(await delivery(billId)).toBe('bounced');
    const history = await oak.ask(getBillHistoryRow, getBillHistory, { path: { billId } });
    const told = history.body.items.map(({ action }: { action: string }) => action);
    expect(told).toEqual(['mail_bounced', 'mail_delivered', 'bill_shared', 'share_scheduled', 'bill_issued']);
  });
});

describe('a mail that did not (rule 62)', () => {
  it('bounced for good: staff are told once, and the address takes no mail any more', async () => {
    const { billId, shareId } = await sharedBill();
    for (const _ of [1, 2]) await oak.told('Bounce', shareId, bounceOf(clientEmail));
    expect(await see(billId)).toMatchObject({ needsAttention: true, sharing: { delivery: 'bounced' } });
    expect((await oak.record(billId)).head.attention).toBe(1);
    expect((await oak.share(billId)).body.code).toBe('email_suppressed');
  });

  it('a full mailbox is told as well, but its address may be mailed again', async () => {
    const { billId, shareId } = await sharedBill();
    await oak.told('Bounce', shareId, bounceOf(clientEmail, 'Transient'));
    expect(await delivery(billId)).toBe('bounced');
    expect((await oak.share(billId)).status).toBe(202);
  });

  it('reported as unwanted: never again to that address', async () => {
    const { billId, shareId } = await sharedBill();
    await oak.told('Complaint', shareId, complaint);
    expect(await see(billId)).toMatchObject({ needsAttention: true, sharing: { delivery: 'complained' } });
    expect((await oak.share((await oak.bill()).billId)).body.code).toBe('email_suppressed');
  });

  it('of a bill that was deleted meanwhile the address still takes no mail any more', async () => {
    const { billId, shareId } = await sharedBill();
    await oak.ask(deleteBillRow, serve(deleteBillRow, deleteBill(oak.needs)), { path: { billId } });
    await oak.told('Bounce', shareId, bounceOf(clientEmail));
    expect((await oak.share((await oak.bill()).billId)).body.code).toBe('email_suppressed');
  });
});

describe('a mail that is about no bill', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['bounced for good', 'Bounce', bounceOf(clientEmail)],
    ['reported as unwanted', 'Complaint', complaint],
  ])('%s: staff are told once, and its address takes no mail any more', async (_, word, more) => {
    const { billId } = await oak.bill();
    const clientId = (await see(billId)).clientId;
    const subject = { billId: '', clientId, kind: 'card_expiring', cardId: 'card_1' } as const;
    const notice = newNotice(subject, { noticeId: newId('wrk'), at: oak.now });
    const sent = { ...notice, status: 'sent', delivery: 'sent', messageId: 'message-1' } as const;
    const { dueAt: _due, ...item } = sent;
    await noticeStore.replace(oak.practiceId, item);
    for (const __ of [1, 2]) await oak.told(word, notice.noticeId, more);
    const key = noticeEntity.key(oak.practiceId, item);
    expect(await noticeStore.at(key)).toMatchObject({ delivery: word === 'Bounce' ? 'bounced' : 'complained' });
    const { body } = await oak.ask(listAttentionRow, listAttention, {});
    const kind = word === 'Bounce' ? 'mail_bounced' : 'mail_complained';
    expect(body.items.filter((told: Attention) => told.clientId === clientId)).toEqual([
      expect.objectContaining({ kind, facts: expect.objectContaining({ mail: 'card_expiring' }) }),
    ]);
    expect((await oak.share(billId)).body.code).toBe('email_suppressed');
    const { attentionId } = body.items[0];
    await oak.ask(resolveAttentionRow, resolveAttention, { path: { attentionId }, body: { choice: 'allow_again' } });
    expect((await oak.share(billId)).status).toBe(202);
  });
});

describe('what is no news of ours', () => {
  it('another practice’s name, an unknown mail, and one without our marks change nothing', async () => {
    const { billId, shareId } = await sharedBill();
    const elm = await Office.open();
    await elm.told('Bounce', shareId, bounceOf(clientEmail));
    await oak.told('Bounce', `share_${'0'.repeat(26)}`, bounceOf(clientEmail), 1);
    const detail = { eventType: 'Bounce', mail: { messageId: 'message-1' }, ...bounceOf(clientEmail) };
    await receiveEmailFeedback(oak.needs)({ time: oak.now, detail });
    expect(await see(billId)).toMatchObject({ needsAttention: false, sharing: { delivery: 'sent' } });
    expect((await oak.share(billId)).status).toBe(202);
  });
});
