import type { Member, MemberRole, Practice } from '../domain/practice';
import type { StaffCaller } from '../operations/caller';
import { billingRoles } from '../operations/row';

const seesAll: readonly MemberRole[] = ['admin', 'biller', 'scheduler'];

/** What a member may see: own clients, a supervisor also those of the supervised; amounts unless switched off. */
export function staffCaller(member: Member, practice: Practice, supervised: readonly string[]): StaffCaller {
  const { memberId, roles, billingVisible } = member;
  return {
    kind: 'staff',
    practiceId: practice.practiceId,
    timeZone: practice.timeZone,
    currency: practice.currency,
    memberId,
    roles,
    sees: roles.some(role => seesAll.includes(role)) ? 'all' : [memberId, ...supervised],
    billing: seesBilling({ roles, billingVisible }),
  };
}

/** Whether a member may see amounts (rule 70). */
export const seesBilling = ({ roles, billingVisible }: Pick<Member, 'roles' | 'billingVisible'>): boolean =>
  billingVisible && roles.some(role => billingRoles.some(billing => billing === role));
