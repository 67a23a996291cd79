import { cancelBill } from '../../../functions/bills/cancelBill';
import { deleteBill } from '../../../functions/bills/deleteBill';
import { getBill } from '../../../functions/bills/getBill';
import { lookupBill } from '../../../functions/guest/lookupBill';
import { addPayment } from '../../../functions/payments/addPayment';
import { revokeShare } from '../../../functions/shares/revokeShare';
import { serve } from '../../../shared/http/serve';
import { cancelBillRow, deleteBillRow, getBillRow } from '../../../shared/operations/bills';
import { lookupBillRow } from '../../../shared/operations/guest';
import { addPaymentRow } from '../../../shared/operations/payments';
import { revokeShareRow } from '../../../shared/operations/shares';
import { bounceOf, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: Office;
let bill: { billId: string; number: string; accessCode: string };
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await Office.open();
  bill = await oak.bill();
});

let addresses = 0;
const newAddress = (): string => {
  addresses += 1;
  return `198.51.${Math.floor(addresses / 250)}.${addresses % 250}`;
};
const lookup = (body: unknown, address = newAddress()) =>
  oak.ask(lookupBillRow, serve(lookupBillRow, lookupBill(oak.needs, oak.needs.linkKey)), {
    caller: undefined,
    body,
    headers: { 'x-forwarded-for': `${address}, 130.176.0.1` },
  });
const wrong = (accessCode: string): string => String((Number(accessCode) + 1) % 1_000_000).padStart(6, '0');

async function mailedLink(): Promise<string> {
  await oak.share(bill.billId);
  await oak.sendDue();
  return /#t=(\S+)/.exec(oak.mail.lastText)?.[1] ?? '';
}
const cancel = () =>
  oak.ask(cancelBillRow, serve(cancelBillRow, cancelBill(oak.needs)), { path: { billId: bill.billId }, body: {} });

const shown = {
  status: 'open',
  practiceName: 'Oak Street Therapy LLC',
  practiceEmail: 'office@oak.example.com',
  currency: 'USD',
  dueOn: '2026-03-24',
  clientPortionCents: 16500,
  clientPaidCents: 0,
  refundedCents: 0,
  clientBalanceCents: 16500,
  allowPartial: true,
  onlinePayments: true,
  minimumCents: 50,
  cardSetup: false,
};

describe('200 by number and code', () => {
  it('opens the bill for half an hour, with amounts and nothing clinical', async () => {
    const answer = await lookup({ number: bill.number, accessCode: bill.accessCode });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      token: expect.stringMatching(/^gst_[\w-]{43}$/),
      expiresAt: '2026-03-10T15:30:00.000Z',
      bill: { ...shown, number: bill.number },
    });
  });

  it.each([
    ['lower case', (number: string) => number.toLowerCase()],
    ['no dash', (number: string) => number.replace('-', '')],
    ['blanks', (number: string) => ` ${number} `],
  ])('takes the number as people type it: %s', async (_, typed) => {
    expect((await lookup({ number: typed(bill.number), accessCode: bill.accessCode })).status).toBe(200);
  });

  it('right codes never count', async () => {
    for (let round = 0; round < 25; round += 1) {
      const answer = await lookup({ number: bill.number, accessCode: bill.accessCode }, '192.0.2.9');
      expect(answer.status).toBe(200);
    }
  });

  it('shows what was paid', async () => {
    await oak.ask(addPaymentRow, serve(addPaymentRow, addPayment(oak.needs)), {
      path: { billId: bill.billId },
      body: { type: 'cash_check', amountCents: 6500 },
      key: 'pay some of it',
    });
    const answer = await lookup({ number: bill.number, accessCode: bill.accessCode });
    expect(answer.body.bill).toMatchObject({
      status: 'partially_paid',
      clientPaidCents: 6500,
      clientBalanceCents: 10000,
    });
  });
});

describe('200 by link', () => {
  it('opens the bill, and the first look is noted once, without a new version', async () => {
    const linkToken = await mailedLink();
    oak.wait(5);
    const lookedAt = oak.now;
    expect((await lookup({ linkToken })).body.bill).toEqual({ ...shown, number: bill.number });
    oak.wait(5);
    await lookup({ linkToken });
    const seen = await oak.ask(getBillRow, serve(getBillRow, getBill(oak.needs)), { path: { billId: bill.billId } });
    expect(seen.body).toMatchObject({ version: 1, sharing: { status: 'shared', viewedAt: lookedAt } });
  });

  it('opens it also while nobody knows yet that the mail went out', async () => {
    oak.mail.willAnswer('lost after sending');
    expect((await lookup({ linkToken: await mailedLink() })).status).toBe(200);
  });

  it('a cancelled bill says so and no more', async () => {
    const linkToken = await mailedLink();
    await cancel();
    const { practiceName, practiceEmail } = shown;
    const answer = await lookup({ linkToken });
    expect(answer.body.bill).toEqual({ status: 'cancelled', practiceName, practiceEmail });
    const byCode = await lookup({ number: bill.number, accessCode: bill.accessCode });
    expect(byCode.body.bill).toEqual(answer.body.bill);
  });

  it('is never limited, however many codes were wrong (clarification 9)', async () => {
    const linkToken = await mailedLink();
    for (let round = 0; round < 12; round += 1)
      await lookup({ number: bill.number, accessCode: wrong(bill.accessCode) });
    expect((await lookup({ linkToken })).status).toBe(200);
  });
});

describe('404', () => {
  const notFound = { status: 404, body: { code: 'bill_not_found' } };

  it('a wrong code and an unknown number are answered alike', async () => {
    const answers = [
      await lookup({ number: bill.number, accessCode: wrong(bill.accessCode) }),
      await lookup({ number: 'OAK-9999999', accessCode: bill.accessCode }),
      await lookup({ number: 'nothing at all', accessCode: '000000' }),
    ];
    const told = answers.map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
    expect(told[0]).toMatchObject(notFound);
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it('a deleted bill is gone, by code and by link', async () => {
    const linkToken = await mailedLink();
    await oak.ask(deleteBillRow, serve(deleteBillRow, deleteBill(oak.needs)), { path: { billId: bill.billId } });
    expect(await lookup({ number: bill.number, accessCode: bill.accessCode })).toMatchObject(notFound);
    expect(await lookup({ linkToken })).toMatchObject(notFound);
  });

  it('a link dies after 90 days', async () => {
    const linkToken = await mailedLink();
    oak.wait(90 * 24 * 60 - 1);
    expect((await lookup({ linkToken })).status).toBe(200);
    oak.wait(2);
    expect(await lookup({ linkToken })).toMatchObject(notFound);
  });

  it('a link dies when staff revoke it', async () => {
    const linkToken = await mailedLink();
    const { shareId } = await oak.onlyShare(bill.billId);
    const handler = serve(revokeShareRow, revokeShare(oak.needs));
    await oak.ask(revokeShareRow, handler, { path: { shareId }, body: {} });
    expect(await lookup({ linkToken })).toMatchObject(notFound);
  });

  it('a link of a share that never went out, or with one letter changed, opens nothing', async () => {
    const linkToken = await mailedLink();
    const last = linkToken.at(-1) === 'A' ? 'B' : 'A';
    expect(await lookup({ linkToken: linkToken.slice(0, -1) + last })).toMatchObject(notFound);
    expect(await lookup({ linkToken: linkToken.replace('v1', 'v2') })).toMatchObject(notFound);
    expect(await lookup({ linkToken: 'v1.share_01J00000000000000000000000.x' })).toMatchObject(notFound);
  });

  it('a bounced mail’s link still opens it: who reads it there is its reader', async () => {
    const linkToken = await mailedLink();
    await oak.told('Bounce', (await oak.onlyShare(bill.billId)).shareId, bounceOf('maya@example.com'));
    expect((await lookup({ linkToken })).status).toBe(200);
  });
});

describe('429', () => {
  const guess = (address?: string) => lookup({ number: bill.number, accessCode: wrong(bill.accessCode) }, address);

  it('ten wrong codes a day on a bill; then not even the right one, which is drawn anew', async () => {
    for (let round = 0; round < 10; round += 1) expect((await guess()).status).toBe(404);
    const answer = await lookup({ number: bill.number, accessCode: bill.accessCode });
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(answer.headers['retry-after'])).toBe(9 * 3600);
    const { accessCode } = (await oak.record(bill.billId)).text;
    expect(accessCode).not.toBe(bill.accessCode);
    oak.wait(9 * 60);
    expect((await lookup({ number: bill.number, accessCode })).status).toBe(200);
  });

  it('a hundred guesses at once are ten guesses', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => guess()));
    expect(answers.filter(({ status }) => status === 404).length).toBeLessThanOrEqual(10);
    expect(answers.every(({ status }) => status === 404 || status === 429)).toBe(true);
  });

  it('twenty wrong codes an hour from one address, whatever the bill; others are not touched', async () => {
    const second = await oak.bill();
    const third = await oak.bill();
    const from = newAddress();
    const bills = [bill, second, third].flatMap(one => Array.from({ length: 7 }, () => one)).slice(0, 20);
    for (const { number, accessCode } of bills) {
      expect((await lookup({ number, accessCode: wrong(accessCode) }, from)).status).toBe(404);
    }
    const right = { number: third.number, accessCode: third.accessCode };
    expect((await lookup(right, from)).status).toBe(429);
    expect((await lookup(right)).status).toBe(200);
    oak.wait(60);
    expect((await lookup(right, from)).status).toBe(200);
  });

  it('an unknown number is locked after as many tries as a known one', async () => {
    const unknown = { number: `${bill.number}777`, accessCode: '123456' };
    for (let round = 0; round < 10; round += 1) expect((await lookup(unknown)).status).toBe(404);
    expect((await lookup(unknown)).status).toBe(429);
  });

  it('a hundred wrong codes an hour on all bills of a practice', async () => {
    const [office] = bill.number.split('-');
    for (let round = 0; round < 100; round += 1) {
      expect((await lookup({ number: `${office}-${50_000 + round}`, accessCode: '123456' })).status).toBe(404);
    }
    expect((await lookup({ number: bill.number, accessCode: bill.accessCode })).status).toBe(429);
    const elm = await Office.open();
    const other = await elm.bill();
    expect((await lookup({ number: other.number, accessCode: other.accessCode })).status).toBe(200);
  });
});

describe('422', () => {
  it.each([
    [{}, ['/number', '/accessCode']],
    [{ number: 'OAK-1' }, ['/accessCode']],
    [{ number: 'OAK-1', accessCode: '12345' }, ['/accessCode']],
    [{ linkToken: 'v1', number: 'OAK-1' }, ['/number']],
    [{ linkToken: 'v1', code: '1' }, ['/code']],
  ])('%j names what is wrong', async (body, pointers) => {
    const answer = await lookup(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });
});
