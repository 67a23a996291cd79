import { invariant } from '../domain/invariant';
import { defaultAutomationSettings, type Member, type Practice } from '../domain/practice';
import { nightWrites } from './automationStore';
import { added, replaced } from './changes';
import { getItem, transact, type Write } from './kernel';
import { memberEntity, practiceEntity, shortCodeEntity, subjectEntity } from './table';

export const practiceStore = {
  async load(practiceId: string): Promise<Practice> {
    const item = await getItem(practiceEntity.key(practiceId, { practiceId }));
    invariant(item, `practice ${practiceId} of a caller is not in the table`);
    return practiceEntity.record(item);
  },

  replace: (practice: Practice, more: readonly Write[] = []): Promise<void> =>
    transact([replaced(practiceEntity, practice.practiceId, practice), ...more]),

  /** A new practice with its first admin; its short code must be free over all practices, since bill numbers carry it. */
  open: (practice: Practice, admin: Member & { subject: string }, more: readonly Write[] = []): Promise<void> => {
    const { practiceId, shortCode } = practice;
    const { memberId, subject } = admin;
    return transact([
      added(practiceEntity, practiceId, practice),
      added(shortCodeEntity, practiceId, { shortCode, practiceId }),
      added(memberEntity, practiceId, admin),
      added(subjectEntity, practiceId, { subject, practiceId, memberId }),
      ...nightWrites(practiceId, [], {
        settings: defaultAutomationSettings,
        timeZone: practice.timeZone,
        now: practice.createdAt,
      }),
      ...more,
    ]);
  },
};
export type PracticeStore = typeof practiceStore;
