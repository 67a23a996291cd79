import type { Member, Practice } from '../domain/practice';
import { keepAwake } from './clientTokens';
import { getItem, getItems, type Item } from './kernel';
import { memberStore } from './memberStore';
import { accountsOf, type PortalAccount } from './portalStore';
import {
  memberEntity,
  practiceEntity,
  type SubjectRecord,
  subjectEntity,
  type TokenRecord,
  tokenEntity,
} from './table';

const first = <R extends object>(
  items: readonly Item[],
  { is, record }: { is(item: Item): boolean; record(item: Item): R },
): R | undefined => items.filter(is).map(record)[0];

/** What the question "who calls?" reads. */
export const accessStore = {
  async findSubject(subject: string): Promise<SubjectRecord | undefined> {
    const item = await getItem(subjectEntity.key('', { subject }));
    return item && subjectEntity.record(item);
  },

  async findMember({ practiceId, memberId }: SubjectRecord): Promise<{ member?: Member; practice?: Practice }> {
    const items = await getItems([
      memberEntity.key(practiceId, { memberId }),
      practiceEntity.key(practiceId, { practiceId }),
    ]);
    const member = first(items, memberEntity);
    const practice = first(items, practiceEntity);
    return { ...(member ? { member } : {}), ...(practice ? { practice } : {}) };
  },

  async supervisedBy(practiceId: string, supervisorId: string): Promise<string[]> {
    const members = await memberStore.all(practiceId);
    return members.filter(member => member.supervisorId === supervisorId).map(({ memberId }) => memberId);
  },

  async findToken(tokenHash: string): Promise<TokenRecord | undefined> {
    const item = await getItem(tokenEntity.key('', { tokenHash }));
    return item && tokenEntity.record(item);
  },

  /** The account of a client's session, as the charts have it now. */
  async findAccount({ addressHash, accountId }: TokenRecord): Promise<PortalAccount | undefined> {
    const accounts = addressHash ? await accountsOf(addressHash) : [];
    return accounts.find(account => account.accountId === accountId);
  },

  keepAwake,
};
export type AccessStore = typeof accessStore;
