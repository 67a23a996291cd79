import type { Card, Client, Contact } from '../domain/client';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { Problem } from '../domain/problem';
import { getItem, getItems, queryAll, queryPage } from './kernel';
import { cardEntity, cardPointer, clientEntity, clientPartition, contactEntity, practiceEntity } from './table';

export const cardStore = {
  /** All cards of a client and the client's contacts, oldest first. */
  async of(practiceId: string, clientId: string): Promise<Card[]> {
    const items = await queryAll({ partition: clientPartition(practiceId, clientId), prefix: 'CARD#' });
    return items.map(cardEntity.record).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  },

  /** What a charge needs beside the bill: the practice's Stripe account and the cards. */
  async forCharge(practiceId: string, clientId: string): Promise<{ practice: Practice; cards: Card[] }> {
    const [practice, cards] = await Promise.all([practiceOf(practiceId), this.of(practiceId, clientId)]);
    return { practice, cards };
  },

  /** By its id alone. 404 when it is not there. */
  async find(practiceId: string, cardId: string): Promise<Card> {
    const page = await queryPage({ index: 'pointers', partition: cardPointer(practiceId, cardId), limit: 1 });
    const [key] = page.items;
    const item = key && (await getItem({ pk: key.pk, sk: key.sk }));
    if (!item) throw new Problem('not_found', { what: 'card' });
    return cardEntity.record(item);
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

export async function practiceOf(practiceId: string): Promise<Practice> {
  const item = await getItem(practiceEntity.key(practiceId, { practiceId }));
  invariant(item, 'the practice exists');
  return practiceEntity.record(item);
}
