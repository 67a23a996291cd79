import type { Member } from '../domain/practice';
import { Problem } from '../domain/problem';
import { added, replaced, unchanged } from './changes';
import { getItem, type ItemPage, queryAll, queryPage, transact, type Write } from './kernel';
import { memberEntity, rootPartition, subjectEntity } from './table';

const prefix = (practiceId: string): string => memberEntity.key(practiceId, { memberId: '' }).sk;

export const memberStore = {
  async load(practiceId: string, memberId: string): Promise<Member> {
    const member = await memberStore.find(practiceId, memberId);
    if (!member) throw new Problem('not_found', { what: 'member' });
    return member;
  },

  async find(practiceId: string, memberId: string): Promise<Member | undefined> {
    const item = await getItem(memberEntity.key(practiceId, { memberId }));
    return item && memberEntity.record(item);
  },

  async all(practiceId: string): Promise<Member[]> {
    const items = await queryAll({ partition: rootPartition(practiceId), prefix: prefix(practiceId) });
    return items.map(memberEntity.record);
  },

  async page(practiceId: string, page: { limit: number; cursor: string | undefined }) {
    const found: ItemPage = await queryPage({
      partition: rootPartition(practiceId),
      prefix: prefix(practiceId),
      ...page,
    });
    return { members: found.items.map(memberEntity.record), nextCursor: found.nextCursor };
  },

  /** A sign-in belongs to one member of one practice: its subject must be free. */
  add: (practiceId: string, member: Member & { subject: string }, more: readonly Write[] = []): Promise<void> => {
    const { subject, memberId } = member;
    return transact([
      added(memberEntity, practiceId, member),
      added(subjectEntity, practiceId, { subject, practiceId, memberId }),
      ...more,
    ]);
  },

  /** `admin`: one who must stay an active admin meanwhile, so that two admins cannot remove each other. */
  replace: (practiceId: string, member: Member, admin: Member | undefined): Promise<void> =>
    transact([
      replaced(memberEntity, practiceId, member),
      ...(admin ? [unchanged(memberEntity, practiceId, admin)] : []),
    ]),
};
export type MemberStore = typeof memberStore;
