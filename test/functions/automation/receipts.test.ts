import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as confirmGuestCheckout } from '../../../functions/guest/confirmGuestCheckout';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as withdrawShare } from '../../../functions/shares/withdrawShare';
import { defaultAutomationSettings } from '../../../shared/domain/practice';
import { cancelBillRow } from '../../../shared/operations/bills';
import { confirmGuestCheckoutRow, createGuestCheckoutRow } from '../../../shared/operations/guest';
import { withdrawShareRow } from '../../../shared/operations/shares';
import { settingsStore } from '../../../shared/store/settingsStore';
import { FrontDesk, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf, workOffStripe } from '../../fixtures/stripeWork';
import { card, cash } from '../../fixtures/waysToPay';

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

const receiptSubject = 'Your payment to Oak Street Therapy LLC';
const refundSubject = 'A refund from Oak Street Therapy LLC';

/** A client with a card on file, and a bill of 100.00. */
async function owed(more: Record<string, unknown> = {}) {
  const clientId = await desk.client(more);
  const { cardId } = await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const { billId, number } = await desk.bill(10_000, { clientId });
  return { clientId, cardId, billId, number };
}

/** The mails that went out since the last time of asking. */
async function mailed(): Promise<string[]> {
  await nights.sweep();
  return nights.mail.taken.splice(0).map(({ to, message }) => `${to.email}: ${message.subject}`);
}
const toMaya = (subject: string): string => `maya@example.com: ${subject}`;

/** A payment of the whole bill by the saved card. */
async function charged({ billId, cardId }: { billId: string; cardId: string }, amountCents = 10_000) {
  const { status, body } = await desk.pay(billId, card(cardId, amountCents));
  expect(status).toBe(201);
  return body.payment;
}

/** Whatever Stripe tells of it, told twice; and whatever is due, looked at. */
async function toldAgain(paymentIntentId: string): Promise<void> {
  await tellOf(paymentIntentId);
  await tellOf(paymentIntentId);
  wait(6);
  await nights.sweep();
}

describe('a receipt', () => {
  it('of a saved card goes out once, whatever Stripe tells afterwards', async () => {
    const bill = await owed();
    const { stripe: facts, paymentId } = await charged(bill, 4_000);
    await nights.sweep();
    expect(nights.mail.lastText).toContain(
      `$40.00\n\nWhen: March 10, 2026\nCard: Visa •••• 4242\nBill number: ${bill.number}\nReceipt: ${paymentId.slice(-8)}\n\n$60.00 is still due`,
    );
    expect(await mailed()).toEqual([toMaya(receiptSubject)]);
    await toldAgain(facts.paymentIntentId);
    expect(await mailed()).toEqual([]);
  });

  it('of a hosted page goes out once, though the page, Stripe and a repeat all tell of it', async () => {
    const { billId } = await owed();
    const { url } = await desk.done(createGuestCheckoutRow, createGuestCheckout, {
      caller: guestOf(desk, billId),
      body: {},
    });
    const checkoutId = decodeURIComponent((await stripe.payOn(url)).split('#c=')[1] ?? '');
    const confirm = () =>
      desk.ask(confirmGuestCheckoutRow, confirmGuestCheckout, { caller: undefined, body: { checkoutId } });
    await Promise.all([confirm(), tellOf(checkoutId.split('.').at(-1) ?? ''), confirm()]);
    expect(await mailed()).toEqual([toMaya(receiptSubject)]);
  });

  it('(W19) of money that came late says where it went: what the bill did not take any more is credit', async () => {
    const { billId, clientId } = await owed();
    const openPage = async (id: string): Promise<string> =>
      (await desk.done(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(desk, id), body: {} })).url;
    const paidOn = async (url: string): Promise<string> => {
      const back = await stripe.payOn(url);
      await tellOf(
        decodeURIComponent(back.split('#c=')[1] ?? '')
          .split('.')
          .at(-1) ?? '',
      );
      await nights.sweep();
      return nights.mail.lastText;
    };
    const url = await openPage(billId);
    await desk.cash(billId, 7_000);
    expect(await paidOn(url)).toContain(
      '$70.00 of it was more than was due: it is kept as your credit with Oak Street Therapy LLC and pays for what comes next.\n\nNothing more is due from you on this bill.\n',
    );
    await desk.changeSettings({ applyCreditAutomatically: false });
    const other = await desk.bill(6_000, { clientId });
    const late = await openPage(other.billId);
    await desk.done(cancelBillRow, cancelBill, { path: { billId: other.billId }, body: {} });
    const text = await paidOn(late);
    expect(text).toContain('$60.00');
    expect(text).toContain('Nothing was due on this bill any more. The money is kept as your credit with');
    expect(text).not.toContain('Nothing more is due');
    expect(await mailed()).toEqual([toMaya(receiptSubject), toMaya(receiptSubject)]);
  });

  it('of a charge whose answer was lost goes out when recovery finds it', async () => {
    const { billId, cardId } = await owed();
    stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
    expect((await desk.pay(billId, card(cardId, 10_000))).status).toBe(202);
    expect(await mailed()).toEqual([]);
    wait(2);
    await workOffStripe();
    expect(await mailed()).toEqual([toMaya(receiptSubject)]);
  });

  it('of AutoPay goes out; where the bill’s own mail of that night says that it is paid, only that one does', async () => {
    await nights.automate({ autopay: true });
    const { clientId } = await owed();
    await nights.setBilling(clientId, { autopay: true, confirmOpenBalanceCents: 10_000 });
    await nights.until('2026-03-10', '23:00');
    nights.mail.taken.splice(0);
    await nights.until('2026-03-11', '12:00');
    expect(await mailed()).toEqual([toMaya(receiptSubject)]);
    const bills = { enabled: true, delayMinutes: 60 };
    const autoShare = { ...defaultAutomationSettings.autoShare, bills };
    await nights.automate({ autopay: true, createBills: 'daily', autoShare });
    await desk.session(clientId, 5_000);
    await nights.until('2026-03-11', '23:00');
    nights.mail.taken.splice(0);
    await nights.until('2026-03-12', '12:00');
    expect(await mailed()).toEqual([toMaya('Your bill from Oak Street Therapy LLC is paid')]);
  });

  it('stands beside a bill’s mail that still asks for the rest', async () => {
    const autoShare = { ...defaultAutomationSettings.autoShare, bills: { enabled: true, delayMinutes: 60 } };
    await nights.automate({ autoShare });
    const bill = await owed();
    await charged(bill, 4_000);
    expect(await mailed()).toEqual([toMaya(receiptSubject)]);
  });

  it.each([
    ['taken back', withdrawShareRow, withdrawShare, {}],
    ['cancelled with the bill', cancelBillRow, cancelBill, { body: { payments: 'convert_to_credit' } }],
  ])(
    'is due once the bill’s mail that stood for it is %s: the client gets one of both',
    async (_, row, handler, asked) => {
      const autoShare = { ...defaultAutomationSettings.autoShare, bills: { enabled: true, delayMinutes: 60 } };
      await nights.automate({ autoShare });
      const bill = await owed();
      await charged(bill, 4_000);
      expect(await mailed()).toEqual([toMaya(receiptSubject)]);
      await charged(bill, 6_000);
      expect(await mailed()).toEqual([]);
      await desk.done(row, handler, { path: { billId: bill.billId }, ...asked });
      await nights.sweep();
      expect(nights.mail.lastText).toContain('$60.00');
      await desk.ask(row, handler, { path: { billId: bill.billId }, ...asked });
      wait(90);
      expect(await mailed()).toEqual([toMaya(receiptSubject)]);
    },
  );

  it('of a prepayment goes to the billing contact, and says that the money is kept as credit', async () => {
    const clientId = await desk.client();
    const contactId = await desk.contact(clientId, { emailAllowed: true });
    const owner = { kind: 'contact' as const, id: contactId };
    await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), owner });
    const wish = { amountCents: 7_000, reason: 'prepayment', type: 'card', collect: 'stripe' };
    const { status, body } = await desk.credit(clientId, wish);
    expect(status).toBe(201);
    await nights.sweep();
    expect(nights.mail.lastText).toMatch(/\$70\.00[\s\S]*kept as your credit/);
    expect(nights.mail.lastText).not.toContain('Bill number');
    expect(await mailed()).toEqual([`ada@example.com: ${receiptSubject}`]);
    expect((await desk.refund(body.payment.paymentId, { amountCents: 2_000 })).status).toBe(201);
    expect(await mailed()).toEqual([`ada@example.com: ${refundSubject}`]);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['where the client allows no mail', { emailAllowed: false }, true],
    ['where the practice wants none', {}, false],
  ])('does not go out %s', async (_, more, receipts) => {
    await desk.changeSettings({ receipts });
    const { paymentId } = await charged(await owed(more));
    await desk.refund(paymentId);
    expect(await mailed()).toEqual([]);
  });

  it('of cash, and of its refund, is no mail', async () => {
    const { billId } = await owed();
    const { body } = await desk.pay(billId, cash(10_000));
    expect((await desk.refund(body.payment.paymentId)).status).toBe(201);
    expect(await mailed()).toEqual([]);
  });
});

describe('a refund’s receipt', () => {
  it('goes out once for a refund made here, and once for one found in Stripe', async () => {
    const bill = await owed();
    const { paymentId, stripe: facts } = await charged(bill);
    await mailed();
    expect((await desk.refund(paymentId, { amountCents: 3_000 })).status).toBe(201);
    await nights.sweep();
    expect(nights.mail.lastText).toMatch(/\$30\.00[\s\S]*goes back to Visa •••• 4242/);
    expect(await mailed()).toEqual([toMaya(refundSubject)]);
    await toldAgain(facts.paymentIntentId);
    expect(await mailed()).toEqual([]);
    await stripe.refundInDashboard(facts.paymentIntentId, 2_000);
    await toldAgain(facts.paymentIntentId);
    expect(await mailed()).toEqual([toMaya(refundSubject)]);
  });

  it.each([
    ['offline', 'returns the money to you directly'],
    ['credit', 'kept as your credit'],
  ])('says where the money of a card goes when it goes to %s', async (destination, words) => {
    const { paymentId } = await charged(await owed());
    await mailed();
    expect((await desk.refund(paymentId, { destination, reason: 'Asked for it' })).status).toBe(201);
    await nights.sweep();
    expect(nights.mail.lastText).toContain(words);
    expect(nights.mail.lastText).not.toContain('Asked for it');
    expect(await mailed()).toEqual([toMaya(refundSubject)]);
  });

  it('of a refund that failed before the mail went out is no mail', async () => {
    const { stripe: facts } = await charged(await owed());
    await mailed();
    const { id } = await stripe.refundInDashboard(facts.paymentIntentId, 2_000);
    await tellOf(facts.paymentIntentId);
    await stripe.failRefund(String(id));
    await tellOf(facts.paymentIntentId);
    expect(await mailed()).toEqual([]);
  });
});

it('a practice whose settings were stored before there were receipts wants them', async () => {
  const { receipts: _, ...older } = await settingsStore.loadBilling(desk.practiceId);
  await settingsStore.putBilling(desk.practiceId, older as never);
  expect(await settingsStore.loadBilling(desk.practiceId)).toMatchObject({ receipts: true });
});
