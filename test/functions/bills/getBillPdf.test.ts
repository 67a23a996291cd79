import { getBillPdf } from '../../../functions/bills/getBillPdf';
import { handler as changePolicy } from '../../../functions/policies/changePolicy';
import { serve } from '../../../shared/http/serve';
import { getBillPdfRow } from '../../../shared/operations/bills';
import { changePolicyRow } from '../../../shared/operations/policies';
import { practiceStore } from '../../../shared/store/practiceStore';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';

let oak: FrontDesk;
const documents = new MemoryDocuments();
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const pdf = (billId: string, accept: string, asked: Asked = {}) =>
  oak.ask(getBillPdfRow, serve(getBillPdfRow, getBillPdf(documents)), {
    path: { billId },
    headers: { accept },
    ...asked,
  });
const keysOf = (billId: string): string[] => [...documents.kept.keys()].filter(key => key.includes(billId));

describe('200', () => {
  it('each state of the bill has its paper, and the same state the same bytes', async () => {
    const { billId } = await oak.bill(10_000, { comments: 'See you next week.' });
    const [first, again] = [await pdf(billId, 'application/pdf'), await pdf(billId, 'application/pdf')];
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' }, body: again.body });
    expect(Buffer.from(first.body, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    await oak.cash(billId, 4000);
    const paid = await pdf(billId, 'application/pdf');
    expect(paid.body).not.toBe(first.body);
    expect(keysOf(billId)).toHaveLength(2);
  });

  it('shows the insurer and the way to pay as they are now, and what it showed before when they are so again', async () => {
    const clientId = await oak.client();
    const policyId = await oak.policy(clientId, { copayCents: 3000 });
    const sessions = [{ sessionId: await oak.session(clientId) }];
    const { billId } = (await oak.create({ clientId, responsibility: 'insurance', sessions })).body;
    const shown = async () => (await pdf(billId, 'application/pdf')).body;
    const takesCards = async (onlinePayments: boolean) => {
      const practice = await practiceStore.load(oak.practiceId);
      await practiceStore.replace({ ...practice, onlinePayments, stripe: { status: 'ready', mode: 'test' } });
    };
    await takesCards(false);
    const offline = await shown();
    await takesCards(true);
    const online = await shown();
    await oak.done(changePolicyRow, changePolicy, { path: { clientId, policyId }, body: { memberId: 'Q99112233' } });
    const corrected = await shown();
    expect(new Set([offline, online, corrected]).size).toBe(3);
    await oak.done(changePolicyRow, changePolicy, { path: { clientId, policyId }, body: { memberId: 'W-1' } });
    await takesCards(false);
    expect(await shown()).toBe(offline);
    expect(keysOf(billId)).toHaveLength(3);
  });
});

describe('404', () => {
  it('another practitioner’s bill has no paper, and none is made', async () => {
    const { billId } = await oak.bill();
    expect((await pdf(billId, 'application/pdf', { caller: oak.practice.colleague })).status).toBe(404);
    expect(keysOf(billId)).toEqual([]);
  });
});
