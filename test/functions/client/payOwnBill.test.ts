import { handler as createOwnCheckout } from '../../../functions/client/createOwnCheckout';
import { handler as getOwnBill } from '../../../functions/client/getOwnBill';
import { handler as listOwnCards } from '../../../functions/client/listOwnCards';
import { handler as payOwnBill } from '../../../functions/client/payOwnBill';
import { handler as confirmGuestCheckout } from '../../../functions/guest/confirmGuestCheckout';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import { handler as shareBill } from '../../../functions/shares/shareBill';
import type { ClientCaller } from '../../../shared/operations/caller';
import { listOwnCardsRow } from '../../../shared/operations/client';
import { confirmGuestCheckoutRow, createGuestCheckoutRow } from '../../../shared/operations/guest';
import { createOwnCheckoutRow, getOwnBillRow, payOwnBillRow } from '../../../shared/operations/ownBills';
import { shareBillRow } from '../../../shared/operations/shares';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { Portal } from '../../fixtures/portal';
import { saveCard } from '../../fixtures/savedCard';
import { workOffStripe } from '../../fixtures/stripeWork';
import { submitForm } from '../../local/stripe/standIn';

let oak: FrontDesk;
let stripe: OpenStripe;
let nights: Nights;
let maya: { clientId: string; caller: ClientCaller };
let parent: { contactId: string; caller: ClientCaller };
const portal = new Portal();
beforeAll(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
  nights = new Nights(oak);
  const clientId = await oak.client({ email: 'maya@example.com' });
  const contactId = await oak.contact(clientId, { email: 'ada@example.com' });
  maya = { clientId, caller: (await portal.signIn('maya@example.com')).caller };
  parent = { contactId, caller: (await portal.signIn('ada@example.com')).caller };
});
afterAll(async () => {
  await stripe.close();
  await oak.close();
});
beforeEach(() => {
  standAt(openedAt);
  stripe.newCalls();
});

const shared = async (priceCents = 10_000): Promise<string> => {
  const { billId } = await oak.bill(priceCents, { clientId: maya.clientId });
  await oak.done(shareBillRow, shareBill, { path: { billId }, body: { channel: 'portal' } });
  return billId;
};
const cardOf = async (more: object = {}) =>
  (await saveCard({ practiceId: oak.practiceId, clientId: maya.clientId, sdk: stripe.sdk(), ...more })).cardId;
const ofParent = (more: object = {}) => cardOf({ owner: { kind: 'contact', id: parent.contactId }, ...more });
const checkout = (billId: string, body: object = {}, asked: Asked = {}) =>
  oak.ask(createOwnCheckoutRow, createOwnCheckout, { caller: maya.caller, path: { billId }, body, ...asked });
const pay = (billId: string, body: object, asked: Asked = {}) =>
  oak.ask(payOwnBillRow, payOwnBill, { caller: maya.caller, path: { billId }, body, ...asked });
const charge = 'POST /v1/payment_intents';

describe('Stripe’s page', () => {
  it('(R34) 201: is the guest’s own, one a bill; paid there, the portal is told at once and the bill is settled', async () => {
    const billId = await shared();
    const { status, body } = await checkout(billId);
    const { url } = body;
    expect(status).toBe(201);
    expect((await checkout(billId)).status).toBe(200);
    const guest = { caller: guestOf(oak, billId), body: {} };
    expect(await oak.ask(createGuestCheckoutRow, createGuestCheckout, guest)).toMatchObject({
      status: 200,
      body: { url },
    });
    const back = new URL(await stripe.payOn(url));
    expect([back.pathname, back.search]).toEqual(['/client', '']);
    const body2 = { checkoutId: back.hash.slice('#c='.length) };
    const told = await oak.ask(confirmGuestCheckoutRow, confirmGuestCheckout, { body: body2 });
    expect(told.body).toEqual({ payment: { status: 'succeeded', amountCents: 10_000, currency: 'USD' } });
    expect(await oak.see(billId)).toMatchObject({ status: 'paid', payments: [{ amountCents: 10_000 }] });
    expect(await checkout(billId)).toMatchObject({ status: 409, body: { code: 'bill_already_paid' } });
  });

  it('201 again under the same key, with the same page; 404 for a bill that is not shared, or not theirs', async () => {
    const billId = await shared();
    const key = 'one intent of a client';
    const first = await checkout(billId, {}, { key });
    const again = await checkout(billId, {}, { key });
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    const unseen = await oak.bill(10_000, { clientId: maya.clientId });
    for (const other of [unseen.billId, (await oak.bill()).billId]) {
      expect(await checkout(other)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});

describe('a saved card', () => {
  it('(R34) 201: pays as staff’s charges do, by the client, who is told no more than is theirs; a repeat pays once', async () => {
    const billId = await shared();
    const cardId = await cardOf();
    const asked = { key: 'one payment of a client' };
    const { status, body } = await pay(billId, { amountCents: 4_000, cardId }, asked);
    expect([status, body.payment.status, body.bill.clientBalanceCents]).toEqual([201, 'succeeded', 6_000]);
    expect(JSON.stringify(body)).not.toMatch(/paymentIntentId|dashboard|recordedBy|accessCode/);
    const again = await pay(billId, { amountCents: 4_000, cardId }, asked);
    expect([again.status, again.body.payment.paymentId]).toEqual([201, body.payment.paymentId]);
    expect(stripe.newCalls().filter(call => call === charge)).toHaveLength(1);
    const { payments } = await oak.see(billId);
    expect(payments).toEqual([expect.objectContaining({ recordedBy: { kind: 'client', id: maya.clientId } })]);
  });

  it('202: a bank that asks is answered on its own page, and the amount stays reserved until then', async () => {
    const billId = await shared();
    const cardId = await cardOf({ method: 'pm_card_authenticationRequired' });
    const { status, body } = await pay(billId, { amountCents: 10_000, cardId });
    expect([status, body.payment.status]).toEqual([202, 'requires_action']);
    expect(body.payment.redirectUrl).toMatch(/^http/);
    expect(await pay(billId, { amountCents: 10_000, cardId })).toMatchObject({
      status: 409,
      body: { code: 'payment_in_progress', reservedCents: 10_000 },
    });
    // Nobody confirmed: after half an hour it is given up, and the bill can be paid otherwise.
    wait(40);
    expect(await workOffStripe()).toEqual([]);
    expect(await oak.see(billId)).toMatchObject({ reservedCents: 0, clientBalanceCents: 10_000 });
  });

  it('201: whoever comes back from their bank asks again under the same key, and is told what it came to', async () => {
    const billId = await shared();
    const cardId = await cardOf({ method: 'pm_card_authenticationRequired' });
    const asked = { key: 'a payment that a bank asks about' };
    const again = () => pay(billId, { amountCents: 4_000, cardId }, asked);
    const { payment } = (await again()).body;
    expect(await again()).toMatchObject({ status: 202, body: { payment } });
    const back = await submitForm(payment.redirectUrl, { decision: 'complete' });
    const { pathname, hash } = new URL(back.headers.get('location') ?? '');
    expect([pathname, hash]).toEqual(['/client', `#p=${billId}.${payment.paymentId}`]);
    expect(await again()).toMatchObject({
      status: 201,
      body: { payment: { paymentId: payment.paymentId, status: 'succeeded' }, bill: { clientBalanceCents: 6_000 } },
    });
    const refused = { key: 'a payment that a payer takes back' };
    const other = (await pay(billId, { amountCents: 6_000, cardId }, refused)).body.payment;
    await submitForm(other.redirectUrl, { decision: 'fail' });
    expect((await pay(billId, { amountCents: 6_000, cardId }, refused)).status).toBe(402);
    expect(await oak.see(billId)).toMatchObject({ reservedCents: 0, clientBalanceCents: 6_000 });
  });

  it('neither payer is shown the other one’s card or the page of the other one’s bank, and the receipt tells the card to its owner alone', async () => {
    const billId = await shared();
    await nights.sweep();
    nights.mail.taken.length = 0;
    const seen = async ({ caller }: { caller: ClientCaller }) => {
      const { body } = await oak.ask(getOwnBillRow, getOwnBill, { caller, path: { billId } });
      return body.payments.map((known: { amountCents: number; card?: { last4: string }; redirectUrl?: string }) => [
        known.amountCents,
        known.card?.last4,
        known.redirectUrl !== undefined,
      ]);
    };
    const { body } = await pay(billId, { amountCents: 1_000, cardId: await cardOf() });
    await pay(billId, { amountCents: 2_000, cardId: await ofParent() }, { caller: parent.caller });
    expect((await oak.refund(body.payment.paymentId, { reason: 'paid twice' })).status).toBe(201);
    await nights.sweep();
    const told = nights.mail.taken.map(({ to, message: { subject, text } }) => {
      const [sum] = /\$\d+/.exec(text) ?? [];
      return `${to.email}: ${subject.replace(/ (to|from) .*/, '')} of ${sum}${text.includes('4242') ? ' by 4242' : ''}`;
    });
    expect(told.sort()).toEqual([
      'ada@example.com: A refund of $10',
      'ada@example.com: Your payment of $10',
      'ada@example.com: Your payment of $20 by 4242',
    ]);
    const asking = await ofParent({ method: 'pm_card_authenticationRequired' });
    await pay(billId, { amountCents: 3_000, cardId: asking }, { caller: parent.caller });
    const others = [undefined, false];
    expect(await seen(maya)).toEqual([
      [1_000, '4242', false],
      [2_000, ...others],
      [3_000, ...others],
    ]);
    expect(await seen(parent)).toEqual([
      [1_000, ...others],
      [2_000, '4242', false],
      [3_000, expect.any(String), true],
    ]);
  });

  it('402: a refused card charges nothing, and a repeat is told the same', async () => {
    const billId = await shared();
    const cardId = await cardOf({ method: 'pm_card_chargeCustomerFail' });
    const asked = { key: 'a payment that is refused' };
    const refused = { status: 402, body: { code: 'card_declined' } };
    expect(await pay(billId, { amountCents: 10_000, cardId }, asked)).toMatchObject(refused);
    expect(await pay(billId, { amountCents: 10_000, cardId }, asked)).toMatchObject(refused);
    expect(stripe.newCalls().filter(call => call === charge)).toHaveLength(1);
  });

  it('404: a card of the other payer is not there, though it hangs on the same client', async () => {
    const billId = await shared();
    const [own, parents] = [await cardOf(), await ofParent()];
    const notThere = { status: 404, body: { code: 'not_found' } };
    expect(await pay(billId, { amountCents: 100, cardId: parents })).toMatchObject(notThere);
    const asParent = { caller: parent.caller };
    expect(await pay(billId, { amountCents: 100, cardId: own }, asParent)).toMatchObject(notThere);
    expect(stripe.newCalls()).not.toContain(charge);
    expect((await pay(billId, { amountCents: 100, cardId: parents }, asParent)).status).toBe(201);
    const seen = async (caller: ClientCaller) =>
      (await oak.ask(listOwnCardsRow, listOwnCards, { caller })).body.items.map(
        (card: { cardId: string }) => card.cardId,
      );
    expect(await seen(parent.caller)).toContain(parents);
    expect(await seen(parent.caller)).not.toContain(own);
    expect(await seen(maya.caller)).toContain(own);
    expect(await seen(maya.caller)).not.toContain(parents);
  });

  it('409 and 422: not more than is due, not less where the practice takes no part online, nothing where it takes no cards', async () => {
    const billId = await shared();
    const cardId = await cardOf();
    expect(await pay(billId, { amountCents: 10_001, cardId })).toMatchObject({
      status: 409,
      body: { code: 'amount_exceeds_balance', clientBalanceCents: 10_000 },
    });
    await oak.changeSettings({ allowPartialOnline: false });
    const part = await pay(billId, { amountCents: 9_999, cardId });
    expect(part).toMatchObject({ status: 422, body: { errors: [{ pointer: '/amountCents' }] } });
    await oak.changeSettings({ allowPartialOnline: true });
    const elm = await oak.neighbour({ stripe: { status: 'ready', mode: 'test' }, onlinePayments: false });
    await elm.changeSettings({ showUnsharedBillsInPortal: true });
    const clientId = await elm.client({ email: 'elm@example.com' });
    const { caller } = await portal.signIn('elm@example.com');
    const theirs = await elm.bill(10_000, { clientId });
    const answer = await elm.ask(payOwnBillRow, payOwnBill, {
      ...{ caller, path: { billId: theirs.billId }, body: { amountCents: 10_000, cardId } },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'stripe_not_connected' } });
    expect(stripe.newCalls()).not.toContain(charge);
  });
});
