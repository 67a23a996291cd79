import { Problem } from '../domain/problem';
import type { StaffCaller } from '../operations/caller';
import { officeRoles } from '../operations/row';

/** 403 but for admin and biller: what a practitioner may not do by an operation that is otherwise open (clarification 42). */
export function officeOnly({ roles }: StaffCaller): void {
  if (!roles.some(role => officeRoles.some(office => office === role))) {
    throw new Problem('forbidden', { roles: officeRoles });
  }
}
