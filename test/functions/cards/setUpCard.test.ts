import { handler as listCards } from '../../../functions/cards/listCards';
import { handler as setUpCard } from '../../../functions/cards/setUpCard';
import { handler as createContact } from '../../../functions/contacts/createContact';
import { handler as removeContact } from '../../../functions/contacts/removeContact';
import type { Card } from '../../../shared/domain/client';
import type { Practice } from '../../../shared/domain/practice';
import { real } from '../../../shared/needs';
import { listCardsRow, setUpCardRow } from '../../../shared/operations/cards';
import { createContactRow, removeContactRow } from '../../../shared/operations/contacts';
import { added } from '../../../shared/store/changes';
import { transact } from '../../../shared/store/kernel';
import { stripeAccountEntity } from '../../../shared/store/table';
import { followEvent } from '../../../shared/stripe/followEvent';
import { type Answered, type Asked, ask } from '../../fixtures/apiEvent';
import { newClient } from '../../fixtures/chart';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';
import { goodCard } from '../../local/stripe/standIn';

let store: OpenStore;
let stripe: OpenStripe;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  store = await openStore();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await store.close();
});
const open = async (connection: Partial<Practice['stripe']> = {}) => {
  oak = await openPractice({ stripe: { status: 'ready', mode: 'test', ...connection } });
  ({ clientId } = await newClient(oak, { firstName: 'Maya', lastName: 'Okafor', email: 'maya@example.com' }));
};
beforeEach(() => open());

const setUp = (body: object = {}, asked: Asked = {}): Promise<Answered> =>
  ask(setUpCard, setUpCardRow, {
    caller: oak.admin,
    path: { clientId },
    body: { consentTextVersion: '2026-01', ...body },
    ...asked,
  });
const cards = async (): Promise<Card[]> =>
  (await ask(listCards, listCardsRow, { caller: oak.admin, path: { clientId } })).body.items;
const contact = async (name = 'Ada Okafor'): Promise<string> => {
  const asked = { caller: oak.admin, path: { clientId }, body: { name, roles: [] } };
  return (await ask(createContact, createContactRow, asked)).body.contactId;
};

/** The page that was opened last. */
async function lastPage(account?: string) {
  const [page] = (await stripe.sdk(account).checkout.sessions.list({ limit: 1 })).data;
  if (!page) throw new Error('no page was opened');
  return page;
}
/** What the worker does when it is told that a page changed. */
const told = (id: string, account?: string) =>
  followEvent(
    {
      kind: 'stripeEvent',
      eventId: `evt of ${id}`,
      type: 'checkout.session.completed',
      subject: { kind: 'page', id },
      ...(account ? { account } : {}),
    },
    real,
  );
/** The cardholder fills in the page and Stripe tells of it. */
async function enter(url: string, card: Record<string, string> = goodCard): Promise<string> {
  const { id } = await lastPage();
  await stripe.payOn(url, card);
  await told(id);
  return id;
}
const mastercard = { ...goodCard, number: '5555 5555 5555 4444', expiry: '03 / 31' };

describe('POST /clients/{clientId}/cards/setup 201', () => {
  it('(R48) leads to Stripe’s own page, and nothing about the client goes there but opaque ids (rule 67)', async () => {
    const before = stripe.part.sent().length;
    const { status, body } = await setUp({ returnTo: '/clients/maya/billing' });
    expect([status, new URL(body.url).origin]).toEqual([201, new URL(stripe.part.url).origin]);
    const page = await lastPage();
    expect(page).toMatchObject({ mode: 'setup', allowed_payment_method_types: ['card'] });
    expect(page).toMatchObject({ success_url: 'https://bills.example.com/clients/maya/billing' });
    const { practiceId, admin } = oak;
    const owner = { practiceId, clientId, ownerKind: 'client', ownerId: clientId };
    expect(page.metadata).toEqual({ ...owner, consentTextVersion: '2026-01', by: admin.memberId });
    expect(stripe.part.sent().slice(before).join('\n')).not.toMatch(/maya@|Okafor|Maya%|firstName/);
    expect(await cards()).toEqual([]);
  });

  it('the customer is made once and kept; a contact has one of its own', async () => {
    await setUp();
    const first = await lastPage();
    await setUp();
    expect((await lastPage()).customer).toBe(first.customer);
    await setUp({ contactId: await contact() });
    expect((await lastPage()).customer).not.toBe(first.customer);
  });

  it('(C11) the first card of an owner is the default, with its consent: who, when, which text', async () => {
    const begun = new Date().toISOString();
    const { url } = (await setUp()).body;
    await enter(url);
    await enter((await setUp({ consentTextVersion: '2026-02' })).body.url, mastercard);
    const contactId = await contact();
    await enter((await setUp({ contactId })).body.url);
    const [first, second, third] = await cards();
    const consent = { by: oak.admin.memberId, textVersion: '2026-01', at: expect.any(String) };
    const own = { kind: 'client', id: clientId };
    const facts = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
    expect(first).toMatchObject({ ...facts, owner: own, isDefault: true, consent });
    expect((first?.consent.at ?? '') >= begun).toBe(true);
    expect(second).toMatchObject({ brand: 'mastercard', last4: '4444', isDefault: false, owner: own });
    expect(second?.consent.textVersion).toBe('2026-02');
    expect(third).toMatchObject({ owner: { kind: 'contact', id: contactId }, isDefault: true });
  });

  it('a card that the bank refuses on the page is not kept', async () => {
    const { url } = (await setUp()).body;
    await enter(url, { ...goodCard, number: '4000 0000 0000 0002' });
    expect(await cards()).toEqual([]);
  });

  it('however often and in whatever order Stripe tells of a page, its card is kept once', async () => {
    const id = await enter((await setUp()).body.url);
    await Promise.all([told(id), told(id)]);
    await told(id);
    expect(await cards()).toHaveLength(1);
  });

  it('(C11) two first cards told at once: both are kept, one is the default', async () => {
    const pages: string[] = [];
    for (const card of [goodCard, mastercard]) {
      const { url } = (await setUp()).body;
      pages.push((await lastPage()).id);
      await stripe.payOn(url, card);
    }
    writeTogether(store, 2);
    await Promise.all(pages.map(id => told(id)));
    expect((await cards()).map(({ isDefault }) => isDefault).sort()).toEqual([false, true]);
  });

  it('a card entered for a contact who was removed meanwhile is nobody’s, and its event is done with', async () => {
    const contactId = await contact();
    const { url } = (await setUp({ contactId })).body;
    await ask(removeContact, removeContactRow, { caller: oak.admin, path: { clientId, contactId } });
    await enter(url);
    expect(await cards()).toEqual([]);
  });

  it('a repeat under the same key leads to the same page, whoever of the office repeats it', async () => {
    const key = 'one page, please';
    const first = await setUp({}, { key });
    const again = await setUp({}, { key, caller: oak.biller });
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect(await setUp({ consentTextVersion: 'other' }, { key })).toMatchObject({ status: 422 });
  });
});

describe('a connected account', () => {
  it('keeps the practice’s cards apart; a page made by hand in another account reaches no client (clarification 10)', async () => {
    const [own, foreign] = ['acct_own', 'acct_foreign'];
    for (const id of [own, foreign]) await stripe.connect(id);
    await open({ accountId: own });
    const elm = await openPractice();
    await transact([
      added(stripeAccountEntity, oak.practiceId, { accountId: own, practiceId: oak.practiceId }),
      added(stripeAccountEntity, elm.practiceId, { accountId: foreign, practiceId: elm.practiceId }),
    ]);
    const { url } = (await setUp()).body;
    const page = await lastPage(own);
    const sdk = stripe.sdk(foreign);
    const forged = await sdk.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      customer: (await sdk.customers.create({})).id,
      metadata: page.metadata ?? {},
      success_url: 'https://bills.example.com/',
    });
    await stripe.payOn(forged.url ?? '');
    await told(forged.id, foreign);
    expect(await cards()).toEqual([]);
    await stripe.payOn(url);
    await told(page.id, own);
    expect(await cards()).toHaveLength(1);
  });
});

describe('POST /clients/{clientId}/cards/setup 404', () => {
  it('somebody else’s client, another practice’s, and a contact of another client', async () => {
    const contactId = await contact();
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect(await setUp({}, { caller })).toMatchObject({ status: 404, body: { what: 'client' } });
    }
    const { clientId: other } = await newClient(oak, { firstName: 'Ann' });
    const elsewhere = await setUp({ contactId }, { path: { clientId: other } });
    expect(elsewhere).toMatchObject({ status: 404, body: { what: 'contact' } });
  });
});

describe('POST /clients/{clientId}/cards/setup 409', () => {
  it.each(['not_connected', 'pending'] as const)('stripe_not_connected: Stripe is %s', async status => {
    await open({ status });
    stripe.newCalls();
    expect(await setUp()).toMatchObject({ status: 409, body: { code: 'stripe_not_connected' } });
    expect(stripe.newCalls()).toEqual([]);
  });
});

describe('POST /clients/{clientId}/cards/setup 503', () => {
  it.each(['before', 'after'] as const)(
    'dependency_down: Stripe fails %s it acts; the next try under the same key opens a page, for one customer',
    async when => {
      const key = 'until it works';
      const customers = async () => (await stripe.sdk().customers.list({ limit: 100 })).data;
      const known = (await customers()).length;
      stripe.fails({ operation: 'POST /v1/checkout/sessions', when, error: '500' });
      expect(await setUp({}, { key })).toMatchObject({ status: 503, body: { code: 'dependency_down' } });
      const { status, body } = await setUp({}, { key });
      expect(status).toBe(201);
      await enter(body.url);
      expect(await cards()).toHaveLength(1);
      expect(await customers()).toHaveLength(known + 1);
    },
  );
});
