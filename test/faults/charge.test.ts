import { cardPayment } from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, billAndCard } from './harness/scenes';
import type { Outcome, Story } from './harness/story';

const paying = (name: string, token: string, more: Partial<Story<Billed>> = {}): Story<Billed> => ({
  name,
  prepare: () => billAndCard(token),
  play: async (_, person, ids) => {
    await person.ask(cardPayment(ids));
  },
  wrongs: chargeWrongs,
  ...more,
});

/** One charge and one payment, or none and none; and what was said is so. */
function chargeWrongs({ system, person }: Outcome): string[] {
  const charges = system.stripe.books().filter(({ captured }) => captured > 0).length;
  return [
    ...(charges > 1 ? [`${charges} charges for one intent`] : []),
    ...(person.wasTold('done') && charges !== 1 ? ['told paid, and nothing is charged'] : []),
    ...(person.wasTold('refused') && charges !== 0 ? ['told refused, and charged'] : []),
  ];
}

/** As a charge, and never one: the card is refused whatever happens. */
function refusedWrongs(outcome: Outcome): string[] {
  const charged = outcome.system.stripe.books().some(({ captured }) => captured > 0);
  const told = outcome.person.wasTold('done');
  return [...chargeWrongs(outcome), ...(charged ? ['charged'] : []), ...(told ? ['told paid'] : [])];
}

/** The bank wants the cardholder: one pay link whenever the bank was asked, or staff are told that it may be missing. */
function confirmWrongs(outcome: Outcome): string[] {
  const { system, ledger } = outcome;
  const asked = system.stripe.intents().length;
  const mails = system.mail.taken.length;
  const told = ledger.attention.filter(({ kind }) => kind === 'mail_unknown').length;
  const good = mails === asked || (mails === 0 && told === 1);
  return [...refusedWrongs(outcome), ...(good ? [] : [`the bank was asked ${asked} times, mails: ${mails}`])];
}

describe('a card payment with any one call failing', () => {
  holds('is one charge and one payment, or none and none', paying('charge', 'pm_card_visa', { pairs: true }));
  holds(
    'is so too when Stripe’s events come only after recovery',
    paying('charge-late', 'pm_card_visa', { events: 'late', faults: 'requests', pairs: true }),
  );
  holds(
    'charges nothing when the card is refused',
    paying('declined', 'pm_card_chargeCustomerFail', { wrongs: refusedWrongs, faults: 'requests' }),
  );
  holds(
    'sends one pay link when the bank wants the cardholder to confirm',
    paying('confirm', 'pm_card_authenticationRequired', { wrongs: confirmWrongs }),
  );
});
