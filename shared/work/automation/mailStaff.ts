import { seesBilling } from '../../access/staffCaller';
import { type NoticeSubject, newNotice } from '../../domain/notice';
import type { Member } from '../../domain/practice';
import { idFrom } from '../../ids';
import type { Needs } from '../../needs';
import { officeRoles } from '../../operations/row';
import { putIfAbsent } from '../../store/kernel';
import { noticeEntity } from '../../store/table';
import type { JobList } from './engine';

/** A job of the practice as a whole: one task. */
export const onePractice: JobList = {
  tasksOfPart: 1,
  page: async () => ({ tasks: [{ clientId: '' }], passed: {}, nextCursor: null }),
};

/** Who hears of money at all, as the API would tell it to them. */
export const hearsOfMoney = ({ roles, active, billingVisible }: Member): boolean =>
  active && seesBilling({ roles, billingVisible });

/** Who hears of the whole practice's money. */
export const isOffice = (member: Member): boolean =>
  hearsOfMoney(member) && member.roles.some(role => officeRoles.some(office => office === role));

/** One mail to a member for each kind and date: its id derives from them, so it is written once. */
export async function mailMember(
  practiceId: string,
  { memberId }: Member,
  { kind, facts }: Required<Pick<NoticeSubject, 'kind' | 'facts'>>,
  { clock }: Needs,
): Promise<void> {
  const noticeId = idFrom('wrk', practiceId, kind, memberId, String(facts.on));
  const notice = newNotice({ billId: '', memberId, kind, facts }, { noticeId, at: clock.now() });
  await putIfAbsent(noticeEntity.item(practiceId, notice));
}
