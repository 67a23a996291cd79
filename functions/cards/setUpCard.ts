import { config } from '../../shared/config';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { setUpCardRow } from '../../shared/operations/cards';
import { cardStore } from '../../shared/store/cardStore';
import { replaced } from '../../shared/store/changes';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew, transact } from '../../shared/store/kernel';
import { clientEntity, contactEntity } from '../../shared/store/table';
import { stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof setUpCardRow>;

/** R48: the card is entered on Stripe's page. The customer there is an opaque id, made once and kept with its owner. */
export const setUpCard =
  (needs = real, pages = stripePages): Run<typeof setUpCardRow> =>
  async input => {
    const { path, body, caller } = input;
    await checkClient(caller, path.clientId);
    const { customerId, practice } = await decideAnew(() => customerOf(input, pages));
    const owner = body.contactId
      ? { ownerKind: 'contact', ownerId: body.contactId }
      : { ownerKind: 'client', ownerId: path.clientId };
    const back = new URL(body.returnTo ?? '/', config.publicUrl());
    const { url } = await pages.openSetup({
      account: practice.stripe.accountId,
      key: needs.newId('chk'),
      customerId,
      currency: practice.currency,
      metadata: {
        practiceId: caller.practiceId,
        clientId: path.clientId,
        ...owner,
        consentTextVersion: body.consentTextVersion,
        by: caller.memberId,
      },
      successUrl: back.href,
      cancelUrl: back.href,
    });
    return reply(201, { url });
  };

async function customerOf({ path: { clientId }, body, caller }: In, pages: typeof stripePages) {
  const { practiceId } = caller;
  const { practice, client, contact } = await cardStore.owner(practiceId, clientId, body.contactId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  const known = (contact ?? client).stripeCustomerId;
  if (known) return { customerId: known, practice };
  const owner = contact
    ? { kind: 'contact' as const, id: contact.contactId }
    : { kind: 'client' as const, id: clientId };
  const stripeCustomerId = await pages.newCustomer(practice.stripe.accountId, { practiceId, ...owner });
  const write = contact
    ? replaced(contactEntity, practiceId, { ...contact, stripeCustomerId })
    : replaced(clientEntity, practiceId, { ...client, stripeCustomerId });
  await transact([write]);
  return { customerId: stripeCustomerId, practice };
}

export const handler = serve(setUpCardRow, setUpCard());
