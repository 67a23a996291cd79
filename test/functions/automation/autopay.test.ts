import { handler as previewAutomation } from '../../../functions/automation/previewAutomation';
import { handler as holdAutopay } from '../../../functions/bills/holdAutopay';
import { handler as changeCard } from '../../../functions/cards/changeCard';
import { handler as changeContact } from '../../../functions/contacts/changeContact';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { clock } from '../../../shared/clock';
import { invariant } from '../../../shared/domain/invariant';
import { defaultAutomationSettings } from '../../../shared/domain/practice';
import { real } from '../../../shared/needs';
import { previewAutomationRow } from '../../../shared/operations/automation';
import { holdAutopayRow } from '../../../shared/operations/bills';
import { changeCardRow } from '../../../shared/operations/cards';
import { changeContactRow } from '../../../shared/operations/contacts';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { changeSessionRow } from '../../../shared/operations/sessions';
import { clientStore } from '../../../shared/store/clientStore';
import { type StripeGateway, stripeGateway } from '../../../shared/stripe/stripeGateway';
import { chargeBills } from '../../../shared/work/automation/chargeBills';
import { FrontDesk } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

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
const charges = () => stripe.newCalls().filter(call => call === 'POST /v1/payment_intents').length;
const outcomes = async (on: string) => (await nights.run('autopay', on)).outcomes;

/** Stripe is asked, or not even that, and its answer is lost. */
const answersNothing = (ask: (request: Parameters<StripeGateway['charge']>[0]) => Promise<void>): void => {
  const charge: StripeGateway['charge'] = async request => {
    await ask(request);
    return { kind: 'unknown' };
  };
  nights.performs.autopay = chargeBills({ needs: real, gateway: { ...stripeGateway, charge } });
};

/** A client on AutoPay with a bill of so much, made this morning. */
async function onAutopay(amountCents = 10_000, more: object = {}) {
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true, ...more });
  const { billId } = await desk.bill(amountCents, { clientId });
  return { clientId, billId };
}

describe('R35: AutoPay', () => {
  beforeEach(() => nights.automate({ autopay: true }));

  it('charges the night’s own bills at half past midnight, once', async () => {
    await nights.automate({ createBills: 'daily', autopay: true });
    const clientId = await desk.client();
    await nights.setBilling(clientId, { autopay: true });
    await card(clientId);
    await desk.session(clientId, 10_000);
    await nights.until('2026-03-11', '00:29');
    const [bill] = await nights.openBills();
    expect(bill).toMatchObject({ clientBalanceCents: 10_000 });
    await nights.until('2026-03-12', '12:00');
    const paid = await desk.see(bill?.billId ?? '');
    expect(paid).toMatchObject({ status: 'paid' });
    expect(paid.payments).toMatchObject([
      { type: 'card', collect: 'stripe', amountCents: 10_000, status: 'succeeded', recordedBy: { kind: 'system' } },
    ]);
    expect(await nights.run('autopay', '2026-03-11')).toMatchObject({ outcomes: { charged: 1 }, amountCents: 10_000 });
    expect(charges()).toBe(1);
  });

  it('charges the billing contact’s default card, and the client’s only where the contact has no card at all (S304, rule 71)', async () => {
    const [clientId, cardless] = [await desk.client(), await desk.client()];
    const owner = { kind: 'contact' as const, id: await desk.contact(clientId) };
    await desk.contact(cardless);
    const bills: string[] = [];
    for (const each of [clientId, cardless]) {
      await nights.setBilling(each, { autopay: true });
      await card(each);
      bills.push((await desk.bill(10_000, { clientId: each })).billId);
    }
    await card(clientId, { owner, method: 'pm_card_mastercard' });
    const undecided = await desk.client();
    const other = { kind: 'contact' as const, id: await desk.contact(undecided) };
    await nights.setBilling(undecided, { autopay: true });
    await card(undecided);
    await card(undecided, { owner: other, isDefault: false });
    const { billId: waiting } = await desk.bill(10_000, { clientId: undecided });
    await nights.until('2026-03-11', '12:00');
    const paidWith = await Promise.all(bills.map(async billId => (await desk.see(billId)).payments[0].card.brand));
    expect(paidWith).toEqual(['mastercard', 'visa']);
    expect(await desk.see(waiting)).toMatchObject({ status: 'open', payments: [] });
    expect(await outcomes('2026-03-11')).toEqual({ charged: 2, skipped_no_card: 1 });
  });

  it('charges an earlier payer’s bill to nobody else’s card, and tells nobody else of it (rules 57, 71)', async () => {
    await nights.automate({ autopay: true, autopayNotice: true });
    const [clientId, cardless] = [await desk.client(), await desk.client()];
    const bills: string[] = [];
    for (const each of [clientId, cardless]) {
      const father = await desk.contact(each, { name: 'Obi Okafor', email: 'obi@example.com' });
      await nights.setBilling(each, { autopay: true });
      bills.push((await desk.bill(10_000, { clientId: each })).billId);
      const path = { clientId: each, contactId: father };
      await desk.done(changeContactRow, changeContact, { path, body: { roles: [] } });
      const mother = await desk.contact(each);
      if (each === clientId) await card(each, { owner: { kind: 'contact', id: father }, method: 'pm_card_mastercard' });
      await card(each, { owner: { kind: 'contact', id: mother } });
      await card(each);
    }
    const { jobs } = await desk.done(previewAutomationRow, previewAutomation, { query: { on: '2026-03-11' } });
    const { items, skipped } = jobs.find(({ job }: { job: string }) => job === 'autopay');
    expect([items.map((item: { card: object }) => item.card), skipped]).toMatchObject([
      [{ brand: 'mastercard' }],
      [{ billId: bills[1], reason: 'other_recipient' }],
    ]);
    await nights.until('2026-03-11', '12:00');
    expect(await outcomes('2026-03-11')).toEqual({ charged: 1, skipped_other_recipient: 1 });
    expect((await desk.see(bills[0] ?? '')).payments[0].card).toMatchObject({ brand: 'mastercard' });
    const evening = nights.mail.taken.filter(({ message }) => /is tonight$/.test(message.subject));
    expect(evening.map(({ to, message }) => [to.email, /Mastercard •••• 4444/.test(message.text)])).toEqual([
      ['obi@example.com', true],
    ]);
  });

  it('(rules 11, 71) ends with the payer who allowed it: the next one’s card is charged once they or staff switch it on', async () => {
    const { clientId, billId } = await onAutopay();
    const [billing] = await clientStore.billingOf(desk.practiceId, [clientId]);
    invariant(billing, 'a client has billing settings');
    const autopayConsent = { at: clock.now(), by: clientId, textVersion: 'autopay-1.en' };
    await clientStore.replaceBilling(desk.practiceId, { ...billing, autopayConsent });
    await card(clientId, { owner: { kind: 'contact', id: await desk.contact(clientId) } });
    const staffs = await onAutopay();
    await card(staffs.clientId, { owner: { kind: 'contact', id: await desk.contact(staffs.clientId) } });
    const later = await desk.bill(7_000, { clientId: staffs.clientId });
    const { jobs } = await desk.done(previewAutomationRow, previewAutomation, { query: { on: '2026-03-11' } });
    expect(jobs.find(({ job }: { job: string }) => job === 'autopay').skipped).toContainEqual(
      expect.objectContaining({ clientId, billId, reason: 'consent_ended' }),
    );
    await nights.until('2026-03-11', '12:00');
    expect(await desk.see(later.billId)).toMatchObject({ status: 'paid' });
    expect(await outcomes('2026-03-11')).toMatchObject({ charged: 1, skipped_consent_ended: 1 });
    const [told] = (await nights.openAttention()).filter(of => of.billId === billId);
    expect(told).toMatchObject({ kind: 'autopay_passed_over', facts: { reason: 'consent_ended' } });
    const anew = await desk.bill(8_000, { clientId });
    await nights.setBilling(clientId, { autopay: false });
    await nights.setBilling(clientId, { autopay: true, confirmOpenBalanceCents: 18_000 });
    await nights.until('2026-03-12', '12:00');
    expect(await desk.see(anew.billId)).toMatchObject({ status: 'paid' });
  });

  it('credit pays first, and the card the rest, in one night (rule 15)', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId);
    await desk.prepay(clientId, 4_000);
    await nights.until('2026-03-11', '12:00');
    const { status, payments } = await desk.see(billId);
    expect([status, payments.map((p: { type: string; amountCents: number }) => [p.type, p.amountCents])]).toEqual([
      'paid',
      [
        ['credit_discount', 4_000],
        ['card', 6_000],
      ],
    ]);
  });

  it('where credit covers all, no card is charged; there is a payment of credit nevertheless (rule 15)', async () => {
    const { clientId, billId } = await onAutopay();
    await desk.prepay(clientId, 10_000);
    await nights.until('2026-03-11', '12:00');
    expect(await desk.see(billId)).toMatchObject({ status: 'paid', payments: [{ type: 'credit_discount' }] });
    expect([charges(), await outcomes('2026-03-11')]).toEqual([0, { credit: 1 }]);
  });

  it.each<[string, Record<string, unknown>, (of: { clientId: string; billId: string }) => Promise<unknown>]>([
    ['card_expired', { expMonth: 2, expYear: 2026 }, async () => undefined],
    ['over_limit', {}, ({ clientId }) => nights.setBilling(clientId, { autopay: true, autopayLimitCents: 9_999 })],
    ['autopay_off', {}, ({ clientId }) => nights.setBilling(clientId, { autopay: false })],
    [
      'held',
      {},
      ({ billId }) => desk.done(holdAutopayRow, holdAutopay, { path: { billId }, body: { reason: 'asked to wait' } }),
    ],
  ])('skips with the reason: %s', async (reason, ofCard: Record<string, unknown>, arrange) => {
    const bill = await onAutopay();
    await card(bill.clientId, ofCard);
    await arrange(bill);
    await nights.until('2026-03-11', '12:00');
    expect([charges(), await outcomes('2026-03-11')]).toEqual([0, { [`skipped_${reason}`]: 1 }]);
  });

  it('staff are told of a bill that it passes over: once for each reason and card, until nothing is owed (rule 11)', async () => {
    const { clientId, billId } = await onAutopay();
    const { version } = await desk.see(billId);
    const told = async () => (await nights.openAttention()).map(({ kind, facts, ...of }) => [kind, of.billId, facts]);
    await nights.until('2026-03-12', '12:00');
    expect(await told()).toEqual([['autopay_passed_over', billId, { reason: 'no_card' }]]);
    const { cardId } = await card(clientId, { expMonth: 2, expYear: 2026 });
    await nights.until('2026-03-14', '12:00');
    expect(await told()).toEqual([['autopay_passed_over', billId, { reason: 'card_expired', cardId }]]);
    expect(await desk.see(billId)).toMatchObject({ version, needsAttention: true });
    const good = await card(clientId, { isDefault: false });
    await desk.done(changeCardRow, changeCard, { path: { cardId: good.cardId }, body: { isDefault: true } });
    await nights.until('2026-03-15', '12:00');
    expect(await told()).toEqual([]);
    expect(await desk.see(billId)).toMatchObject({ status: 'paid', needsAttention: false });
  });

  it('skips a bill on whose page the client has paid, while Stripe does not say so, and so says the preview', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId);
    await nights.until('2026-03-11', '00:10');
    const asked = { caller: guestOf(desk, billId) };
    await stripe.payOn((await desk.done(createGuestCheckoutRow, createGuestCheckout, asked)).url);
    const { readIntent } = stripeGateway;
    const spy = jest.spyOn(stripeGateway, 'readIntent').mockImplementation(async (account, id) => ({
      ...(await readIntent.call(stripeGateway, account, id)),
      outcome: { kind: 'unknown' },
    }));
    await nights.until('2026-03-11', '00:45');
    expect([charges(), await outcomes('2026-03-11')]).toEqual([0, { skipped_payment_in_progress: 1 }]);
    const { jobs } = await desk.done(previewAutomationRow, previewAutomation, { query: { on: '2026-03-12' } });
    expect(jobs.find(({ job }: { job: string }) => job === 'autopay')).toMatchObject({
      items: [],
      skipped: [{ clientId, billId, reason: 'payment_in_progress' }],
    });
    spy.mockRestore();
    await nights.until('2026-03-11', '12:00');
    expect(await desk.see(billId)).toMatchObject({ status: 'paid', payments: [{ amountCents: 10_000 }] });
  });

  it('skips a client without a card, and says so', async () => {
    await onAutopay();
    await nights.until('2026-03-11', '12:00');
    expect([charges(), await outcomes('2026-03-11')]).toEqual([0, { skipped_no_card: 1 }]);
  });

  it('skips what is below Stripe’s minimum, and a bill whose claim is under review (rules 4, 16)', async () => {
    const small = await onAutopay(49);
    await card(small.clientId);
    const reviewed = await onAutopay(8_000);
    await card(reviewed.clientId);
    const { lines } = await desk.see(reviewed.billId);
    const path = { sessionId: lines[0].sessionId };
    await desk.done(changeSessionRow, changeSession, { path, body: { claimReview: 'needs_review' } });
    await nights.until('2026-03-11', '12:00');
    expect([charges(), await outcomes('2026-03-11')]).toEqual([
      0,
      { skipped_below_minimum: 1, skipped_claim_under_review: 1 },
    ]);
    await desk.done(changeSessionRow, changeSession, { path, body: { claimReview: 'clear' } });
    await nights.until('2026-03-12', '12:00');
    expect(await outcomes('2026-03-12')).toEqual({ skipped_below_minimum: 1, charged: 1 });
  });

  it('an external payer’s bill is never charged', async () => {
    const clientId = await desk.client();
    await nights.setBilling(clientId, {
      autopay: true,
      responsibility: 'external',
      payerId: desk.practice.platform.payerId,
    });
    await card(clientId);
    await desk.bill(10_000, { clientId });
    await nights.until('2026-03-11', '12:00');
    expect([charges(), await outcomes('2026-03-11')]).toEqual([0, {}]);
  });
});

describe('a card that is refused (rules 10 to 12)', () => {
  beforeEach(() => nights.automate({ autopay: true }));

  it('is tried on day 0, +1 and +3, never twice a day, then no more; a new card starts afresh', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId, { method: 'pm_card_chargeCustomerFail' });
    const tried: string[] = [];
    for (const on of ['11', '12', '13', '14', '15', '16', '17']) {
      await nights.until(`2026-03-${on}`, '12:00');
      if (charges() > 0) tried.push(on);
    }
    expect(tried).toEqual(['11', '12', '14']);
    expect(await outcomes('2026-03-13')).toEqual({ skipped_not_yet: 1 });
    expect(await outcomes('2026-03-15')).toEqual({ skipped_three_refusals: 1 });
    const { autopay, status } = await desk.see(billId);
    expect(status).toBe('open');
    expect(autopay.attempts.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['failed', 'failed', 'failed']);
    const { cardId } = await card(clientId, { isDefault: false });
    await desk.done(changeCardRow, changeCard, { path: { cardId }, body: { isDefault: true } });
    await nights.until('2026-03-18', '12:00');
    expect(await desk.see(billId)).toMatchObject({ status: 'paid' });
  });

  it('for good is not tried again', async () => {
    const { clientId } = await onAutopay();
    await card(clientId);
    let asked = 0;
    const charge = async () => {
      asked += 1;
      return { kind: 'declined', code: 'stolen_card', message: 'Your card was declined.' } as const;
    };
    nights.performs.autopay = chargeBills({ needs: real, gateway: { ...stripeGateway, charge } });
    await nights.until('2026-03-16', '12:00');
    expect([asked, await outcomes('2026-03-12')]).toEqual([1, { skipped_hard_decline: 1 }]);
  });

  it('because the bank wants the cardholder leads to a mail with a link, and to no further try (rule 10)', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId, { method: 'pm_card_authenticationRequired' });
    await nights.until('2026-03-16', '12:00');
    expect([charges(), await outcomes('2026-03-12')]).toEqual([1, { skipped_needs_authentication: 1 }]);
    expect(nights.mail.lastText).toMatch(/\/pay#t=/);
    expect(await desk.see(billId)).toMatchObject({ status: 'open', reservedCents: 0 });
  });
});

describe('a night that is disturbed', () => {
  beforeEach(() => nights.automate({ autopay: true }));

  it('charges once, though every sweep and message comes three times, two at once', async () => {
    nights.weather = { sweeps: 3, deliveries: 2 };
    const bills = await Promise.all([onAutopay(), onAutopay(5_000)]);
    for (const { clientId } of bills) await card(clientId);
    await nights.until('2026-03-13', '12:00');
    expect(charges()).toBe(2);
    for (const { billId } of bills) expect(await desk.see(billId)).toMatchObject({ status: 'paid' });
  });

  it('an answer that is lost stays under way until the truth is known: nothing is charged twice', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId);
    answersNothing(async request => void (await stripeGateway.charge(request)));
    await nights.until('2026-03-11', '00:30');
    expect(await desk.see(billId)).toMatchObject({ reservedCents: 10_000, status: 'open' });
    await nights.until('2026-03-12', '12:00');
    expect(await desk.see(billId)).toMatchObject({ reservedCents: 0, status: 'paid' });
    expect(stripe.part.books()).toHaveLength(1);
  });

  it('staff who pay at the same moment and AutoPay together take no more than is owed', async () => {
    const { clientId, billId } = await onAutopay();
    await card(clientId);
    jest.setSystemTime(new Date('2026-03-11T04:30:00Z'));
    await nights.sweep();
    await Promise.all([
      desk.pay(billId, { type: 'cash_check', amountCents: 10_000 }),
      nights.until('2026-03-11', '12:00'),
    ]);
    const { payments, clientBalanceCents } = await desk.see(billId);
    const taken = payments.filter(({ status }: { status: string }) => status === 'succeeded');
    expect([taken.length, clientBalanceCents]).toEqual([1, 0]);
  });
});

describe('a share that goes out by itself (rule 45, C7)', () => {
  /** To the client: staff hear of the night the evening before. */
  const told = () => nights.mail.taken.filter(({ to }) => to.email === 'maya@example.com');
  const shared = { bills: { enabled: true, delayMinutes: 10 } };
  const automate = async (more: object = {}) =>
    nights.automate({
      createBills: 'daily',
      autopay: true,
      autoShare: { ...defaultAutomationSettings.autoShare, ...shared },
      ...more,
    });

  it('waits until AutoPay has had the bill, and then says that it is paid (R30)', async () => {
    await automate();
    const clientId = await desk.client();
    await nights.setBilling(clientId, { autopay: true });
    await card(clientId);
    await desk.session(clientId, 10_000);
    await nights.until('2026-03-11', '00:29');
    const [bill] = await nights.openBills();
    expect(bill?.sharing).toMatchObject({ status: 'scheduled', scheduledAt: '2026-03-11T04:30:00.000Z' });
    expect(told()).toEqual([]);
    await nights.until('2026-03-11', '12:00');
    expect(told()).toHaveLength(1);
    expect(told()[0]?.message.subject).toBe('Your bill from Oak Street Therapy LLC is paid');
    expect((await desk.see(bill?.billId ?? '')).sharing).toMatchObject({ status: 'shared' });
  });

  it('waits for an answer that AutoPay has not got from Stripe', async () => {
    await automate();
    const clientId = await desk.client();
    await nights.setBilling(clientId, { autopay: true });
    await card(clientId);
    await desk.session(clientId, 10_000);
    answersNothing(async () => undefined);
    await nights.until('2026-03-11', '00:31');
    expect(told()).toEqual([]);
    await nights.until('2026-03-11', '12:00');
    expect(told().map(({ message }) => message.subject)).toEqual(['You have a new bill from Oak Street Therapy LLC']);
  });

  it('of a client without AutoPay goes out after its delay, also of a bill that staff made', async () => {
    await automate();
    const clientId = await desk.client();
    await desk.bill(10_000, { clientId });
    await nights.until('2026-03-10', '11:09');
    expect(told()).toEqual([]);
    await nights.until('2026-03-10', '11:11');
    expect(told()).toHaveLength(1);
  });

  it('where no mail may go is blocked, and staff are told', async () => {
    await automate();
    const clientId = await desk.client({ emailAllowed: false });
    const { billId } = await desk.bill(10_000, { clientId });
    await nights.until('2026-03-10', '12:00');
    expect((await desk.see(billId)).sharing).toMatchObject({ status: 'blocked', blockedReason: 'email_not_allowed' });
  });
});
