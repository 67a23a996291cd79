import { authorizeCaller } from '../../../functions/access/authorizeCaller';
import { handler as cancelBill } from '../../../functions/bills/cancelBill';
import { handler as listCards } from '../../../functions/cards/listCards';
import { handler as getGuestBill } from '../../../functions/guest/getGuestBill';
import { lookupBill } from '../../../functions/guest/lookupBill';
import { handler as setUpGuestCard } from '../../../functions/guest/setUpGuestCard';
import { clock } from '../../../shared/clock';
import type { Card } from '../../../shared/domain/client';
import { serve } from '../../../shared/http/serve';
import { real } from '../../../shared/needs';
import { cancelBillRow } from '../../../shared/operations/bills';
import type { GuestCaller } from '../../../shared/operations/caller';
import { listCardsRow } from '../../../shared/operations/cards';
import { getGuestBillRow, lookupBillRow, setUpGuestCardRow } from '../../../shared/operations/guest';
import { accessStore } from '../../../shared/store/accessStore';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';
import { goodCard } from '../../local/stripe/standIn';

let desk: FrontDesk;
let nights: Nights;
let stripe: OpenStripe;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
  stripe = await openStripe();
  await nights.automate({ autopay: true });
});
afterEach(async () => {
  await stripe.close();
  await desk.close();
});

const consentTextVersion = 'autopay-card-1.en';
const setUp = (caller: GuestCaller, asked: Asked = {}) =>
  desk.ask(setUpGuestCardRow, setUpGuestCard, { caller, body: { consentTextVersion }, ...asked });
const byLink = (billId: string) => guestOf(desk, billId, { byLink: true });
const offered = async (caller: GuestCaller) =>
  (await desk.done(getGuestBillRow, getGuestBill, { caller })).cardSetup as boolean;
const cardsOf = async (clientId: string): Promise<Card[]> =>
  (await desk.done(listCardsRow, listCards, { path: { clientId } })).items;
const lastPage = async () => {
  const [page] = (await stripe.sdk().checkout.sessions.list({ limit: 1 })).data;
  if (!page) throw new Error('no page was opened');
  return page;
};
/** The cardholder fills in the page that was opened last, and Stripe tells of it. */
async function enter(url: string): Promise<string> {
  const { id } = await lastPage();
  const back = await stripe.payOn(url, { ...goodCard, number: '5555 5555 5555 4444' });
  await tellOf(id);
  return back;
}

async function onAutopay() {
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true });
  return { clientId, billId: (await desk.bill(10_000, { clientId })).billId as string };
}

/** As the gateway finds the caller who opens the link of the last mail. */
async function fromLastMail(): Promise<{ caller: GuestCaller; cardSetup: boolean }> {
  const linkToken = /#t=(\S+)/.exec(nights.mail.lastText)?.[1] ?? '';
  const lookup = serve(
    lookupBillRow,
    lookupBill(real, async () => 'key of the links in tests'),
  );
  const { token, bill } = await desk.done(lookupBillRow, lookup, { caller: undefined, body: { linkToken } });
  const needs = { access: accessStore, subjectOfToken: async () => undefined, clock };
  const { context } = await authorizeCaller(needs)({ headers: { authorization: `Bearer ${token}` } });
  if (!('caller' in context)) throw new Error(context.refusal);
  return { caller: JSON.parse(context.caller), cardSetup: bill.cardSetup };
}

describe('201', () => {
  it('the mail of a refused card leads to another one, which becomes the default and with which AutoPay begins afresh (D12)', async () => {
    const { clientId, billId } = await onAutopay();
    const refused = await saveCard({
      ...{ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), method: 'pm_card_chargeCustomerFail' },
    });
    await nights.until('2026-03-20', '12:00');
    expect(nights.mail.lastText).toContain('We do not try this card again.');
    const { caller, cardSetup } = await fromLastMail();
    expect(cardSetup).toBe(true);
    const { status, body } = await setUp(caller);
    expect([status, new URL(body.url).origin]).toEqual([201, new URL(stripe.part.url).origin]);
    expect(await enter(body.url)).toBe('https://bills.example.com/pay#card=saved');
    const [old, fresh] = await cardsOf(clientId);
    expect(old).toMatchObject({ cardId: refused.cardId, isDefault: false });
    const consent = { by: clientId, textVersion: consentTextVersion, at: clock.now() };
    const owner = { kind: 'client', id: clientId };
    expect(fresh).toMatchObject({ brand: 'mastercard', last4: '4444', isDefault: true, owner, consent });
    await nights.until('2026-03-21', '12:00');
    expect(await desk.see(billId)).toMatchObject({ status: 'paid', clientPaidCents: 10_000 });
  });

  it('nothing but opaque ids and the version of the consent goes to Stripe (rule 67)', async () => {
    const { clientId, billId } = await onAutopay();
    const before = stripe.part.sent().length;
    await setUp(byLink(billId));
    const { metadata, mode, cancel_url } = await lastPage();
    const { practiceId } = desk;
    const owner = { practiceId, clientId, ownerKind: 'client', ownerId: clientId, by: clientId };
    expect([mode, cancel_url, metadata]).toEqual([
      'setup',
      'https://bills.example.com/pay',
      { ...owner, consentTextVersion, replaces: 'default' },
    ]);
    expect(stripe.part.sent().slice(before).join('\n')).not.toMatch(/maya|Okafor|firstName/i);
  });

  it('the billing contact’s own card, where bills go to a contact; no other owner’s default is touched', async () => {
    const clientId = await desk.client();
    const contactId = await desk.contact(clientId);
    await nights.setBilling(clientId, { autopay: true });
    const { billId } = await desk.bill(10_000, { clientId });
    const own = await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
    await enter((await setUp(byLink(billId))).body.url);
    const [first, second] = await cardsOf(clientId);
    expect(first).toMatchObject({ cardId: own.cardId, isDefault: true });
    expect(second).toMatchObject({
      owner: { kind: 'contact', id: contactId },
      isDefault: true,
      consent: { by: contactId },
    });
  });

  it('a repeat under the same key leads to the same page', async () => {
    const { billId } = await onAutopay();
    const asked = { key: 'one page, please' };
    const [first, second] = [await setUp(byLink(billId), asked), await setUp(byLink(billId), asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  });
});

describe('403', () => {
  it('number and code, which stand on paper too, lead to no card: it is not offered to them', async () => {
    const { billId } = await onAutopay();
    const byCode = guestOf(desk, billId);
    expect([await offered(byCode), await offered(byLink(billId))]).toEqual([false, true]);
    stripe.newCalls();
    expect(await setUp(byCode)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(stripe.newCalls()).toEqual([]);
  });
});

describe('409', () => {
  const off = { status: 409, body: { code: 'autopay_off' } };

  it('autopay_off: the client’s or the practice’s, and when AutoPay would charge somebody else by now', async () => {
    const { clientId, billId } = await onAutopay();
    await nights.setBilling(clientId, { autopay: false });
    expect([await offered(byLink(billId)), await setUp(byLink(billId))]).toMatchObject([false, off]);
    await nights.setBilling(clientId, { autopay: true, confirmOpenBalanceCents: 10_000 });
    expect(await offered(byLink(billId))).toBe(true);
    await nights.automate({ autopay: false });
    expect([await offered(byLink(billId)), await setUp(byLink(billId))]).toMatchObject([false, off]);
    await nights.automate({ autopay: true });
    await desk.contact(clientId);
    expect([await offered(byLink(billId)), await setUp(byLink(billId))]).toMatchObject([false, off]);
  });

  it('bill_cancelled: of such a bill nothing is offered', async () => {
    const { billId } = await onAutopay();
    await desk.done(cancelBillRow, cancelBill, { path: { billId }, body: {} });
    expect(await setUp(byLink(billId))).toMatchObject({ status: 409, body: { code: 'bill_cancelled' } });
  });
});

describe('422', () => {
  it('a consent is named by the version of its words, which is all that goes to Stripe of it', async () => {
    const { billId } = await onAutopay();
    const asked = { body: { consentTextVersion: 'Maya agreed' } };
    expect(await setUp(byLink(billId), asked)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/consentTextVersion' }] },
    });
  });
});
