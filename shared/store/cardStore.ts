import { type Card, type Client, type Contact, isReachable, isUsable } from '../domain/client';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { getItem, getItems, queryAll, queryPage } from './kernel';
import { cardEntity, cardPointer, clientEntity, clientPartition, contactEntity, practiceEntity } from './table';

export const cardStore = {
  /** The cards of a client and the client's contacts that may be charged, oldest first: those of an account left are not. */
  async of({ practiceId, stripe }: Pick<Practice, 'practiceId' | 'stripe'>, clientId: string): Promise<Card[]> {
    return (await everyCard(practiceId, clientId)).filter(card => isUsable(card, stripe));
  },

  /** What a charge needs beside the bill: the practice's Stripe account and all cards, those that it may not charge too. */
  async forCharge(practiceId: string, clientId: string): Promise<{ practice: Practice; cards: Card[] }> {
    const [practice, cards] = await Promise.all([practiceOf(practiceId), everyCard(practiceId, clientId)]);
    return { practice, cards };
  },

  /** By its id alone. 404 when it is not there, or of an account that the practice has left. */
  async find(practiceId: string, cardId: string): Promise<{ card: Card; practice: Practice }> {
    const found = await this.findForRemoval(practiceId, cardId);
    if (!isUsable(found.card, found.practice.stripe)) throw new Problem('not_found', { what: 'card' });
    return found;
  },

  /** As `find`, and also one whose removal has stopped half-way, so that a repeated request ends it. */
  async findForRemoval(practiceId: string, cardId: string): Promise<{ card: Card; practice: Practice }> {
    const [practice, page] = await Promise.all([
      practiceOf(practiceId),
      queryPage({ index: 'pointers', partition: cardPointer(practiceId, cardId), limit: 1 }),
    ]);
    const [key] = page.items;
    const item = key && (await getItem({ pk: key.pk, sk: key.sk }));
    const card = item && cardEntity.record(item);
    if (!card || !isReachable(card, practice.stripe)) throw new Problem('not_found', { what: 'card' });
    return { card, practice };
  },

  /** Whose card it shall be: the client, or one of the client's contacts. */
  async owner(
    practiceId: string,
    clientId: string,
    contactId: string | undefined,
  ): Promise<{ practice: Practice; client: Client; contact?: Contact }> {
    const items = await getItems([
      practiceEntity.key(practiceId, { practiceId }),
      clientEntity.key(practiceId, { clientId }),
      ...(contactId ? [contactEntity.key(practiceId, { clientId, contactId })] : []),
    ]);
    const practice = items.find(practiceEntity.is);
    const client = items.find(clientEntity.is);
    const contact = items.find(contactEntity.is);
    invariant(practice, 'the practice of a caller exists');
    if (!client) throw new Problem('not_found', { what: 'client' });
    if (contactId && !contact) throw new Problem('not_found', { what: 'contact' });
    return {
      practice: practiceEntity.record(practice),
      client: clientEntity.record(client),
      ...(contact ? { contact: contactEntity.record(contact) } : {}),
    };
  },
};

async function everyCard(practiceId: string, clientId: string): Promise<Card[]> {
  const items = await queryAll({ partition: clientPartition(practiceId, clientId), prefix: 'CARD#' });
  return items.map(cardEntity.record).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

export async function practiceOf(practiceId: string): Promise<Practice> {
  const item = await getItem(practiceEntity.key(practiceId, { practiceId }));
  invariant(item, 'the practice exists');
  return practiceEntity.record(item);
}
