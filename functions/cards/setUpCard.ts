import { config } from '../../shared/config';
import { stripeAccountOf } from '../../shared/domain/client';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { setUpCardRow } from '../../shared/operations/cards';
import { cardStore } from '../../shared/store/cardStore';
import { remember, replaced } from '../../shared/store/changes';
import { checkClient } from '../../shared/store/clientCheck';
import { decideAnew, transact } from '../../shared/store/kernel';
import { clientEntity, contactEntity } from '../../shared/store/table';
import { stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof setUpCardRow>;

/**
 * R48: the card is entered on Stripe's page. The customer there is an opaque id, made once an account and kept with its
 * owner. A repeat asks Stripe under the first request's key, and Stripe answers with the same page.
 */
export const setUpCard = (needs = real, pages = stripePages): Operation<typeof setUpCardRow> => ({
  run: async input => {
    const { path, caller, once } = input;
    await once.beside(checkClient(caller, path.clientId));
    const first = { pageKey: needs.newId('chk'), by: caller.memberId };
    const url = await openPage(input, first, pages);
    await remember(once.record(201, first));
    return reply(201, { url });
  },
  replay: async ({ ids: { pageKey = '', by = '' } }, input) => {
    await checkClient(input.caller, input.path.clientId);
    return reply(201, { url: await openPage(input, { pageKey, by }, pages) });
  },
});

async function openPage(
  input: In,
  { pageKey, by }: { pageKey: string; by: string },
  pages: typeof stripePages,
): Promise<string> {
  const { path, body, caller } = input;
  const { customerId, practice } = await decideAnew(() => customerOf(input, pages));
  const owner = body.contactId
    ? { ownerKind: 'contact', ownerId: body.contactId }
    : { ownerKind: 'client', ownerId: path.clientId };
  const back = new URL(body.returnTo ?? '/', config.publicUrl());
  const { url } = await pages.openSetup({
    account: practice.stripe.accountId,
    key: pageKey,
    customerId,
    currency: practice.currency,
    metadata: {
      practiceId: caller.practiceId,
      clientId: path.clientId,
      ...owner,
      consentTextVersion: body.consentTextVersion,
      by,
    },
    successUrl: back.href,
    cancelUrl: back.href,
  });
  return url;
}

async function customerOf({ path: { clientId }, body, caller }: In, pages: typeof stripePages) {
  const { practiceId } = caller;
  const { practice, client, contact } = await cardStore.owner(practiceId, clientId, body.contactId);
  if (practice.stripe.status !== 'ready') throw new Problem('stripe_not_connected');
  const account = stripeAccountOf(practice.stripe);
  const known = (contact ?? client).stripeCustomer;
  if (known?.account === account) return { customerId: known.customerId, practice };
  const owner = contact
    ? { kind: 'contact' as const, id: contact.contactId }
    : { kind: 'client' as const, id: clientId };
  const customerId = await pages.newCustomer(practice.stripe.accountId, { practiceId, ...owner });
  const stripeCustomer = { customerId, account };
  const write = contact
    ? replaced(contactEntity, practiceId, { ...contact, stripeCustomer })
    : replaced(clientEntity, practiceId, { ...client, stripeCustomer });
  await transact([write]);
  return { customerId, practice };
}

export const handler = serve(setUpCardRow, setUpCard());
