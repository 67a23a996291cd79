import { handler as getBillShares } from '../../../functions/shares/listBillShares';
import { revokeShare } from '../../../functions/shares/revokeShare';
import { withdrawShare } from '../../../functions/shares/withdrawShare';
import { serve } from '../../../shared/http/serve';
import { listBillSharesRow, revokeShareRow, withdrawShareRow } from '../../../shared/operations/shares';
import { Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let billId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  ({ billId } = await oak.bill());
});

const withdraw = () =>
  oak.ask(withdrawShareRow, serve(withdrawShareRow, withdrawShare(oak.needs)), { path: { billId } });
const revoke = (shareId: string, caller = oak.practice.admin) =>
  oak.ask(revokeShareRow, serve(revokeShareRow, revokeShare(oak.needs)), { path: { shareId }, body: {}, caller });
const list = () => oak.ask(listBillSharesRow, getBillShares, { path: { billId } });

describe('DELETE …/share 200', () => {
  it('takes back what was not sent, so that no mail goes out and the bill is unshared again', async () => {
    await oak.share(billId);
    const answer = await withdraw();
    expect(answer).toMatchObject({ status: 200, body: { version: 1, sharing: { status: 'not_shared' } } });
    await oak.sendDue();
    expect(oak.mail.taken).toEqual([]);
    expect((await withdraw()).status).toBe(200);
  });

  it('wins or loses against the sending, never both', async () => {
    await oak.share(billId);
    const messages = await oak.swept();
    const [answer] = await Promise.all([withdraw(), oak.work(messages)]);
    const { status } = await oak.onlyShare(billId);
    expect([answer.status, status, oak.mail.taken.length]).toEqual(
      answer.status === 200 ? [200, 'withdrawn', 0] : [409, 'sent', 1],
    );
  });
});

describe('DELETE …/share 409', () => {
  it('share_already_sent: a mail cannot be taken back', async () => {
    await oak.share(billId);
    await oak.sendDue();
    expect(await withdraw()).toMatchObject({ status: 409, body: { code: 'share_already_sent' } });
  });
});

describe('POST /shares/{shareId}/revoke 200', () => {
  it('ends the link; the bill stays shared, and a repeat changes nothing', async () => {
    await oak.share(billId);
    await oak.sendDue();
    const { shareId } = await oak.onlyShare(billId);
    for (const _ of [1, 2]) {
      expect(await revoke(shareId)).toMatchObject({
        status: 200,
        body: { share: { status: 'revoked' }, bill: { sharing: { status: 'shared' } } },
      });
    }
    expect((await oak.onlyShare(billId)).events?.filter(({ what }) => what === 'revoked')).toHaveLength(1);
  });
});

describe('POST /shares/{shareId}/revoke 404', () => {
  it('another practitioner’s share and another practice’s are not there', async () => {
    await oak.share(billId);
    const { shareId } = await oak.onlyShare(billId);
    const elm = await Office.open();
    expect((await revoke(shareId, oak.practice.colleague)).status).toBe(404);
    expect((await revoke(shareId, elm.practice.admin)).status).toBe(404);
    expect((await oak.onlyShare(billId)).status).toBe('scheduled');
  });
});

describe('GET …/shares 200', () => {
  it('lists every share of the bill, the newest first', async () => {
    await oak.share(billId);
    oak.wait(1);
    await oak.sendDue();
    await oak.share(billId, { body: { channel: 'portal' } });
    const { items } = (await list()).body;
    expect(items.map(({ channel, status }: { channel: string; status: string }) => [channel, status])).toEqual([
      ['portal', 'sent'],
      ['email', 'sent'],
    ]);
  });
});
