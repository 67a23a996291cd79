import { type Clock, clock } from '../../shared/clock';
import { localDate } from '../../shared/domain/calendar';
import { refuseUnborn } from '../../shared/domain/client';
import { patched } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import type { StaffCaller } from '../../shared/operations/caller';
import { changeClientRow } from '../../shared/operations/clients';
import { assertAssignable } from '../../shared/store/assignable';
import { type ClientStore, type ClientSums, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';
import { type MemberStore, memberStore } from '../../shared/store/memberStore';
import { clientWithSumsView } from '../../shared/views/clientView';

interface Needs {
  readonly clients: ClientStore;
  readonly members: MemberStore;
  readonly clock: Clock;
}

export const changeClient =
  ({ clients, members, clock: time }: Needs): Run<typeof changeClientRow> =>
  ({ caller, path: { clientId }, body }) =>
    decideAnew(async () => {
      const before = await clients.load(caller, clientId);
      await assertAssignable(members, { caller, memberId: body.practitionerId ?? undefined });
      refuseUnborn(body.dateOfBirth, localDate(time.now(), caller.timeZone));
      const archives = body.status === 'archived' && before.status === 'active';
      if (archives) refuseUnsettled(caller, await clients.sums(caller.practiceId, clientId));
      const client = patched(before, body);
      await clients.replace(caller.practiceId, before, client);
      return reply(200, await clientWithSumsView(clients, { caller, client }));
    });

/** Rule 60: an archived client has neither a balance nor credit, nor does an insurer still owe anything; which, rule 70. */
function refuseUnsettled({ billing }: StaffCaller, sums: ClientSums): void {
  const { balanceCents, creditCents, insurerBalanceCents } = sums;
  if (balanceCents !== 0 || creditCents !== 0 || insurerBalanceCents !== 0) {
    throw new Problem('client_has_balance', billing ? { balanceCents, creditCents, insurerBalanceCents } : {});
  }
}

export const handler = serve(changeClientRow, changeClient({ clients: clientStore, members: memberStore, clock }));
