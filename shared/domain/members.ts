import type { Member } from './practice';
import { invalidInput, Problem } from './problem';

/** Whom clients and sessions can be given to: an active member who treats people. */
export const practises = ({ active, roles }: Pick<Member, 'active' | 'roles'>): boolean =>
  active && roles.some(role => role === 'practitioner' || role === 'supervisor');

/** Who must stay an active admin when this member stops being one; none left: refused. */
export function remainingAdmin(members: readonly Member[], before: Member, after: Member): Member | undefined {
  const isAdmin = (member: Member) => member.active && member.roles.includes('admin');
  if (!isAdmin(before) || isAdmin(after)) return undefined;
  const other = members.find(member => member.memberId !== before.memberId && isAdmin(member));
  if (!other) throw new Problem('last_billing_admin');
  return other;
}

/** A new supervisor is another active member of the practice who has that role; one who left stays named until then. */
export function refuseWrongSupervisor(members: readonly Member[], member: Member): void {
  if (member.supervisorId === undefined) return;
  const supervisor = members.find(({ memberId }) => memberId === member.supervisorId);
  const fits = supervisor?.active && supervisor.roles.includes('supervisor') && supervisor.memberId !== member.memberId;
  if (!fits) throw invalidInput('/supervisorId', 'must be another active member with the role supervisor');
}
