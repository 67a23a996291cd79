import { cashPayment, confirming, payPage, price } from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, billAndCard } from './harness/scenes';
import type { Outcome, Story } from './harness/story';

interface Ends {
  /** The payer comes back to the pay page afterwards. */
  readonly returns?: boolean;
  /** The office takes the whole amount in cash while the page is open. */
  readonly cash?: boolean;
  readonly events?: 'late';
  readonly faults?: 'requests';
}

interface Played {
  readonly paidOnPage: boolean;
}

const payingOnPage = (name: string, { returns, cash, ...more }: Ends): Story<Billed, Played> => ({
  name,
  ...more,
  prepare: system => billAndCard(system),
  play: async (system, person, ids) => {
    const { body } = await person.ask(payPage(ids));
    if (cash) await person.ask(cashPayment(ids));
    const returned = body.url && system.stripe.pay(body.url);
    if (returned && returns) await person.ask(confirming(returned));
    return { paidOnPage: Boolean(returned) };
  },
  wrongs: pageWrongs,
});

/** Who paid on the page has paid once, to the cent; nobody else has. */
function pageWrongs({ system, person, ledger, played }: Outcome<Played>): string[] {
  const captured = system.stripe.books().reduce((sum, row) => sum + row.captured, 0);
  const wanted = played.paidOnPage ? price : 0;
  const cash = ledger.entries.filter(({ payment }) => payment?.type === 'cash_check').length;
  const credit = ledger.entries
    .flatMap(entry => entry.postings)
    .filter(({ account }) => account === 'client_credit')
    .reduce((sum, { amountCents }) => sum - amountCents, 0);
  const surplus = wanted > 0 && cash > 0 ? price : 0;
  const confirmed = person.answersTo('confirmGuestCheckout').filter(({ status }) => status === 200);
  return [
    ...(captured === wanted ? [] : [`paid ${wanted} on the page, charged ${captured}`]),
    ...(cash > 1 ? [`${cash} cash payments for one intent`] : []),
    ...(credit === surplus ? [] : [`a surplus of ${surplus} became credit of ${credit}`]),
    ...confirmed
      .filter(({ body }) => body.payment.status !== 'succeeded')
      .map(({ body }) => `the payer paid and was told ${body.payment.status}`),
  ];
}

describe('a payment on Stripe’s page with any one call failing', () => {
  holds('is one payment for the payer who comes back', payingOnPage('page', { returns: true }));
  holds(
    'is one payment when the payer comes back before Stripe’s events',
    payingOnPage('page-events-late', { returns: true, events: 'late', faults: 'requests' }),
  );
  holds('is one payment when the payer closes the window', payingOnPage('page-closed', { faults: 'requests' }));
  holds(
    'is found at Stripe when the window is closed and no event comes',
    payingOnPage('page-forgotten', { events: 'late' }),
  );
  holds(
    'becomes credit when the bill was paid in cash meanwhile',
    payingOnPage('page-and-cash', { returns: true, cash: true }),
  );
});
