import { listAttention } from '../../../functions/attention/listAttention';
import { resolveAttention } from '../../../functions/attention/resolveAttention';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as getBill } from '../../../functions/bills/getBill';
import { handler as listBills } from '../../../functions/bills/listBills';
import { serve } from '../../../shared/http/serve';
import { newId } from '../../../shared/ids';
import { listAttentionRow, resolveAttentionRow } from '../../../shared/operations/attention';
import { deleteBillRow, getBillRow, listBillsRow } from '../../../shared/operations/bills';
import type { StaffCaller } from '../../../shared/operations/caller';
import { attentionStore } from '../../../shared/store/attentionStore';
import { transact } from '../../../shared/store/kernel';
import type { Asked } from '../../fixtures/apiEvent';
import { pagesOf } from '../../fixtures/pages';
import { bounceOf, clientEmail, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

let store: OpenStore;
let oak: Office;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
});

const list = (asked: Asked = {}) => oak.ask(listAttentionRow, serve(listAttentionRow, listAttention()), asked);
const resolve = (attentionId: string, asked: Asked = {}) =>
  oak.ask(resolveAttentionRow, serve(resolveAttentionRow, resolveAttention(oak.needs)), {
    path: { attentionId },
    body: {},
    ...asked,
  });
const items = async () => (await list()).body.items;
const marked = async () =>
  (await oak.ask(listBillsRow, listBills, { query: { section: 'needs_attention' } })).body.items.map(
    ({ billId }: { billId: string }) => billId,
  );
const needsAttention = async (billId: string) =>
  (await oak.ask(getBillRow, getBill, { path: { billId } })).body.needsAttention;

/** A shared bill whose mail came back. */
async function bouncedBill(clientId?: string): Promise<string> {
  const { billId } = await oak.bill(clientId);
  await oak.share(billId);
  await oak.sendDue();
  await oak.told('Bounce', (await oak.onlyShare(billId)).shareId, bounceOf(clientEmail));
  return billId;
}
/** Something that concerns no bill. */
async function noted(at: string): Promise<string> {
  const attentionId = newId('wrk');
  const { practiceId } = oak;
  await transact([attentionStore.add(practiceId, { attentionId, kind: 'noted', at: at as typeof oak.now, facts: {} })]);
  return attentionId;
}

describe('GET /attention 200', () => {
  it('a bounced mail names its bill and client by id, its facts hold no address (clarifications 36, 45)', async () => {
    const clientId = await oak.client();
    const billId = await bouncedBill(clientId);
    for (const caller of [oak.practice.admin, oak.practice.biller] as StaffCaller[]) {
      const { body } = await list({ caller });
      expect(body.items).toMatchObject([{ kind: 'mail_bounced', billId, clientId }]);
      expect(JSON.stringify(body)).not.toContain(clientEmail);
    }
    expect(await marked()).toEqual([billId]);
    expect(await needsAttention(billId)).toBe(true);
  });

  it('open ones first, the newest of each first, over pages of any size, none lost or doubled', async () => {
    const times = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'].map(
      on => `${on}T08:00:00.000Z`,
    );
    const [a, b, c, d, e] = await Promise.all(times.map(noted));
    for (const attentionId of [b, d]) await resolve(attentionId ?? '');
    for (const limit of [1, 2, 3, 4, 5, 100]) {
      const pages = await pagesOf<{ attentionId: string }>(list, {}, limit);
      expect(pages.every(({ length }) => length <= limit)).toBe(true);
      expect(pages.flat().map(({ attentionId }) => attentionId)).toEqual([e, c, a, d, b]);
    }
  });

  it('shows nothing of another practice', async () => {
    await noted('2026-03-01T08:00:00.000Z');
    const elm = await Office.open();
    expect((await list({ caller: elm.practice.admin })).body.items).toEqual([]);
  });
});

describe('POST /attention/{attentionId}/resolve 200', () => {
  it('says who saw to it and when; the bill leaves "Needs attention" in the same moment (clarification 36)', async () => {
    const billId = await bouncedBill();
    const [{ attentionId }] = await items();
    oak.wait(5);
    const answer = await resolve(attentionId, { caller: oak.practice.biller, body: { choice: 'called_client' } });
    const { memberId: resolvedBy } = oak.practice.biller;
    expect(answer).toMatchObject({
      status: 200,
      body: { attentionId, billId, resolvedBy, resolvedAt: oak.now, choice: 'called_client' },
    });
    expect(await marked()).toEqual([]);
    expect(await needsAttention(billId)).toBe(false);
    expect((await oak.record(billId)).head.version).toBe(1);
  });

  it('a bill with two troubles stays marked until both are seen to', async () => {
    const billId = await bouncedBill();
    await oak.told('Complaint', (await oak.onlyShare(billId)).shareId, {
      complaint: { complainedRecipients: [{ emailAddress: clientEmail }] },
    });
    const [first, second] = await items();
    await resolve(first.attentionId);
    expect([await needsAttention(billId), await marked()]).toEqual([true, [billId]]);
    await resolve(second.attentionId);
    expect([await needsAttention(billId), await marked()]).toEqual([false, []]);
  });

  it('of two who resolve it at once, the first one’s choice stands, and the bill is not counted down twice', async () => {
    const billId = await bouncedBill();
    const [{ attentionId }] = await items();
    writeTogether(store, 2);
    await Promise.all(['called_client', 'sent_letter'].map(choice => resolve(attentionId, { body: { choice } })));
    const [stands] = await items();
    const later = await resolve(attentionId, { body: { choice: 'something_else' } });
    expect(later).toMatchObject({ status: 200, body: { choice: stands.choice, resolvedAt: stands.resolvedAt } });
    expect((await oak.record(billId)).head.attention).toBe(0);
  });

  it('a repeat under the same key answers alike', async () => {
    const attentionId = await noted('2026-03-01T08:00:00.000Z');
    const asked = { key: 'seen to once' };
    const [first, second] = [await resolve(attentionId, asked), await resolve(attentionId, asked)];
    expect(second).toMatchObject({ status: 200, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });

  it('allow_again: mail may go to the address that bounced, and only with that choice', async () => {
    const clientId = await oak.client();
    const billId = await bouncedBill(clientId);
    expect(await oak.share(billId)).toMatchObject({ status: 409, body: { code: 'email_suppressed' } });
    const [{ attentionId }] = await items();
    await resolve(attentionId, { body: { choice: 'allow_again' } });
    expect((await oak.share(billId)).status).toBe(202);
  });

  it('of a bill that was deleted meanwhile it can still be resolved', async () => {
    const billId = await bouncedBill();
    const [{ attentionId }] = await items();
    expect((await oak.ask(deleteBillRow, deleteBill, { path: { billId } })).status).toBe(204);
    expect((await resolve(attentionId)).status).toBe(200);
    expect(await items()).toMatchObject([{ attentionId, resolvedBy: oak.practice.admin.memberId }]);
  });
});

describe('POST /attention/{attentionId}/resolve 404', () => {
  it('what nobody has, and what is another practice’s', async () => {
    const attentionId = await noted('2026-03-01T08:00:00.000Z');
    const elm = await Office.open();
    expect(await resolve(attentionId, { caller: elm.practice.admin })).toMatchObject({
      status: 404,
      body: { code: 'not_found', what: 'attention' },
    });
    expect((await resolve(newId('wrk'))).status).toBe(404);
    expect((await items())[0]).not.toHaveProperty('resolvedAt');
  });
});
