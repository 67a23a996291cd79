import { config } from '../../shared/config';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { setUpCardRow } from '../../shared/operations/cards';
import { remember } from '../../shared/store/changes';
import { checkClient } from '../../shared/store/clientCheck';
import { openSetupPage } from '../../shared/stripe/setupPage';
import { stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof setUpCardRow>;

/** R48. A repeat asks Stripe under the first request's key, and Stripe answers with the same page. */
export const setUpCard = (needs = real, pages = stripePages): Operation<typeof setUpCardRow> => ({
  run: async input => {
    const { path, caller, once } = input;
    await once.beside(checkClient(caller, path.clientId));
    const first = { pageKey: needs.newId('chk'), by: caller.memberId };
    const url = await openSetupPage(setupOf(input, first), pages, needs);
    await remember(once.record(201, first));
    return reply(201, { url });
  },
  replay: async ({ ids: { pageKey = '', by = '' } }, input) => {
    await checkClient(input.caller, input.path.clientId);
    return reply(201, { url: await openSetupPage(setupOf(input, { pageKey, by }), pages, needs) });
  },
});

function setupOf({ path: { clientId }, body, caller: { practiceId } }: In, first: { pageKey: string; by: string }) {
  const { contactId, consentTextVersion, returnTo = '/' } = body;
  const back = new URL(returnTo, config.publicUrl()).href;
  return { practiceId, clientId, contactId, consentTextVersion, ...first, successUrl: back, cancelUrl: back };
}

export const handler = serve(setUpCardRow, setUpCard());
