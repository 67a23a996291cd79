import type { Instant } from '../domain/calendar';
import type { Notice } from '../domain/notice';
import { getItem, getItems, type Key, transact, type Write } from './kernel';
import { noticeEntity } from './table';

/** The write that belongs into the transaction which makes the mail necessary. */
export const noticeWrite = (practiceId: string, notice: Notice): Write => ({
  as: 'notice',
  put: noticeEntity.item(practiceId, notice),
  when: notice.revision === 0 ? 'absent' : { revision: notice.revision - 1 },
});

export const noticeStore = {
  /** By its key, as due work and links lead to it. */
  async at({ pk, sk }: Key): Promise<Notice | undefined> {
    const item = await getItem({ pk, sk });
    return item && noticeEntity.record(item);
  },

  /** A due notice, and until when the sweep has leased it. */
  async findDue({ pk, sk }: Key): Promise<{ notice: Notice; leasedTo: Instant } | undefined> {
    const item = await getItem({ pk, sk });
    const notice = item && noticeEntity.record(item);
    if (!notice?.dueAt) return undefined;
    return { notice, leasedTo: String(item?.dsk).slice(0, notice.dueAt.length) as Instant };
  },

  /** Ids of those that stand there already. */
  async known(practiceId: string, notices: readonly Notice[]): Promise<Set<string>> {
    const items = await getItems(notices.map(notice => noticeEntity.key(practiceId, notice)));
    return new Set(items.map(item => noticeEntity.record(item).noticeId));
  },

  replace: (practiceId: string, notice: Notice): Promise<void> => transact([noticeWrite(practiceId, notice)]),
};
