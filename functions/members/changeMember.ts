import { patched } from '../../shared/domain/given';
import { refuseWrongSupervisor, remainingAdmin } from '../../shared/domain/members';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changeMemberRow } from '../../shared/operations/members';
import { decideAnew } from '../../shared/store/kernel';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';

interface Needs {
  readonly members: MemberStore;
}

export const changeMember =
  ({ members }: Needs): Run<typeof changeMemberRow> =>
  ({ caller: { practiceId }, path: { memberId }, body }) =>
    decideAnew(async () => {
      const all = await members.all(practiceId);
      const before = all.find(member => member.memberId === memberId);
      if (!before) throw new Problem('not_found', { what: 'member' });
      const member = patched(before, body);
      if (member.supervisorId !== before.supervisorId) refuseWrongSupervisor(all, member);
      await members.replace(practiceId, member, remainingAdmin(all, before, member));
      return reply(200, member);
    });

export const handler = serve(changeMemberRow, changeMember({ members: memberStore }));
