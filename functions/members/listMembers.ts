import { type Run, reply, serve } from '../../shared/http/serve';
import { listMembersRow } from '../../shared/operations/members';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';
import { memberView } from '../../shared/views/memberView';

interface Needs {
  readonly members: MemberStore;
}

export const listMembers =
  ({ members }: Needs): Run<typeof listMembersRow> =>
  async ({ caller, query: { limit, cursor } }) => {
    const page = await members.page(caller.practiceId, { limit, cursor });
    return reply(200, { items: page.members.map(m => memberView(m, caller)), nextCursor: page.nextCursor });
  };

export const handler = serve(listMembersRow, listMembers({ members: memberStore }));
