import { given } from '../../shared/domain/given';
import { refuseWrongSupervisor } from '../../shared/domain/members';
import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { type Identity, identity } from '../../shared/identity';
import { type NewId, newId } from '../../shared/ids';
import { createMemberRow } from '../../shared/operations/members';
import { decideAnew, LostRace } from '../../shared/store/kernel';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';

interface Needs {
  readonly members: MemberStore;
  readonly identity: Identity;
  readonly newId: NewId;
}

export const createMember = ({ members, identity, newId }: Needs): Operation<typeof createMemberRow> => ({
  run: ({ caller: { practiceId }, body, once }) =>
    decideAnew(async () => {
      const known = await once.beside(members.all(practiceId));
      const email = body.email.toLowerCase();
      const namesake = known.find(member => member.email === email);
      if (namesake) throw new Problem('already_exists', { what: 'member', id: namesake.memberId });
      const memberId = newId('mem');
      const draft = given({ ...body, email, memberId, active: true });
      refuseWrongSupervisor(known, draft);
      const member = { ...draft, subject: await identity.subjectOf(email) };
      await members.add(practiceId, member, once.record(201, { memberId })).catch(refuseTaken);
      return reply(201, member);
    }),
  replay: async ({ ids: { memberId = '' } }, { caller }) => reply(201, await members.load(caller.practiceId, memberId)),
});

/** One sign-in, one practice; whose it is, is not told. */
const refuseTaken = (error: unknown) => {
  if (error instanceof LostRace && error.failed.some(({ write, found }) => write.as === 'subject' && found)) {
    throw new Problem('already_exists', { what: 'sign-in', id: 'of another member' });
  }
  throw error;
};

export const handler = serve(createMemberRow, createMember({ members: memberStore, identity, newId }));
