import { handler as removeCard } from '../../../functions/cards/removeCard';
import { handler as changeOwnCard } from '../../../functions/client/changeOwnCard';
import { handler as getOwnAccount } from '../../../functions/client/getOwnAccount';
import { handler as listOwnCards } from '../../../functions/client/listOwnCards';
import { handler as putOwnAutopay } from '../../../functions/client/putOwnAutopay';
import { handler as removeOwnCard, removeOwnCard as removeOwnCardWith } from '../../../functions/client/removeOwnCard';
import { handler as setUpOwnCard } from '../../../functions/client/setUpOwnCard';
import { handler as shareBill } from '../../../functions/shares/shareBill';
import { clock } from '../../../shared/clock';
import { defaultAutomationSettings } from '../../../shared/domain/practice';
import { serve } from '../../../shared/http/serve';
import type { ClientCaller } from '../../../shared/operations/caller';
import { removeCardRow } from '../../../shared/operations/cards';
import {
  changeOwnCardRow,
  getOwnAccountRow,
  listOwnCardsRow,
  putOwnAutopayRow,
  removeOwnCardRow,
  setUpOwnCardRow,
} from '../../../shared/operations/client';
import { shareBillRow } from '../../../shared/operations/shares';
import { clientStore } from '../../../shared/store/clientStore';
import { settingsStore } from '../../../shared/store/settingsStore';
import { stripePages } from '../../../shared/stripe/stripePages';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk, openedAt, standAt } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { Portal } from '../../fixtures/portal';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

let oak: FrontDesk;
let stripe: OpenStripe;
let maya: { clientId: string; caller: ClientCaller };
let people = 0;
const portal = new Portal();
beforeAll(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
  await settingsStore.putAutomation(oak.practiceId, { ...defaultAutomationSettings, autopay: true });
});
afterAll(async () => {
  await stripe.close();
  await oak.close();
});
beforeEach(async () => {
  standAt(openedAt);
  people += 1;
  const email = `maya${people}@example.com`;
  const clientId = await oak.client({ email });
  maya = { clientId, caller: (await portal.signIn(email)).caller };
});

const cardOf = async (more: object = {}): Promise<string> =>
  (await saveCard({ practiceId: oak.practiceId, clientId: maya.clientId, sdk: stripe.sdk(), ...more })).cardId;
const cards = async (caller = maya.caller) => (await oak.ask(listOwnCardsRow, listOwnCards, { caller })).body.items;
const change = (cardId: string, body: object, caller = maya.caller) =>
  oak.ask(changeOwnCardRow, changeOwnCard, { caller, path: { cardId }, body });
const remove = (cardId: string, caller = maya.caller) =>
  oak.ask(removeOwnCardRow, removeOwnCard, { caller, path: { cardId } });
const setUp = (body: object = {}, asked: Asked = {}) =>
  oak.ask(setUpOwnCardRow, setUpOwnCard, {
    ...{ caller: maya.caller, body: { consentTextVersion: 'card-1.en', ...body } },
    ...asked,
  });
const autopay = (body: object, caller = maya.caller) =>
  oak.ask(putOwnAutopayRow, putOwnAutopay, {
    caller,
    body: { clientId: maya.clientId, enabled: true, consentTextVersion: 'autopay-1.en', ...body },
  });
const parentOf = async () => {
  const email = `parent${people}@example.com`;
  const contactId = await oak.contact(maya.clientId, { email });
  return { contactId, caller: (await portal.signIn(email)).caller };
};
const shared = async (priceCents: number): Promise<void> => {
  const { billId } = await oak.bill(priceCents, { clientId: maya.clientId });
  await oak.done(shareBillRow, shareBill, { path: { billId }, body: { channel: 'portal' } });
};
const autopayBalance = async (caller = maya.caller): Promise<number> =>
  (await oak.done(getOwnAccountRow, getOwnAccount, { caller })).clients[0].autopayBalanceCents;
const notThere = { status: 404, body: { code: 'not_found' } };

describe('a card of one’s own', () => {
  it('201: is entered on Stripe’s page alone (R48), and is then the payer’s, with their consent', async () => {
    const { contactId, caller } = await parentOf();
    const key = 'one card of a parent';
    const { status, body } = await setUp({}, { caller, key });
    expect((await setUp({}, { caller, key })).body).toEqual(body);
    const back = await stripe.payOn(body.url);
    expect([status, back]).toEqual([201, 'https://bills.example.com/client#card=saved']);
    const session = new URL(body.url).pathname.split('/').at(-1) ?? '';
    expect(await tellOf(session)).toEqual([]);
    expect(await cards(caller)).toEqual([expect.objectContaining({ last4: '4242', isDefault: true })]);
    expect(await cards()).toEqual([]);
    const [client] = caller.clients;
    expect(client).toEqual({ clientId: maya.clientId, contactId });
  });

  it('200: is named, and made the default in place of the other; 204: goes, and the one that stays is the default', async () => {
    const [first, second] = [await cardOf(), await cardOf({ isDefault: false })];
    expect((await change(second, { nickname: 'Travel', isDefault: true })).body).toMatchObject({ nickname: 'Travel' });
    const defaults = async () => (await cards()).filter((card: { isDefault: boolean }) => card.isDefault);
    expect((await defaults()).map((card: { cardId: string }) => card.cardId)).toEqual([second]);
    expect((await remove(second)).status).toBe(204);
    expect(await cards()).toEqual([expect.objectContaining({ cardId: first, isDefault: true })]);
    expect((await remove(first)).status).toBe(204);
  });

  it('404: the other payer’s card is neither changed nor removed', async () => {
    const { caller } = await parentOf();
    const cardId = await cardOf();
    for (const answer of [await change(cardId, { nickname: 'Mine' }, caller), await remove(cardId, caller)]) {
      expect(answer).toMatchObject(notThere);
    }
    expect(await cards()).toHaveLength(1);
    expect(await setUp({ clientId: await oak.client({ email: `x${people}@example.com` }) })).toMatchObject(notThere);
  });

  it('422: whoever pays for several clients says for which', async () => {
    const { caller } = await parentOf();
    const sister = await oak.client({ email: `sister${people}@example.com` });
    await oak.contact(sister, { email: `parent${people}@example.com` });
    const both = { ...caller, clients: [...caller.clients, { clientId: sister, contactId: 'con_of_sister' }] };
    expect((await setUp({}, { caller: both })).body).toMatchObject({ errors: [{ pointer: '/clientId' }] });
  });
});

describe('AutoPay', () => {
  it('200: is switched on by whoever gets the bills, with consent, limit, and the balance that waits confirmed (rule 14)', async () => {
    await cardOf();
    await shared(9_000);
    await oak.bill(5_000, { clientId: maya.clientId });
    expect(await autopayBalance()).toBe(9_000);
    const unconfirmed = { status: 409, body: { code: 'autopay_balance_unconfirmed', openBalanceCents: 9_000 } };
    expect(await autopay({ limitCents: 20_000 })).toMatchObject(unconfirmed);
    const on = await autopay({ limitCents: 20_000, confirmOpenBalanceCents: 9_000 });
    expect(on).toMatchObject({ status: 200, body: { autopay: true, autopayLimitCents: 20_000 } });
    const [billing] = await clientStore.billingOf(oak.practiceId, [maya.clientId]);
    const consent = { at: clock.now(), by: maya.clientId, textVersion: 'autopay-1.en' };
    expect(billing).toMatchObject({ autopay: true, autopayConsent: consent });
    expect((await autopay({ enabled: false })).body).toMatchObject({ autopay: false, autopayLimitCents: null });
  });

  it('403: is not switched on or off by a client whose bills go to a contact', async () => {
    await cardOf();
    const { caller } = await parentOf();
    for (const enabled of [true, false]) {
      expect(await autopay({ enabled })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await autopay({ enabled: false }, caller)).toMatchObject({ status: 200 });
  });

  it('409: what one payer allowed, the next one does not take over unseen: the balance is confirmed anew', async () => {
    await cardOf();
    expect((await autopay({})).status).toBe(200);
    await shared(4_000);
    const { caller, contactId } = await parentOf();
    await cardOf({ owner: { kind: 'contact', id: contactId } });
    await shared(9_000);
    expect([await autopayBalance(caller), await autopayBalance()]).toEqual([9_000, 4_000]);
    expect(await autopay({}, caller)).toMatchObject({ status: 409, body: { openBalanceCents: 9_000 } });
    expect((await autopay({ confirmOpenBalanceCents: 9_000 }, caller)).status).toBe(200);
    expect((await autopay({ limitCents: 5_000 }, caller)).status).toBe(200);
    const [billing] = await clientStore.billingOf(oak.practiceId, [maya.clientId]);
    expect(billing?.autopayConsent?.by).toBe(contactId);
  });

  it('409: card_expired: it is not switched on with a card that is past its month (rule 11)', async () => {
    await cardOf({ expMonth: 2, expYear: 2026 });
    expect(await autopay({})).toMatchObject({ status: 409, body: { code: 'card_expired' } });
    const good = await cardOf({ isDefault: false, expMonth: 3, expYear: 2026 });
    await change(good, { isDefault: true });
    expect((await autopay({})).status).toBe(200);
  });

  it('409: last_card: while it is on, one card stays; no_card: it wants one', async () => {
    expect(await autopay({})).toMatchObject({ status: 409, body: { code: 'no_card' } });
    const [first, second] = [await cardOf(), await cardOf({ isDefault: false })];
    expect((await autopay({})).status).toBe(200);
    expect((await remove(first)).status).toBe(204);
    stripe.newCalls();
    expect(await remove(second)).toMatchObject({ status: 409, body: { code: 'last_card' } });
    expect(stripe.newCalls()).toEqual([]);
    await autopay({ enabled: false });
    expect((await remove(second)).status).toBe(204);
  });

  it('409: default_card: while it is on, the default of several is not removed by the payer nor by staff (rule 11)', async () => {
    const [first, second, third] = [
      await cardOf(),
      await cardOf({ isDefault: false }),
      await cardOf({ isDefault: false }),
    ];
    expect((await autopay({})).status).toBe(200);
    stripe.newCalls();
    const byStaff = await oak.ask(removeCardRow, removeCard, { path: { cardId: first } });
    for (const answer of [byStaff, await remove(first)]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'default_card' } });
    }
    expect([stripe.newCalls(), await cards()]).toMatchObject([[], { length: 3 }]);
    await change(third, { isDefault: true });
    expect([(await remove(first)).status, (await remove(third)).status]).toEqual([204, 204]);
    expect(await cards()).toEqual([expect.objectContaining({ cardId: second, isDefault: true })]);
  });

  it('204: a card that Stripe is letting go of is in use no more: AutoPay is not switched on with it meanwhile', async () => {
    const cardId = await cardOf();
    const meanwhile: unknown[] = [];
    const detachCard: typeof stripePages.detachCard = async (...of) => {
      await stripePages.detachCard(...of);
      meanwhile.push((await autopay({})).body.code, await cards());
    };
    const slow = serve(removeOwnCardRow, removeOwnCardWith({ ...stripePages, detachCard }));
    const { status } = await oak.ask(removeOwnCardRow, slow, { caller: maya.caller, path: { cardId } });
    expect([status, meanwhile]).toEqual([204, ['no_card', []]]);
  });

  it('204: a payer whom it does not charge removes the last card of their own, and the default of several', async () => {
    const [first, second, third] = [
      await cardOf(),
      await cardOf({ isDefault: false }),
      await cardOf({ isDefault: false }),
    ];
    const { caller, contactId } = await parentOf();
    const parents = await cardOf({ owner: { kind: 'contact', id: contactId } });
    expect((await autopay({}, caller)).status).toBe(200);
    for (const cardId of [first, second, third]) expect((await remove(cardId)).status).toBe(204);
    expect(await remove(parents, caller)).toMatchObject({ status: 409, body: { code: 'last_card' } });
  });

  it('409: autopay_off: it is not there to be switched on where the practice has none; 404: nor for somebody else', async () => {
    await cardOf();
    const other = await oak.client({ email: `other${people}@example.com` });
    expect(await autopay({ clientId: other })).toMatchObject(notThere);
    const automation = await settingsStore.loadAutomation(oak.practiceId);
    await settingsStore.putAutomation(oak.practiceId, { ...automation, autopay: false });
    expect(await autopay({})).toMatchObject({ status: 409, body: { code: 'autopay_off' } });
  });
});
