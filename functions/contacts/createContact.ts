import { billingWith, refuseSecondBilling } from '../../shared/domain/contacts';
import { given } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { type NewId, newId } from '../../shared/ids';
import { createContactRow } from '../../shared/operations/contacts';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
  readonly newId: NewId;
}

export const createContact = ({ clients, newId }: Needs): Operation<typeof createContactRow> => ({
  run: ({ caller, path: { clientId }, body, once }) =>
    decideAnew(async () => {
      const { billing, contacts } = await once.beside(clients.loadCoverage(caller, clientId));
      const contact = given({ ...body, clientId, contactId: newId('con') });
      refuseSecondBilling(contacts, contact);
      await clients.saveContact(caller.practiceId, {
        contact,
        billing: billingWith(billing, contact),
        more: once.record(201, { contactId: contact.contactId }),
      });
      return reply(201, contact);
    }),
  replay: async ({ ids: { contactId } }, { caller, path: { clientId } }) => {
    const { contacts } = await clients.loadCoverage(caller, clientId);
    const contact = contacts.find(known => known.contactId === contactId);
    if (!contact) throw new Problem('not_found', { what: 'contact' });
    return reply(201, contact);
  },
});

export const handler = serve(createContactRow, createContact({ clients: clientStore, newId }));
