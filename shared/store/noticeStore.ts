import type { Notice } from '../domain/notice';
import { getItem, transact, type Write } from './kernel';
import { noticeEntity } from './table';

/** The write that belongs into the transaction which makes the mail necessary. */
export const noticeWrite = (practiceId: string, notice: Notice): Write => ({
  as: 'notice',
  put: noticeEntity.item(practiceId, notice),
  when: notice.revision === 0 ? 'absent' : { revision: notice.revision - 1 },
});

export const noticeStore = {
  async find(practiceId: string, billId: string, noticeId: string): Promise<Notice | undefined> {
    const item = await getItem(noticeEntity.key(practiceId, { billId, noticeId }));
    return item && noticeEntity.record(item);
  },

  replace: (practiceId: string, notice: Notice, more: readonly Write[] = []): Promise<void> =>
    transact([noticeWrite(practiceId, notice), ...more]),
};
export type NoticeStore = typeof noticeStore;
