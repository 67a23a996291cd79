import { nameFits } from '../../shared/domain/client';
import { type Run, reply, serve } from '../../shared/http/serve';
import { maySee } from '../../shared/operations/caller';
import { listClientsRow } from '../../shared/operations/clients';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';

interface Needs {
  readonly clients: ClientStore;
}

export const listClients =
  ({ clients }: Needs): Run<typeof listClientsRow> =>
  async ({ caller, query: { query = '', status, practitionerId, limit, cursor } }) => {
    const page = await clients.page(caller.practiceId, {
      status,
      keep: client =>
        maySee(caller, client.practitionerId) &&
        (practitionerId === undefined || client.practitionerId === practitionerId) &&
        nameFits(client, query),
      limit,
      cursor,
    });
    return reply(200, { items: page.clients, nextCursor: page.nextCursor });
  };

export const handler = serve(listClientsRow, listClients({ clients: clientStore }));
