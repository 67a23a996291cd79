import { type Run, reply, serve } from '../../shared/http/serve';
import { listContactsRow } from '../../shared/operations/contacts';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';

interface Needs {
  readonly clients: ClientStore;
}

export const listContacts =
  ({ clients }: Needs): Run<typeof listContactsRow> =>
  async ({ caller, path: { clientId } }) => {
    const { contacts } = await clients.loadCoverage(caller, clientId);
    return reply(200, { items: [...contacts], nextCursor: null });
  };

export const handler = serve(listContactsRow, listContacts({ clients: clientStore }));
