import { withTerms } from '../../shared/domain/client';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { removePolicyRow } from '../../shared/operations/policies';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
}

export const removePolicy =
  ({ clients }: Needs): Run<typeof removePolicyRow> =>
  ({ caller, path: { clientId, policyId } }) =>
    decideAnew(async () => {
      const { billing, policies } = await clients.loadCoverage(caller, clientId);
      const policy = policies.find(known => known.policyId === policyId);
      if (!policy) throw new Problem('not_found', { what: 'policy' });
      await clients.removePolicy(caller.practiceId, policy, withTerms(billing, policyId, undefined));
      return reply(204, undefined);
    });

export const handler = serve(removePolicyRow, removePolicy({ clients: clientStore }));
