import { remainingAdmin } from '../../shared/domain/members';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { deactivateMemberRow } from '../../shared/operations/members';
import { decideAnew } from '../../shared/store/kernel';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';

interface Needs {
  readonly members: MemberStore;
}

export const deactivateMember =
  ({ members }: Needs): Run<typeof deactivateMemberRow> =>
  ({ caller: { practiceId }, path: { memberId } }) =>
    decideAnew(async () => {
      const all = await members.all(practiceId);
      const before = all.find(member => member.memberId === memberId);
      if (!before) throw new Problem('not_found', { what: 'member' });
      const member = { ...before, active: false };
      await members.replace(practiceId, member, remainingAdmin(all, before, member));
      return reply(204, undefined);
    });

export const handler = serve(deactivateMemberRow, deactivateMember({ members: memberStore }));
