import type { Member, Practice } from '../domain/practice';
import { getItem, getItems, type Item } from './kernel';
import { memberStore } from './memberStore';
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
};
export type AccessStore = typeof accessStore;
