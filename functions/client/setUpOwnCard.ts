import { config } from '../../shared/config';
import { given } from '../../shared/domain/given';
import { invalidInput, Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { setUpOwnCardRow } from '../../shared/operations/client';
import { remember } from '../../shared/store/changes';
import { clientIn, ownerIn } from '../../shared/store/ownBills';
import { openSetupPage } from '../../shared/stripe/setupPage';
import { stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof setUpOwnCardRow>;

/** R48. A repeat asks Stripe under the first request's key, and Stripe answers with the same page. */
export const setUpOwnCard = (needs = real, pages = stripePages): Operation<typeof setUpOwnCardRow> => ({
  run: async input => {
    const first = { pageKey: needs.newId('chk') };
    // Nothing is read for it, but a repeat goes before what it refuses.
    await input.once.beside(Promise.resolve());
    const setup = setupOf(input, first.pageKey);
    const url = await openSetupPage(setup, pages, needs);
    await remember(input.once.record(201, first));
    return reply(201, { url });
  },
  replay: async ({ ids: { pageKey = '' } }, input) =>
    reply(201, { url: await openSetupPage(setupOf(input, pageKey), pages, needs) }),
});

function setupOf({ body: { clientId: named, consentTextVersion }, caller }: In, pageKey: string) {
  const [one, ...others] = caller.clients;
  const clientId = named ?? (others.length === 0 ? one?.clientId : undefined);
  if (!clientId) throw invalidInput('/clientId', 'is required: whose bills shall the card pay?');
  if (!clientIn(caller, clientId)) throw new Problem('not_found', { what: 'client' });
  const owner = ownerIn(caller, clientId);
  const portal = new URL('/client', config.publicUrl()).href;
  return {
    ...{ practiceId: caller.practiceId, clientId, consentTextVersion, pageKey },
    ...given({ contactId: owner.kind === 'contact' ? owner.id : undefined }),
    by: owner.id,
    successUrl: `${portal}#card=saved`,
    cancelUrl: portal,
  };
}

export const handler = serve(setUpOwnCardRow, setUpOwnCard());
