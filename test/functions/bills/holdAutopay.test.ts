import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as holdAutopay } from '../../../functions/bills/holdAutopay';
import { cancelBillRow, holdAutopayRow } from '../../../shared/operations/bills';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());

const hold = (billId: string, body: object = {}, asked: Asked = {}) =>
  oak.ask(holdAutopayRow, holdAutopay, { path: { billId }, body, ...asked });

describe('200', () => {
  it('keeps AutoPay off the bill, and the history tells who and why', async () => {
    const { billId } = await oak.bill();
    const answer = await hold(billId, { reason: 'Client asked us to wait' });
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(answer.body.autopay).toMatchObject({ held: true, holdReason: 'staff' });
    expect((await oak.history(billId))[0]).toMatchObject({
      action: 'autopay_held',
      actor: { kind: 'staff', id: oak.practice.admin.memberId },
      details: { reason: 'Client asked us to wait' },
    });
  });

  it('a second hold changes nothing, nor the reason of one that a refund set', async () => {
    const { billId } = await oak.bill();
    const { paymentId } = await oak.cash(billId, 10_000);
    await oak.refund(paymentId);
    const before = await oak.see(billId);
    expect(before.autopay).toMatchObject({ held: true, holdReason: 'refund_reopened' });
    expect((await hold(billId)).body).toEqual(before);
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const { billId } = await oak.bill();
    expect((await hold(billId, {}, { caller: oak.practice.colleague })).status).toBe(404);
  });
});

describe('409', () => {
  it('bill_cancelled: there is nothing to collect', async () => {
    const { billId } = await oak.bill();
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await hold(billId)).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});
