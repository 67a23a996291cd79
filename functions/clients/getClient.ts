import { type Run, reply, serve } from '../../shared/http/serve';
import { getClientRow } from '../../shared/operations/clients';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { clientWithSumsView } from '../../shared/views/clientView';

interface Needs {
  readonly clients: ClientStore;
}

export const getClient =
  ({ clients }: Needs): Run<typeof getClientRow> =>
  async ({ caller, path: { clientId } }) => {
    const client = await clients.load(caller, clientId);
    return reply(200, await clientWithSumsView(clients, { caller, client }));
  };

export const handler = serve(getClientRow, getClient({ clients: clientStore }));
