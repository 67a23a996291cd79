import type * as z from 'zod';
import type { Member } from '../domain/practice';
import type { StaffCaller } from '../operations/caller';
import type { memberObject } from '../operations/records';

/** Admins see all of a member, others what they need to assign and filter by. */
export function memberView(member: Member, { roles }: Pick<StaffCaller, 'roles'>): z.input<typeof memberObject> {
  if (roles.includes('admin')) return member;
  return { memberId: member.memberId, name: member.name, roles: member.roles, active: member.active };
}
