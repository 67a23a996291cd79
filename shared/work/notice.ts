import type { Instant } from '../domain/calendar';
import { type NoticeSubject, newNotice } from '../domain/notice';
import type { Write } from '../store/kernel';
import { noticeWrite } from '../store/noticeStore';

/** A mail that this transaction makes necessary: it goes out as soon as the sweep finds it, once. */
export function noticeWrites(
  practiceId: string,
  { at, ...subject }: NoticeSubject & { readonly at: Instant },
  newId: (prefix: 'wrk') => string,
): Write[] {
  return [noticeWrite(practiceId, newNotice(subject, { noticeId: newId('wrk'), at }))];
}
