import { type ClientBilling, type Contact, recipientOf } from './client';
import { Problem } from './problem';

/** A client has one billing contact; a second must wait until the first has given up the role. */
export function refuseSecondBilling(contacts: readonly Contact[], contact: Contact): void {
  if (!contact.roles.includes('billing')) return;
  const other = contacts.find(({ contactId, roles }) => contactId !== contact.contactId && roles.includes('billing'));
  if (other) throw new Problem('already_exists', { what: 'billing contact', id: other.contactId });
}

/** The billing settings with the contact's copy in step; nothing when the change does not touch it. */
export function billingWith(billing: ClientBilling, contact: Contact): ClientBilling | undefined {
  if (contact.roles.includes('billing')) return { ...billing, billingContact: recipientOf(contact) };
  return billing.billingContact?.contactId === contact.contactId ? billingWithout(billing, contact) : undefined;
}

export function billingWithout(billing: ClientBilling, { contactId }: Contact): ClientBilling | undefined {
  const { billingContact, ...rest } = billing;
  return billingContact?.contactId === contactId ? rest : undefined;
}
