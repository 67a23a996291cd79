import { handler as listAttention } from '../../../functions/attention/listAttention';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listBills } from '../../../functions/bills/listBills';
import { handler as writeOffBill } from '../../../functions/bills/writeOffBill';
import { handler as changeCard } from '../../../functions/cards/changeCard';
import { type CalendarDate, instant } from '../../../shared/domain/calendar';
import { newNotice } from '../../../shared/domain/notice';
import { listAttentionRow } from '../../../shared/operations/attention';
import { cancelBillRow, listBillsRow, writeOffBillRow } from '../../../shared/operations/bills';
import { changeCardRow } from '../../../shared/operations/cards';
import { clientLetter, staffLetter } from '../../../shared/work/letters';
import { FrontDesk, waitDays } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

let desk: FrontDesk;
let nights: Nights;
let stripe: OpenStripe;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
  stripe = await openStripe();
});
afterEach(async () => {
  await stripe.close();
  await desk.close();
});

const card = (clientId: string, more: Record<string, unknown> = {}) =>
  saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), ...more });
const subjects = () => nights.mail.taken.map(({ message }) => message.subject);
/** Those to the client. */
const told = () => nights.mail.taken.filter(({ to }) => to.email === 'maya@example.com').map(({ message }) => message);
const recipients = () => nights.mail.taken.map(({ to }) => to.email).sort();
const attention = async () =>
  (await desk.done(listAttentionRow, listAttention, { query: {} })).items.map(({ kind }: { kind: string }) => kind);
/** Bills in the section that wants attention. */
const wanting = async (): Promise<string[]> => {
  const { items } = await desk.done(listBillsRow, listBills, { query: { section: 'needs_attention' } });
  return items.map(({ billId }: { billId: string }) => billId).sort();
};
async function onAutopay(amountCents = 10_000) {
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true });
  return { clientId, billId: (await desk.bill(amountCents, { clientId })).billId };
}

describe('AutoPay that was refused', () => {
  beforeEach(() => nights.automate({ autopay: true }));

  it('is told to the client each time, with when it is tried next, and to staff at first and at the end', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId, { method: 'pm_card_chargeCustomerFail' });
    await nights.until('2026-03-11', '12:00');
    const [first] = told();
    expect(first?.subject).toBe('Your automatic payment to Oak Street Therapy LLC did not go through');
    expect(first?.text).toMatch(/We try this card again on March 12, 2026/);
    expect(first?.text).toMatch(/\/pay#t=/);
    expect(first?.text).toContain('There you can also give another card for automatic payments.');
    expect(await attention()).toEqual(['autopay_failed']);
    expect((await desk.see(billId)).autopay).toMatchObject({ nextAttemptOn: '2026-03-12' });
    await nights.until('2026-03-20', '12:00');
    expect(told()).toHaveLength(3);
    expect(told()[2]?.text).toContain('We do not try this card again.');
    expect(await attention()).toEqual(['autopay_stopped', 'autopay_failed']);
    expect((await desk.see(billId)).autopay).toMatchObject({ nextAttemptOn: null });
    // Another card starts afresh, and so does what is told of it.
    const { cardId } = await card(clientId, { method: 'pm_card_chargeCustomerFail', isDefault: false });
    await desk.done(changeCardRow, changeCard, { path: { cardId }, body: { isDefault: true } });
    await nights.until('2026-03-21', '12:00');
    expect(told()[3]?.text).toMatch(/We try this card again on March 22, 2026/);
    expect(await attention()).toEqual(['autopay_failed', 'autopay_stopped', 'autopay_failed']);
    expect((await desk.see(billId)).autopay).toMatchObject({ nextAttemptOn: '2026-03-22' });
  });

  it('leaves staff nothing to look at once the bill is paid, cancelled or given up, and only then', async () => {
    const bills = [];
    for (const _ of ['paid', 'cancelled', 'written off', 'owed']) {
      const bill = await onAutopay();
      await card(bill.clientId, { method: 'pm_card_chargeCustomerFail' });
      bills.push(bill.billId);
    }
    await nights.until('2026-03-11', '12:00');
    const [paid = '', cancelled = '', writtenOff = '', owed = ''] = bills;
    await desk.cash(paid, 9_000);
    await desk.cash(owed, 9_999);
    expect(await wanting()).toEqual([...bills].sort());
    await desk.cash(paid, 1_000);
    await desk.done(cancelBillRow, cancelBill, { path: { billId: cancelled }, body: {} });
    const body = { amountCents: 10_000, reason: 'Cannot be collected' };
    await desk.done(writeOffBillRow, writeOffBill, { path: { billId: writtenOff }, body });
    expect(await wanting()).toEqual([owed]);
    const { items } = await desk.done(listAttentionRow, listAttention, { query: {} });
    const resolved = { resolvedAt: '2026-03-11T16:00:00.000Z', choice: 'nothing_owed' };
    expect(items).toMatchObject([{ billId: owed }, resolved, resolved, resolved]);
    expect(items[0].resolvedAt).toBeUndefined();
  });

  it('is not told when the bill was paid before the mail went out', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId, { method: 'pm_card_chargeCustomerFail' });
    await nights.until('2026-03-11', '00:29');
    nights.mail.willAnswer({ outcome: 'throttled', code: 'TooManyRequestsException' });
    await nights.until('2026-03-11', '00:30');
    await desk.cash(billId, 10_000);
    await nights.until('2026-03-11', '12:00');
    expect(told()).toEqual([]);
  });
});

describe('overdue reminders', () => {
  const share = { enabled: true, delayMinutes: 0 };
  const off = { enabled: false, delayMinutes: 0 };
  const automate = () =>
    nights.automate({
      autoShare: { bills: share, superbills: off, statements: off },
      overdueReminders: { enabled: true, daysAfterDue: [1, 3] },
    });

  it('go out so many days after the due date, once each, though everything comes twice; after an outage the latest alone', async () => {
    await automate();
    nights.weather = { sweeps: 2, deliveries: 2 };
    const { billId } = await desk.bill(10_000, { dueOn: '2026-03-12' });
    await nights.until('2026-03-12');
    expect(subjects()).toEqual(['You have a new bill from Oak Street Therapy LLC']);
    nights.mail.taken.splice(0);
    const reminder = 'A reminder from Oak Street Therapy LLC';
    await nights.until('2026-03-13');
    expect(subjects()).toEqual([reminder]);
    await nights.until('2026-03-16');
    expect(subjects()).toEqual([reminder, reminder]);
    expect(await nights.run('reminders', '2026-03-13')).toMatchObject({ outcomes: { reminded: 1 } });
    await desk.cash(billId, 10_000);
    await desk.bill(10_000, { dueOn: '2026-03-17' });
    await nights.until('2026-03-17');
    nights.mail.taken.splice(0);
    waitDays(4);
    await nights.until('2026-03-25');
    expect(subjects()).toEqual([reminder]);
    expect((await nights.run('reminders', '2026-03-18')).outcomes).toEqual({ skipped_later_reminder: 1 });
    expect((await nights.run('reminders', '2026-03-20')).outcomes).toEqual({ reminded: 1 });
  });

  it('pass over quiet clients, paid bills, and bills that were never shared', async () => {
    await automate();
    const quiet = await desk.client();
    await nights.setBilling(quiet, { quiet: true });
    await desk.bill(10_000, { clientId: quiet, dueOn: '2026-03-12' });
    const unshared = await desk.client({ emailAllowed: false });
    await desk.bill(10_000, { clientId: unshared, dueOn: '2026-03-12' });
    const { billId } = await desk.bill(10_000, { dueOn: '2026-03-12' });
    await nights.until('2026-03-12');
    await desk.cash(billId, 10_000);
    nights.mail.taken.splice(0);
    await nights.until('2026-03-13');
    expect(subjects()).toEqual([]);
    expect(await nights.run('reminders', '2026-03-13')).toMatchObject({
      outcomes: { skipped_quiet: 1, skipped_not_shared: 1 },
    });
  });
});

it('who is on AutoPay is told once in the month in which the card expires: on its first, or in the week after it was saved (rule 11)', async () => {
  await nights.automate({ autopay: true });
  for (const expMonth of [3, 4]) await card((await onAutopay()).clientId, { expMonth, expYear: 2026 });
  const warned = () =>
    nights.mail.taken.flatMap(({ to, message }) =>
      /expires soon/.test(message.subject) ? [[to.email, ...(message.text.match(/end of \w+ 2026/) ?? [])]] : [],
    );
  await nights.until('2026-03-15', '09:05');
  const march = ['maya@example.com', 'end of March 2026'];
  expect(warned()).toEqual([march]);
  await nights.until('2026-04-01', '12:00');
  expect(warned()).toEqual([march, ['maya@example.com', 'end of April 2026']]);
  expect((await nights.run('cards', '2026-03-22')).outcomes).toEqual({ skipped_warned_already: 1, skipped_good: 1 });
});

describe('the evening before, to clients', () => {
  const evening = '2026-03-10';
  const notices = () => nights.mail.taken.filter(({ message }) => /is tonight$/.test(message.subject));

  it('one mail a client and night says what each card is charged, however often the job runs', async () => {
    await nights.automate({ autopay: true, autopayNotice: true });
    nights.weather = { sweeps: 2, deliveries: 2 };
    const { clientId } = await onAutopay(9_500);
    await desk.bill(3_000, { clientId });
    await card(clientId);
    // Without a card nothing is charged.
    await onAutopay(5_000);
    await nights.until(evening, '18:10');
    expect(notices().map(({ to, message }) => [to.email, message.subject])).toEqual([
      ['maya@example.com', 'Your automatic payment to Oak Street Therapy LLC is tonight'],
    ]);
    expect(notices()[0]?.message.text).toMatch(/Tonight we charge Visa •••• 4242\n\$125\.00/);
    await nights.until(evening, '20:00');
    expect(notices()).toHaveLength(1);
  });

  it('leaves out what credit pays, and is not sent once the night has come or AutoPay is off', async () => {
    await nights.automate({ autopay: true, autopayNotice: true });
    const { clientId } = await onAutopay(9_500);
    await desk.prepay(clientId, 2_000);
    await card(clientId);
    await nights.until(evening, '18:10');
    expect(notices()[0]?.message.text).toContain('$75.00');
    const charges = [{ card: { brand: 'visa', last4: '4242' }, amountCents: 7_500 }];
    const subject = {
      billId: '',
      clientId,
      kind: 'autopay_notice',
      on: '2026-03-11' as CalendarDate,
      charges,
    } as const;
    const notice = newNotice(subject, { noticeId: 'wrk_1', at: instant('2026-03-10T22:00:00Z') });
    const letterAt = (at: string) => clientLetter(desk.practice.practice, notice, instant(at));
    expect(await letterAt('2026-03-11T03:59:59Z')).toMatchObject({ recipient: { email: 'maya@example.com' } });
    expect(await letterAt('2026-03-11T04:00:00Z')).toBeUndefined();
    await nights.setBilling(clientId, { autopay: false });
    expect(await letterAt('2026-03-11T03:59:59Z')).toBeUndefined();
  });

  it('is for practices that want it', async () => {
    await nights.automate({ autopay: true });
    const { clientId } = await onAutopay();
    await card(clientId);
    await nights.until(evening, '18:10');
    expect(subjects()).toContain('AutoPay tonight at Oak Street Therapy LLC');
    expect(told()).toEqual([]);
  });
});

describe('what staff are told', () => {
  it('the evening before: how much AutoPay will charge, to admins and billers', async () => {
    await nights.automate({ autopay: true });
    const { clientId } = await onAutopay(12_000);
    await card(clientId);
    await onAutopay(3_000);
    await nights.until('2026-03-10', '18:01');
    expect(recipients()).toEqual(
      [`admin@${desk.practiceId}.example.com`, `biller@${desk.practiceId}.example.com`]
        .map(e => e.toLowerCase())
        .sort(),
    );
    expect(subjects()[0]).toBe('AutoPay tonight at Oak Street Therapy LLC');
    expect(nights.mail.lastText).toMatch(/\$120\.00[\s\S]*Charges: 1\nPassed over: 1/);
  });

  it('nothing of AutoPay to come once its night has come: neither the late run says it, nor the mail that waited', async () => {
    await nights.automate({ autopay: true, autopayNotice: true });
    const { clientId } = await onAutopay(12_000);
    await card(clientId);
    nights.weather = { silentUntil: Date.parse('2026-03-11T04:01:00Z') };
    await nights.until('2026-03-11', '00:02');
    expect((await nights.run('preview', '2026-03-10')).outcomes).toEqual({ skipped_night_has_begun: 1 });
    expect(subjects()).toEqual([]);
    const { memberId } = desk.practice.biller;
    const facts = { on: '2026-03-12', charges: 1, chargeCents: 12_000, skipped: 0 };
    const subject = { billId: '', memberId, kind: 'autopay_preview', facts } as const;
    const notice = newNotice(subject, { noticeId: 'wrk_1', at: instant('2026-03-11T22:00:00Z') });
    const letterAt = (at: string) => staffLetter(desk.practice.practice, notice, instant(at));
    expect(await letterAt('2026-03-12T03:59:59Z')).toMatchObject({ recipient: { id: memberId } });
    expect(await letterAt('2026-03-12T04:00:00Z')).toBeUndefined();
  });

  it('a day on which nothing happened has no digest', async () => {
    await nights.automate({ digest: { enabled: true, hour: 6 } });
    await nights.until('2026-03-12', '12:00');
    expect(subjects()).toEqual([]);
    expect(await nights.run('digest', '2026-03-11')).toMatchObject({ outcomes: { skipped_nothing_happened: 1 } });
  });

  it('the digest counts what happened, in the practice’s hour; a practitioner hears of own clients only', async () => {
    await nights.automate({ createBills: 'daily', autopay: true, digest: { enabled: true, hour: 6 } });
    const { clientId, billId } = await onAutopay(12_000);
    await card(clientId);
    await desk.session(await desk.client({ practitionerId: desk.practice.colleague.memberId }), 5_000);
    await nights.until('2026-03-11', '05:59');
    nights.mail.taken.splice(0);
    await nights.until('2026-03-11', '06:01');
    const textTo = (name: string) =>
      nights.mail.taken.find(({ to }) => to.email.startsWith(`${name}@`))?.message.text.match(/^[A-Z].*: \d.*$/gm);
    expect(textTo('admin')).toEqual(['AutoPay charges: 1, $120.00', 'Bills made by night: 1, $50.00']);
    expect(textTo('practitioner')).toEqual(['AutoPay charges: 1, $120.00']);
    expect(textTo('colleague')).toEqual(['Bills made by night: 1, $50.00']);
    expect(textTo('scheduler')).toBeUndefined();
    expect(textTo('unbilling')).toBeUndefined();
    // What is refunded in Stripe’s dashboard stands in the next one.
    const { payments } = await desk.see(billId);
    await stripe.refundInDashboard(payments[0].stripe.paymentIntentId, 2_000);
    await tellOf(payments[0].stripe.paymentIntentId);
    nights.mail.taken.splice(0);
    await nights.until('2026-03-12', '06:01');
    expect(textTo('biller')).toEqual(['Refunds found in Stripe: 1, $20.00']);
  });
});
