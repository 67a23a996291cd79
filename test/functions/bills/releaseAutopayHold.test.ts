import { handler as releaseAutopayHold } from '../../../functions/bills/releaseAutopayHold';
import { releaseAutopayHoldRow } from '../../../shared/operations/bills';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const release = (billId: string, asked: Asked = {}) =>
  oak.ask(releaseAutopayHoldRow, releaseAutopayHold, { path: { billId }, ...asked });
const refunded = async () => {
  const { billId } = await oak.bill();
  const { paymentId } = await oak.cash(billId, 10_000);
  wait(1);
  await oak.refund(paymentId);
  wait(1);
  return billId;
};

describe('200', () => {
  it('staff release what a refund held, and the next refund holds it again (HOLD)', async () => {
    const billId = await refunded();
    const { status, body } = await release(billId);
    expect([status, body.autopay.held, 'holdReason' in body.autopay]).toEqual([200, false, false]);
    expect((await oak.history(billId))[0]).toMatchObject({ action: 'autopay_released' });
    const { paymentId } = await oak.cash(billId, 5000);
    await oak.refund(paymentId);
    expect((await oak.see(billId)).autopay.held).toBe(true);
  });

  it('where nothing is held nothing happens', async () => {
    const bill = await oak.bill();
    expect((await release(bill.billId)).body).toEqual(bill);
  });
});

describe('404', () => {
  it('another practitioner’s bill is not there', async () => {
    const billId = await refunded();
    expect((await release(billId, { caller: oak.practice.colleague })).status).toBe(404);
    expect((await oak.see(billId)).autopay.held).toBe(true);
  });
});
