import { practises } from '../domain/members';
import { invalidInput } from '../domain/problem';
import { maySee, type StaffCaller } from '../operations/caller';
import type { MemberStore } from './memberStore';

interface Assignment {
  readonly caller: StaffCaller;
  readonly memberId: string | undefined;
  readonly pointer?: string;
}

/** Clients and sessions go to active practitioners only, and a practitioner gives none away to somebody unseen. */
export async function assertAssignable(members: Pick<MemberStore, 'find'>, assignment: Assignment): Promise<void> {
  const { caller, memberId, pointer = '/practitionerId' } = assignment;
  if (memberId === undefined) return;
  const member = maySee(caller, memberId) ? await members.find(caller.practiceId, memberId) : undefined;
  if (!member || !practises(member)) throw invalidInput(pointer, 'must be an active practitioner of this practice');
}
