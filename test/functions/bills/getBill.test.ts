import { handler as getBill } from '../../../functions/bills/getBill';
import { getBillRow } from '../../../shared/operations/bills';
import type { Caller } from '../../../shared/operations/caller';
import { newMember, supervisorOf } from '../../fixtures/chart';
import { amountsOf, FrontDesk, openedAt, standAt, today, wait } from '../../fixtures/frontDesk';

let oak: FrontDesk;
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => standAt(openedAt));

const see = (billId: string, caller: Caller) => oak.ask(getBillRow, getBill, { path: { billId }, caller });

describe('200', () => {
  it('shows the bill with its payments, oldest first, each with its refunds (R60)', async () => {
    const { billId } = await oak.bill();
    const first = await oak.cash(billId, 6000, { notes: 'In an envelope' });
    wait(1);
    await oak.pay(billId, { type: 'other', description: 'Gift card', amountCents: 4000 });
    wait(1);
    await oak.refund(first.paymentId, { amountCents: 1000, reason: 'Counted twice' });
    const { headers, body } = await see(billId, oak.practice.admin);
    expect(headers.etag).toBe('"4"');
    expect(amountsOf(body)).toBe('T 10000, C 10000/9000/1000, partially_paid');
    expect(body.payments).toMatchObject([
      {
        type: 'cash_check',
        amountCents: 6000,
        appliedCents: 5000,
        refundedCents: 1000,
        refundableCents: 5000,
        status: 'partially_refunded',
        notes: 'In an envelope',
        refunds: [
          { amountCents: 1000, destination: 'offline', effect: 'reopen', origin: 'app', reason: 'Counted twice' },
        ],
      },
      { type: 'other', description: 'Gift card', amountCents: 4000, status: 'succeeded', refunds: [] },
    ]);
    expect(body.autopay).toMatchObject({ held: true, holdReason: 'refund_reopened' });
  });

  it('(R15, R16) takes comments and a due date, which decides from which day of the practice it is overdue', async () => {
    const bill = await oak.bill(10_000, { comments: 'See you next week.', dueOn: today });
    expect(bill).toMatchObject({ comments: 'See you next week.', dueOn: today, overdue: false });
    // Half past eleven in the evening of the due date in New York is the next day in UTC.
    standAt('2026-03-11T03:30:00Z');
    expect((await oak.see(bill.billId)).overdue).toBe(false);
    wait(30);
    expect((await oak.see(bill.billId)).overdue).toBe(true);
  });

  it('a bill on which only the insurer owes is never overdue', async () => {
    const clientId = await oak.client();
    await oak.policy(clientId);
    const { billId } = await oak.bill(10_000, { clientId, responsibility: 'insurance', dueOn: today });
    standAt('2026-06-01T12:00:00Z');
    expect(await oak.see(billId)).toMatchObject({ overdue: false, status: 'awaiting_insurance' });
  });

  it('office and own practitioner see it, a supervisor the supervised one’s', async () => {
    const { billId } = await oak.bill();
    const { admin, biller, practitioner } = oak.practice;
    const supervisor = await supervisorOf(oak.practice, practitioner);
    for (const caller of [admin, biller, practitioner, supervisor]) {
      expect((await see(billId, caller)).status).toBe(200);
    }
  });
});

describe('404', () => {
  it('another practitioner’s bill, another practice’s and one that never was are answered alike', async () => {
    const { billId } = await oak.bill();
    const elm = await oak.neighbour();
    const stranger = await newMember(oak.practice, ['supervisor']);
    const nowhere = `bill_${'0'.repeat(26)}`;
    const answers = [
      await see(billId, oak.practice.colleague),
      await see(billId, stranger),
      await see(billId, elm.practice.admin),
      await see(nowhere, oak.practice.admin),
    ];
    const [first, ...others] = answers.map(({ status, body }) => ({ status, body }));
    expect(first).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'There is no such bill.' } });
    for (const other of others) expect(other).toEqual(first);
  });
});
