import { type Clock, clock } from '../../shared/clock';
import { localDate } from '../../shared/domain/calendar';
import { type Client, refuseUnborn } from '../../shared/domain/client';
import { given } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { idFrom, type NewId, newId } from '../../shared/ids';
import type { StaffCaller } from '../../shared/operations/caller';
import { createClientRow } from '../../shared/operations/clients';
import { assertAssignable } from '../../shared/store/assignable';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew, LostRace } from '../../shared/store/kernel';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';
import { clientWithSumsView } from '../../shared/views/clientView';

interface Needs {
  readonly clients: ClientStore;
  readonly members: MemberStore;
  readonly clock: Clock;
  readonly newId: NewId;
}

export const createClient = ({ clients, members, clock, newId }: Needs): Operation<typeof createClientRow> => ({
  run: ({ caller, body, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { externalId } = body;
      const practitionerId = body.practitionerId ?? ownId(caller);
      await once.beside(assertAssignable(members, { caller, memberId: practitionerId }));
      refuseUnborn(body.dateOfBirth, localDate(clock.now(), caller.timeZone));
      const clientId = externalId === undefined ? newId('cli') : idFrom('cli', practiceId, externalId);
      const client = newClient({ ...body, practitionerId }, { clientId, createdAt: clock.now() });
      await clients.add(practiceId, client, once.record(201, { clientId })).catch(refuseSecond(clientId));
      return reply(201, await clientWithSumsView(clients, { caller, client }));
    }),
  replay: async ({ ids: { clientId = '' } }, { caller }) => {
    const client = await clients.load(caller, clientId);
    return reply(201, await clientWithSumsView(clients, { caller, client }));
  },
});

/** Whoever sees own clients only would not see a client of nobody. */
const ownId = (caller: StaffCaller): string | undefined => (caller.sees === 'all' ? undefined : caller.memberId);

type Body = Omit<Input<typeof createClientRow>['body'], 'practitionerId'> & { practitionerId: string | undefined };

const newClient = (body: Body, made: Pick<Client, 'clientId' | 'createdAt'>): Client =>
  given({
    ...body,
    status: 'active' as const,
    ...made,
  });

/** The id derives from the externalId, so a second client of the same one is a failed put. */
const refuseSecond = (clientId: string) => (error: unknown) => {
  if (error instanceof LostRace && error.failed.some(({ write, found }) => write.as === 'client' && found)) {
    throw new Problem('already_exists', { what: 'client', id: clientId });
  }
  throw error;
};

export const handler = serve(
  createClientRow,
  createClient({ clients: clientStore, members: memberStore, clock, newId }),
);
