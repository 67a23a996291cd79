import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as changeCard } from '../../../functions/cards/changeCard';
import { handler as listCards } from '../../../functions/cards/listCards';
import { handler as removeCard } from '../../../functions/cards/removeCard';
import { handler as setUpCard } from '../../../functions/cards/setUpCard';
import { handler as confirmStripe } from '../../../functions/stripe/confirmStripe';
import { handler as connectStripe } from '../../../functions/stripe/connectStripe';
import { handler as getStripeStatus } from '../../../functions/stripe/getStripeStatus';
import { staffCaller } from '../../../shared/access/staffCaller';
import { newId } from '../../../shared/ids';
import { changeCardRow, listCardsRow, removeCardRow, setUpCardRow } from '../../../shared/operations/cards';
import { confirmStripeRow, connectStripeRow, getStripeStatusRow } from '../../../shared/operations/stripe';
import { memberStore } from '../../../shared/store/memberStore';
import { practiceStore } from '../../../shared/store/practiceStore';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

/** A practice connects a Stripe account of its own (`design.md`: Connect; clarification 10). */
let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

const connect = (practice: FrontDesk, more: Asked = {}) => practice.ask(connectStripeRow, connectStripe, more);
const confirm = (practice: FrontDesk, state: string, more: Asked = {}) =>
  practice.ask(confirmStripeRow, confirmStripe, { body: { state }, ...more });
const statusOf = (practice: FrontDesk) => practice.done(getStripeStatusRow, getStripeStatus, {});
const fresh = () => desk.neighbour({ stripe: { status: 'not_connected', mode: 'test' } });

/** Goes to Stripe's page and finishes it; the state that it leads back with. */
async function onboarded(practice: FrontDesk): Promise<string> {
  const { url } = (await connect(practice)).body;
  const back = new URL(await stripe.payOn(url, {}));
  expect(back.origin + back.pathname).toBe('https://bills.example.com/settings/payments');
  return new URLSearchParams(back.hash.slice(1)).get('connected') ?? '';
}

test('onboarding makes an account of the practice’s own, ready once Stripe says so', async () => {
  const practice = await fresh();
  expect(await statusOf(practice)).toMatchObject({ status: 'not_connected', chargesEnabled: false });
  const state = await onboarded(practice);
  expect(await statusOf(practice)).toMatchObject({ status: 'pending', mode: 'test', chargesEnabled: true });
  const { status, body } = await confirm(practice, state);
  expect([status, body]).toEqual([200, expect.objectContaining({ status: 'ready', chargesEnabled: true })]);
  expect(body.dashboardUrl).toBe(`https://dashboard.stripe.com/${body.accountId}/test`);
});

test('asked again before it is finished, it leads to the same account', async () => {
  const practice = await fresh();
  const first = (await connect(practice)).body.url as string;
  const second = (await connect(practice)).body.url as string;
  expect(new URL(second).pathname).toBe(new URL(first).pathname);
});

test('nothing of the practice goes to Stripe but its opaque id', async () => {
  const before = stripe.part.sent().length;
  const practice = await fresh();
  await connect(practice);
  expect(stripe.part.sent().slice(before).join()).not.toMatch(/Oak|Street|example\.com%2Fadmin|admin@/i);
});

test('the state holds once, for the member and practice it was given to, for an hour', async () => {
  const practice = await fresh();
  const state = await onboarded(practice);
  const joined = {
    memberId: newId('mem'),
    name: 'Second',
    email: `second@${practice.practiceId}.example.com`.toLowerCase(),
  };
  const second = { ...joined, roles: ['admin' as const], billingVisible: true, active: true, subject: newId('wrk') };
  await memberStore.add(practice.practiceId, second);
  const caller = staffCaller(second, practice.practice.practice, []);
  const other = await fresh();
  const answers = [
    await confirm(practice, state, { caller }),
    await confirm(other, state),
    await confirm(practice, `${state}x`),
    await confirm(practice, state),
    await confirm(practice, state),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 200, 404]);
  const late = await fresh();
  const unused = await onboarded(late);
  wait(61);
  expect((await confirm(late, unused)).status).toBe(404);
});

test('a connected practice is not connected twice', async () => {
  const answer = await connect(desk);
  expect([answer.status, answer.body.code]).toEqual([409, 'stripe_connected']);
});

test('cards are then charged on that account, and View in Stripe leads to it (R55)', async () => {
  const practice = await fresh();
  const { accountId } = (await confirm(practice, await onboarded(practice))).body;
  const { billId, clientId } = await practice.bill(9_000);
  await saveCard({ practiceId: practice.practiceId, clientId, sdk: stripe.sdk(accountId) });
  const { status, body } = await practice.pay(billId, { type: 'card', collect: 'stripe', amountCents: 9_000 });
  expect([status, body.bill.status]).toEqual([201, 'paid']);
  const { paymentIntentId, dashboardUrl } = body.payment.stripe;
  expect(dashboardUrl).toBe(`https://dashboard.stripe.com/${accountId}/test/payments/${paymentIntentId}`);
  expect(stripe.bookOf(paymentIntentId)).toMatchObject({ account: accountId, captured: 9_000 });
});

test('Stripe’s news decides: an account that finished later becomes ready by itself', async () => {
  const practice = await fresh();
  await onboarded(practice);
  const { accountId } = (await practiceStore.load(practice.practiceId)).stripe;
  const subject = { kind: 'account', id: accountId };
  const message = { kind: 'stripeEvent', eventId: newId('wrk'), type: 'account.updated', account: accountId, subject };
  await followStripe({ Records: [{ messageId: '1', body: JSON.stringify(message) }] } as never);
  expect((await practiceStore.load(practice.practiceId)).stripe.status).toBe('ready');
});

describe('a practice that connects another account, after Stripe closed the first to it', () => {
  /** As `followAccount` leaves it when the platform's access is gone. */
  async function leave(practice: FrontDesk): Promise<void> {
    const known = await practiceStore.load(practice.practiceId);
    await practiceStore.replace({ ...known, stripe: { ...known.stripe, status: 'not_connected' } });
  }
  const cardsOf = async (practice: FrontDesk, clientId: string): Promise<{ cardId: string; isDefault: boolean }[]> =>
    (await practice.done(listCardsRow, listCards, { path: { clientId } })).items;
  const byCard = { type: 'card', collect: 'stripe', amountCents: 4_000 };

  /** Enters a card on the page at Stripe, and Stripe tells of it. */
  async function enterCard(practice: FrontDesk, clientId: string, account: string): Promise<void> {
    const asked = { path: { clientId }, body: { consentTextVersion: '1' } };
    const { url } = await practice.done(setUpCardRow, setUpCard, asked);
    await stripe.payOn(url);
    expect(await tellOf(new URL(url).pathname.split('/').at(-1) ?? '', account)).toEqual([]);
  }

  /** Paid once in the first account, then connected to a second one. */
  async function moved() {
    const practice = await fresh();
    const { accountId: first } = (await confirm(practice, await onboarded(practice))).body;
    const { billId, clientId } = await practice.bill(9_000);
    await enterCard(practice, clientId, first);
    const [old] = await cardsOf(practice, clientId);
    const paid = (await practice.pay(billId, byCard)).body.payment;
    await leave(practice);
    const { accountId: second } = (await confirm(practice, await onboarded(practice))).body;
    expect(second).not.toBe(first);
    return { practice, first, second, billId, clientId, cardId: old?.cardId ?? '', paid };
  }

  test('does not come back with a state of the first: what it ends is the second’s connection', async () => {
    const practice = await fresh();
    const first = await onboarded(practice);
    await leave(practice);
    const second = await onboarded(practice);
    expect((await confirm(practice, first)).status).toBe(404);
    expect((await confirm(practice, second)).body.status).toBe('ready');
  });

  test('is offered none of the first one’s cards, and charges none of them', async () => {
    const { practice, billId, clientId, cardId } = await moved();
    expect(await cardsOf(practice, clientId)).toEqual([]);
    stripe.newCalls();
    for (const more of [{}, { cardId }]) {
      expect(await practice.pay(billId, { ...byCard, ...more })).toMatchObject({
        status: 409,
        body: { code: 'no_card' },
      });
    }
    const named = { path: { cardId } };
    expect((await practice.ask(changeCardRow, changeCard, { ...named, body: { isDefault: true } })).status).toBe(404);
    expect((await practice.ask(removeCardRow, removeCard, named)).status).toBe(404);
    expect(stripe.newCalls()).toEqual([]);
  });

  test('saves cards anew, for a customer of the second; the first such card is the default (C11)', async () => {
    const { practice, second, billId, clientId } = await moved();
    await enterCard(practice, clientId, second);
    expect(await cardsOf(practice, clientId)).toMatchObject([{ isDefault: true }]);
    const { status, body } = await practice.pay(billId, byCard);
    expect([status, body.payment.stripe.accountId]).toEqual([201, second]);
  });

  test('still sees, and refunds, what was paid in the first one there (R55)', async () => {
    const { practice, first, paid } = await moved();
    const { paymentIntentId, dashboardUrl } = paid.stripe;
    const { status, body } = await practice.refund(paid.paymentId);
    expect([status, body.payment.stripe.dashboardUrl]).toEqual([201, dashboardUrl]);
    expect(dashboardUrl).toContain(first);
    expect(stripe.bookOf(paymentIntentId)).toMatchObject({ account: first, refunded: 4_000 });
  });
});

test('cards that were saved in test mode are no cards in live mode', async () => {
  const { billId, clientId } = await desk.bill(4_000);
  const practice = await desk.neighbour({ stripe: { status: 'ready', mode: 'live' } });
  const live = await practice.bill(4_000);
  await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const { stripeAccount } = await saveCard({
    practiceId: desk.practiceId,
    clientId,
    sdk: stripe.sdk(),
    isDefault: false,
  });
  await saveCard({ practiceId: practice.practiceId, clientId: live.clientId, sdk: stripe.sdk(), stripeAccount });
  const byCard = { type: 'card', collect: 'stripe', amountCents: 4_000 };
  expect((await desk.pay(billId, byCard)).status).toBe(201);
  expect((await practice.pay(live.billId, byCard)).body.code).toBe('no_card');
});
