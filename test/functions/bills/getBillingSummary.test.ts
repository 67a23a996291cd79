import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as getBillingSummary } from '../../../functions/bills/getBillingSummary';
import { cancelBillRow, getBillingSummaryRow } from '../../../shared/operations/bills';
import type { Caller } from '../../../shared/operations/caller';
import { needingAttention } from '../../fixtures/attention';
import { FrontDesk, openedAt, standAt, waitDays } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const summary = async (desk: FrontDesk, caller: Caller = desk.practice.admin) =>
  (await desk.ask(getBillingSummaryRow, getBillingSummary, { caller })).body.sections;
const sum = (count: number, clientBalanceCents = 0, insurerBalanceCents = 0) => ({
  count,
  clientBalanceCents,
  insurerBalanceCents,
});
const nothing = {
  open: sum(0),
  overdue: sum(0),
  partially_paid: sum(0),
  awaiting_insurance: sum(0),
  needs_attention: sum(0),
  paid: sum(0),
  cancelled: sum(0),
};

describe('200', () => {
  it('counts each section and sums what clients and insurers owe there', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId, { copayCents: 2000 });
    const late = await oak.bill(10_000, { clientId, dueOn: '2026-03-10' });
    const partly = await oak.bill(5000, { clientId });
    await oak.cash(partly.billId, 1000);
    const insured = { clientId, responsibility: 'insurance' };
    const waiting = await oak.bill(9000, insured);
    await oak.cash(waiting.billId, 2000);
    await oak.bill(8000, insured);
    const paid = await oak.bill(700, { clientId });
    await oak.cash(paid.billId, 700);
    const { billId } = await oak.bill(600, { clientId });
    await oak.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    await needingAttention(oak, paid.billId);
    await needingAttention(oak, late.billId);
    await needingAttention(oak, late.billId);
    waitDays(1);
    expect(await summary(oak)).toEqual({
      open: sum(4, 16_000, 13_000),
      overdue: sum(1, 10_000),
      partially_paid: sum(1, 4000),
      awaiting_insurance: sum(1, 0, 7000),
      needs_attention: sum(2, 10_000),
      paid: sum(1),
      cancelled: sum(1),
    });
  });

  it('tells a practitioner of own clients’ bills only, paid and cancelled ones included', async () => {
    const { practitioner, colleague, biller } = oak.practice;
    expect(await summary(oak, colleague)).toEqual(nothing);
    expect(await summary(oak, practitioner)).toEqual(await summary(oak, biller));
  });

  it('counts paid bills of the last 365 days, and nothing of another practice', async () => {
    const elm = await oak.neighbour();
    expect(await summary(elm)).toEqual(nothing);
    const { billId } = await elm.bill();
    await elm.cash(billId, 10_000);
    waitDays(365);
    expect((await summary(elm)).paid).toEqual(sum(1));
    waitDays(1);
    expect((await summary(elm)).paid).toEqual(sum(0));
  });
});
