import { prepayment, refund } from './harness/asking';
import { holds } from './harness/hold';
import { type Chart, cardOnFile, openChart } from './harness/scenes';
import type { Outcome, Story } from './harness/story';

const amount = 20000;

async function chartWithCard(token?: string): Promise<Chart> {
  const chart = await openChart();
  await cardOnFile(chart, token);
  return chart;
}

/** One charge and as much credit, or none and none; and what was said is so. */
function prepaymentWrongs({ system, person, ledger }: Outcome): string[] {
  const charges = system.stripe.books().filter(({ captured }) => captured > 0).length;
  const credit = ledger.entries
    .flatMap(entry => entry.postings)
    .filter(({ account }) => account === 'client_credit')
    .reduce((sum, { amountCents }) => sum - amountCents, 0);
  return [
    ...(charges > 1 ? [`${charges} charges for one intent`] : []),
    ...(credit === charges * amount ? [] : [`${charges} charges made credit of ${credit}`]),
    ...(person.wasTold('done') && charges !== 1 ? ['told paid, and nothing is charged'] : []),
    ...(person.wasTold('refused') && charges !== 0 ? ['told refused, and charged'] : []),
  ];
}

const prepaying = (name: string, token: string, more: Partial<Story<Chart>> = {}): Story<Chart> => ({
  name,
  ...more,
  prepare: () => chartWithCard(token),
  play: async (_, person, ids) => {
    await person.ask(prepayment(ids, amount));
  },
  wrongs: prepaymentWrongs,
});

const givingBack: Story<Chart & { readonly paymentId: string }> = {
  name: 'prepayment-refund',
  events: 'late',
  faults: 'requests',
  prepare: async system => {
    const chart = await chartWithCard();
    const { body } = await system.ask(prepayment(chart, amount));
    return { ...chart, paymentId: body.payment.paymentId };
  },
  play: async (_, person, ids) => {
    await person.ask(refund(ids, ids.paymentId, { amountCents: 5000 }));
  },
  wrongs: ({ system, person }) => {
    const refunded = system.stripe.books().reduce((sum, row) => sum + row.refunded, 0);
    return [
      ...(refunded === 0 || refunded === 5000 ? [] : [`Stripe gave back ${refunded}`]),
      ...(person.wasTold('done') && refunded !== 5000 ? ['told given back, and it is not'] : []),
      ...(person.wasTold('refused') && refunded !== 0 ? ['told that it cannot be given back, and it was'] : []),
    ];
  },
};

describe('a prepayment by card with any one call failing', () => {
  holds('is one charge and as much credit, or none and none', prepaying('prepayment', 'pm_card_visa'));
  holds(
    'is so too when Stripe’s events come only after recovery',
    prepaying('prepayment-late', 'pm_card_visa', { events: 'late', faults: 'requests' }),
  );
  holds(
    'charges nothing when the card is refused',
    prepaying('prepayment-declined', 'pm_card_chargeCustomerFail', { faults: 'requests' }),
  );
  holds('is given back once', givingBack);
});
