import { cancelling, cardPayment, cashPayment, confirming, payPage, price } from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, billAndCard } from './harness/scenes';
import type { Outcome, Story } from './harness/story';
import type { Asking, System } from './harness/system';

interface Opened extends Billed {
  readonly url: string;
}

/** A bill whose pay page is open. */
async function pageOpen(system: System): Promise<Opened> {
  const ids = await billAndCard();
  const { body } = await system.ask(payPage(ids));
  return { ...ids, url: body.url };
}

interface Played {
  readonly paidOnPage: boolean;
}

/** From the guest's request for a page to the return from it. */
const page: Story<Billed, Played> = {
  name: 'page',
  prepare: () => billAndCard(),
  play: async (script, person, ids) => {
    const { body } = await person.ask(payPage(ids));
    const returned = await script.step(({ stripe }) => body.url && stripe.pay(body.url));
    if (returned) await person.ask(confirming(returned));
    return { paidOnPage: Boolean(returned) };
  },
  wrongs: pageWrongs,
};

interface Ends extends Pick<Story<Billed>, 'events' | 'faults'> {
  /** The payer comes back a minute later, or never. */
  readonly returns?: boolean;
  /** What the office does while the page is open. */
  readonly meanwhile?: (ids: Billed) => Asking;
}

const paidOn = (name: string, { returns, meanwhile, ...more }: Ends): Story<Opened, Played> => ({
  name: `page-${name}`,
  ...more,
  prepare: pageOpen,
  play: async (script, person, ids) => {
    if (meanwhile) await person.ask(meanwhile(ids));
    const returned = await script.step(({ stripe }) => stripe.pay(ids.url));
    await script.wait(60_000);
    if (returned && returns) await person.ask(confirming(returned));
    return { paidOnPage: returned !== undefined };
  },
  wrongs: pageWrongs,
});

/** Who paid on the page has paid once, to the cent, and what the bill did not take is credit; nobody else has paid there. */
function pageWrongs({ system, person, ledger, played }: Outcome<Played>): string[] {
  const charged = system.stripe.books().filter(({ captured }) => captured > 0);
  const byPage = charged.filter(({ metadata }) => metadata.checkoutId !== undefined).length;
  const credit = ledger.entries
    .flatMap(entry => entry.postings)
    .filter(({ account }) => account === 'client_credit')
    .reduce((sum, { amountCents }) => sum - amountCents, 0);
  const taken = ledger.entries.filter(({ kind }) => kind === 'payment_received').length;
  const owed = ledger.entries.some(({ kind }) => kind === 'bill_cancelled') ? 0 : price;
  const surplus = Math.max(taken * price - owed, 0);
  const confirmed = person.answersTo('confirmGuestCheckout').filter(({ status }) => status === 200);
  return [
    ...(byPage === (played.paidOnPage ? 1 : 0) ? [] : [`${byPage} charges of the page`]),
    ...(taken <= 2 ? [] : [`${taken} payments for two intents`]),
    ...(credit === surplus ? [] : [`a surplus of ${surplus} became credit of ${credit}`]),
    ...confirmed
      .filter(({ body }) => body.payment.status !== 'succeeded')
      .map(({ body }) => `the payer paid and was told ${body.payment.status}`),
  ];
}

/** A page is closed before a saved card is charged, so that one bill is not charged twice. */
const oneCharge = (outcome: Outcome<Played>): string[] => {
  const charges = outcome.system.stripe.books().filter(({ captured }) => captured > 0).length;
  return [...pageWrongs(outcome), ...(charges > 1 ? [`${charges} charges for one bill`] : [])];
};

describe('a payment on Stripe’s page with any one call failing', () => {
  holds('is one payment for the payer who comes back at once', page);
  holds('is one payment for the payer who comes back after Stripe’s events', paidOn('later', { returns: true }));
  holds('is one payment when the payer closes the window', paidOn('closed', {}));
  holds('is found at Stripe when the window is closed and no event comes', paidOn('forgotten', { events: 'late' }));
  const late = { events: 'late', faults: 'requests' } as const;
  holds(
    'becomes credit when the bill was paid in cash meanwhile',
    paidOn('and-cash', { ...late, meanwhile: cashPayment, returns: true }),
  );
  holds(
    'becomes credit when the bill was cancelled meanwhile',
    paidOn('and-cancel', { ...late, meanwhile: cancelling }),
  );
  holds('is not possible any more once a saved card was charged', {
    ...paidOn('and-card', { ...late, meanwhile: cardPayment }),
    wrongs: oneCharge,
  });
});
