import { config } from '../../shared/config';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { setUpGuestCardRow } from '../../shared/operations/guest';
import { recordOf } from '../../shared/store/billStore';
import { remember } from '../../shared/store/changes';
import { guestStore, isOnAutopay, type Opened } from '../../shared/store/guestStore';
import { type CardSetup, openSetupPage } from '../../shared/stripe/setupPage';
import { stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof setUpGuestCardRow>;

/**
 * AutoPay charges this card from then on, so only the mailbox of whom it charges leads there: number and code stand on
 * paper that others see. A repeat asks Stripe under the first request's key, and gets the same page.
 */
export const setUpGuestCard = (needs = real, pages = stripePages): Operation<typeof setUpGuestCardRow> => {
  const open = async (input: In, read: Promise<Opened>, pageKey: string): Promise<string> => {
    const opened = await read;
    await checkCard(opened);
    return openSetupPage(setupOf(input, opened, pageKey), pages, needs);
  };
  return {
    run: async input => {
      const { caller, once } = input;
      if (!caller.byLink) throw new Problem('forbidden', { roles: ['whoever came by the link of a mail'] });
      const first = { pageKey: needs.newId('chk') };
      const url = await open(input, once.beside(guestStore.opened(caller.practiceId, caller.billId)), first.pageKey);
      await remember(once.record(201, first));
      return reply(201, { url });
    },
    replay: async ({ ids: { pageKey = '' } }, input) => {
      const { practiceId, billId } = input.caller;
      return reply(201, { url: await open(input, guestStore.opened(practiceId, billId), pageKey) });
    },
  };
};

async function checkCard(opened: Opened): Promise<void> {
  if (recordOf(opened.loaded, opened.billId).head.status === 'cancelled') throw new Problem('bill_cancelled');
  if (!(await isOnAutopay(opened))) throw new Problem('autopay_off');
}

function setupOf({ body: { consentTextVersion } }: In, { loaded, billId }: Opened, pageKey: string): CardSetup {
  const { head, text } = recordOf(loaded, billId);
  const { kind, id } = text.recipient;
  const payPage = new URL('/pay', config.publicUrl()).href;
  return {
    practiceId: loaded.practiceId,
    clientId: head.clientId,
    ...(kind === 'contact' ? { contactId: id } : {}),
    consentTextVersion,
    by: id,
    pageKey,
    replaces: 'default',
    successUrl: `${payPage}#card=saved`,
    cancelUrl: payPage,
  };
}

export const handler = serve(setUpGuestCardRow, setUpGuestCard());
