import { cardPage } from './harness/asking';
import { holds } from './harness/hold';
import { type Chart, openChart, type Paid, paidByCard } from './harness/scenes';
import type { Story } from './harness/story';

/** Refunds that somebody makes in Stripe's dashboard, one after the other. */
const outside = (
  name: string,
  amounts: readonly number[],
  more: { token?: string; ends?: number } = {},
): Story<Paid> => ({
  name,
  prepare: system => paidByCard(system, more.token),
  play: async (script, _, { paymentIntentId }) => {
    for (const amount of amounts) await script.step(({ stripe }) => stripe.refundInDashboard(paymentIntentId, amount));
  },
  wrongs: ({ ledger }) => {
    const counted = ledger.entries.filter(({ kind }) => kind === 'refund_found').length;
    const failed = ledger.entries.filter(({ kind }) => kind === 'refund_failed').length;
    return [
      ...(counted === amounts.length ? [] : [`${counted} refunds were taken over`]),
      ...(failed === (more.ends ?? 0) ? [] : [`${failed} refunds failed`]),
    ];
  },
});

describe('a refund made in Stripe’s dashboard, with any one call failing,', () => {
  holds('is on the bill by itself, once (R62)', outside('outside', [3000]));
  holds('is so for each of two (R62)', outside('outside-twice', [3000, 4000]));
  holds(
    'is taken back when the bank cannot place it',
    outside('outside-fails', [3000], { token: 'pm_card_refundFail', ends: 1 }),
  );
});

const savingCard: Story<Chart, { readonly entered: boolean }> = {
  name: 'card-page',
  prepare: () => openChart(),
  play: async (script, person, ids) => {
    const { body } = await person.ask(cardPage(ids));
    return { entered: Boolean(await script.step(({ stripe }) => body.url && stripe.pay(body.url))) };
  },
  wrongs: ({ ledger, person, played: { entered } }) => {
    const cards = ledger.items.filter(({ e }) => e === 'card');
    const wanted = entered ? 1 : 0;
    const asked = person.manner === 'leaves' || entered;
    return [
      ...(asked ? [] : ['no page was opened, however often asked']),
      ...(cards.length === wanted ? [] : [`${wanted} cards were entered, ${cards.length} are saved`]),
      ...(cards.every(card => card.isDefault === true) ? [] : ['the only card is not the default one']),
    ];
  },
};

describe('a card entered on Stripe’s page, with any one call failing,', () => {
  holds('is saved once, and is the default one (R48)', savingCard);
});
