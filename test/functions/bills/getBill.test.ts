import { handler as getBill } from '../../../functions/bills/getBill';
import { getBillRow } from '../../../shared/operations/bills';
import type { Caller } from '../../../shared/operations/caller';
import { newMember, supervisorOf } from '../../fixtures/chart';
import { amountsOf, FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';

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
