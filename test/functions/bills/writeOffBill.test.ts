import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { cancelBillRow, writeOffBillRow } from '../../../shared/operations/bills';
import type { Asked } from '../../fixtures/apiEvent';
import { amountsOf, FrontDesk } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const writeOff = (billId: string, amountCents: number, asked: Asked = {}) =>
  oak.ask(writeOffBillRow, writeOffBill, {
    path: { billId },
    body: { amountCents, reason: 'Cannot be collected' },
    ...asked,
  });

describe('201', () => {
  it('(W22) gives up part of what the client owes, over the lines by what the client owes on each', async () => {
    const clientId = await oak.client();
    const sessionId = await oak.session(clientId);
    const lines = [3000, 1000].map(unitPriceCents => ({ description: 'Therapy', unitPriceCents }));
    const { body: bill } = await oak.create({ clientId, sessions: [{ sessionId, lines }] });
    const { status, body, headers } = await writeOff(bill.billId, 1500);
    expect([status, headers.etag, amountsOf(body)]).toEqual([201, '"2"', 'T 4000, C 2500/0/2500, W 1500, open']);
    expect(body.lines).toMatchObject([
      { amountCents: 3000, clientPortionCents: 1875, writeOffCents: 1125 },
      { amountCents: 1000, clientPortionCents: 625, writeOffCents: 375 },
    ]);
    const [event] = await oak.history(bill.billId);
    expect(event).toMatchObject({ action: 'written_off', details: { reason: 'Cannot be collected' } });
  });

  it('all of it leaves nothing to pay, and no payment is told of', async () => {
    const { billId } = await oak.bill();
    await oak.cash(billId, 4000);
    const { body } = await writeOff(billId, 6000);
    expect(amountsOf(body)).toBe('T 10000, C 4000/4000/0, W 6000, paid');
    expect(body.payments).toHaveLength(1);
  });

  it('a repeat under the same key writes off once', async () => {
    const { billId } = await oak.bill();
    const asked = { key: 'write it off once' };
    const [first, second] = [await writeOff(billId, 100, asked), await writeOff(billId, 100, asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await oak.see(billId)).writeOffCents).toBe(100);
    expect((await writeOff(billId, 200, asked)).body).toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe('403', () => {
  it('a practitioner gives up no money of the practice (rule 72)', async () => {
    const { billId } = await oak.bill();
    const answer = await writeOff(billId, 100, { caller: oak.practice.practitioner });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', roles: ['admin', 'biller'] } });
  });
});

describe('409', () => {
  it('amount_exceeds_balance tells the balance; the insurer’s part is not written off here', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 3000 });
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance' });
    const answer = await writeOff(billId, 3001);
    expect(answer).toMatchObject({ status: 409, body: { code: 'amount_exceeds_balance', clientBalanceCents: 3000 } });
  });

  it('bill_cancelled', async () => {
    const { billId } = await oak.bill();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await writeOff(billId, 100)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});

describe('412', () => {
  it('version_conflict tells the version', async () => {
    const { billId } = await oak.bill();
    await oak.cash(billId, 100);
    const stale = await writeOff(billId, 100, { headers: { 'if-match': '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { version: 2 } });
  });
});
