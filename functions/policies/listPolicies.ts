import { type Run, reply, serve } from '../../shared/http/serve';
import { listPoliciesRow } from '../../shared/operations/policies';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';

interface Needs {
  readonly clients: ClientStore;
}

export const listPolicies =
  ({ clients }: Needs): Run<typeof listPoliciesRow> =>
  async ({ caller, path: { clientId } }) => {
    const { policies } = await clients.loadCoverage(caller, clientId);
    return reply(200, { items: [...policies], nextCursor: null });
  };

export const handler = serve(listPoliciesRow, listPolicies({ clients: clientStore }));
