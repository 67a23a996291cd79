import { billingWithout } from '../../shared/domain/contacts';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { removeContactRow } from '../../shared/operations/contacts';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
}

export const removeContact =
  ({ clients }: Needs): Run<typeof removeContactRow> =>
  ({ caller, path: { clientId, contactId } }) =>
    decideAnew(async () => {
      const { billing, contacts } = await clients.loadCoverage(caller, clientId);
      const contact = contacts.find(known => known.contactId === contactId);
      if (!contact) throw new Problem('not_found', { what: 'contact' });
      await clients.removeContact(caller.practiceId, contact, billingWithout(billing, contact));
      return reply(204, undefined);
    });

export const handler = serve(removeContactRow, removeContact({ clients: clientStore }));
