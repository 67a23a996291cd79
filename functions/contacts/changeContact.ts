import { billingWith, refuseSecondBilling } from '../../shared/domain/contacts';
import { patched } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changeContactRow } from '../../shared/operations/contacts';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
}

export const changeContact =
  ({ clients }: Needs): Run<typeof changeContactRow> =>
  ({ caller, path: { clientId, contactId }, body }) =>
    decideAnew(async () => {
      const { billing, contacts } = await clients.loadCoverage(caller, clientId);
      const before = contacts.find(known => known.contactId === contactId);
      if (!before) throw new Problem('not_found', { what: 'contact' });
      const contact = patched(before, body);
      refuseSecondBilling(contacts, contact);
      await clients.saveContact(caller.practiceId, { contact, billing: billingWith(billing, contact) });
      return reply(200, contact);
    });

export const handler = serve(changeContactRow, changeContact({ clients: clientStore }));
