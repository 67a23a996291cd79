import { handler as changeCard } from '../../../functions/cards/changeCard';
import { handler as listCards } from '../../../functions/cards/listCards';
import { handler as removeCard } from '../../../functions/cards/removeCard';
import { handler as createContact } from '../../../functions/contacts/createContact';
import type { Card } from '../../../shared/domain/client';
import type { StaffCaller } from '../../../shared/operations/caller';
import { changeCardRow, listCardsRow, removeCardRow } from '../../../shared/operations/cards';
import { createContactRow } from '../../../shared/operations/contacts';
import { ask, asking } from '../../fixtures/apiEvent';
import { newClient, supervisorOf } from '../../fixtures/chart';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { saveCard } from '../../fixtures/savedCard';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const list = asking(listCards, listCardsRow);
const change = asking(changeCard, changeCardRow);
const remove = asking(removeCard, removeCardRow);

let store: OpenStore;
let stripe: OpenStripe;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await store.close();
});
beforeEach(async () => {
  oak = await openPractice({ stripe: { status: 'ready', mode: 'test' } });
  ({ clientId } = await newClient(oak));
});

let saved = 0;
const save = (more: Partial<Card> = {}): Promise<Card> => {
  saved += 1;
  const createdAt = new Date(Date.UTC(2026, 2, 1, 0, saved)).toISOString() as Card['createdAt'];
  return saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk(), createdAt, ...more });
};
const items = async (caller: StaffCaller = oak.admin): Promise<Card[]> =>
  (await list({ caller, path: { clientId } })).body.items;
const defaults = async () => (await items()).filter(({ isDefault }) => isDefault).map(({ cardId }) => cardId);
const patch = ({ cardId }: Card, body: object, caller: StaffCaller = oak.admin) =>
  change({ caller, path: { cardId }, body });
const drop = ({ cardId }: Card, caller: StaffCaller = oak.admin) => remove({ caller, path: { cardId } });
const newContact = async (): Promise<Card['owner']> => {
  const asked = { caller: oak.admin, path: { clientId }, body: { name: 'Ada Okafor', roles: ['billing'] } };
  return { kind: 'contact', id: (await ask(createContact, createContactRow, asked)).body.contactId };
};
const atStripe = async ({ stripePaymentMethodId }: Card) =>
  (await stripe.sdk().paymentMethods.retrieve(stripePaymentMethodId)).customer;

describe('GET /clients/{clientId}/cards 200', () => {
  it('(R49) shows brand, last digits, expiry, owner and consent of the client’s cards, the oldest first; nothing of Stripe’s', async () => {
    const first = await save();
    const second = await save({ owner: await newContact(), method: 'pm_card_mastercard' } as Partial<Card>);
    const supervisor = await supervisorOf(oak, oak.practitioner);
    for (const caller of [oak.admin, oak.biller, oak.practitioner, supervisor]) {
      const shown = await items(caller);
      expect(shown.map(({ cardId }) => cardId)).toEqual([first.cardId, second.cardId]);
      const { stripeAccount: _account, stripeCustomerId: _customer, stripePaymentMethodId: _method, ...kept } = first;
      const { createdAt: _at, ...fields } = kept;
      expect(shown[0]).toEqual(fields);
    }
  });
});

describe('PATCH /cards/{cardId} 200', () => {
  it('gives the card a name, and takes it away', async () => {
    const card = await save();
    expect((await patch(card, { nickname: 'HSA' })).body).toMatchObject({ cardId: card.cardId, nickname: 'HSA' });
    expect((await patch(card, { nickname: null })).body).not.toHaveProperty('nickname');
    expect((await items())[0]).not.toHaveProperty('nickname');
  });

  it('(C11) exactly one card of an owner is the default: the new one takes it from the old one, no other owner is touched', async () => {
    const [first, second] = [await save(), await save({ isDefault: false })];
    const contacts = await save({ owner: await newContact() });
    expect((await patch(second, { isDefault: true })).body).toMatchObject({ cardId: second.cardId, isDefault: true });
    expect(await defaults()).toEqual([second.cardId, contacts.cardId]);
    await patch(second, { isDefault: true });
    await patch(first, { isDefault: true });
    expect(await defaults()).toEqual([first.cardId, contacts.cardId]);
  });

  it('(C11) two made the default at once: one of them is, also where none was before', async () => {
    const cards = [
      await save({ isDefault: false }),
      await save({ isDefault: false }),
      await save({ isDefault: false }),
    ];
    writeTogether(store, 3);
    const answers = await Promise.all(cards.map(card => patch(card, { isDefault: true })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await defaults()).toHaveLength(1);
  });
});

describe('DELETE /cards/{cardId} 204', () => {
  it('removes the card here and at Stripe', async () => {
    const card = await save();
    expect(await atStripe(card)).toBe(card.stripeCustomerId);
    expect((await drop(card)).status).toBe(204);
    expect(await items()).toEqual([]);
    expect(await atStripe(card)).toBeNull();
  });

  it('(rule 11) the default’s place stays empty while several remain, and goes to the one that remains alone', async () => {
    const [first, second, third] = [await save(), await save({ isDefault: false }), await save({ isDefault: false })];
    await drop(first);
    expect(await defaults()).toEqual([]);
    await drop(second);
    expect(await defaults()).toEqual([third.cardId]);
  });

  it('(rule 11) another owner’s cards are no successors', async () => {
    const own = await save();
    const contacts = await save({ owner: await newContact(), isDefault: false });
    await drop(own);
    expect(await items()).toMatchObject([{ cardId: contacts.cardId, isDefault: false }]);
  });

  it('(rule 11) of three removed down to one at once, that one is the default', async () => {
    const [first, second, third] = [await save(), await save({ isDefault: false }), await save({ isDefault: false })];
    writeTogether(store, 2);
    const answers = await Promise.all([drop(first), drop(second)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(await defaults()).toEqual([third.cardId]);
  });

  it('a card that Stripe let go already, by hand or before a crash, can still be removed here', async () => {
    const card = await save();
    await stripe.sdk().paymentMethods.detach(card.stripePaymentMethodId);
    expect((await drop(card)).status).toBe(204);
    expect(await items()).toEqual([]);
  });
});

describe('DELETE /cards/{cardId} 503', () => {
  it('dependency_down: while Stripe does not answer the card is out of use, and the next try has Stripe let go of it', async () => {
    const card = await save();
    stripe.fails({ when: 'before', error: '500' });
    const down = await drop(card);
    expect(down).toMatchObject({ status: 503, body: { code: 'dependency_down', dependency: 'Stripe' } });
    expect(down.headers['retry-after']).toBe('5');
    expect(await items()).toEqual([]);
    expect((await patch(card, { isDefault: true })).status).toBe(404);
    expect(await atStripe(card)).toBe(card.stripeCustomerId);
    stripe.fails({ when: 'after', error: '500' });
    expect((await drop(card)).status).toBe(503);
    expect((await drop(card)).status).toBe(204);
    expect(await atStripe(card)).toBeNull();
    expect((await drop(card)).status).toBe(404);
  });
});

describe('cards 404', () => {
  it('of somebody else’s client, of another practice, or removed before; nothing is asked of Stripe', async () => {
    const card = await save();
    stripe.newCalls();
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect(await list({ caller, path: { clientId } })).toMatchObject({ status: 404, body: { what: 'client' } });
      expect((await patch(card, { nickname: 'Eve' }, caller)).status).toBe(404);
      expect((await drop(card, caller)).status).toBe(404);
    }
    expect(stripe.newCalls()).toEqual([]);
    await drop(card);
    expect(await drop(card)).toMatchObject({ status: 404, body: { what: 'card' } });
    expect((await patch(card, { nickname: 'Eve' })).status).toBe(404);
  });
});
