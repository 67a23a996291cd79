import { decidingEffect, price } from './harness/asking';
import { holds } from './harness/hold';
import { balanceOf, readLedger } from './harness/ledger';
import { type Paid, paidByCard } from './harness/scenes';
import type { Story } from './harness/story';
import type { System } from './harness/system';
import { time } from './harness/time';

const outside = 3000;

interface Found extends Paid {
  readonly refundId: string;
}

/** A paid bill that a refund found in Stripe has opened again. */
async function reopened(system: System, token?: string): Promise<Found> {
  const ids = await paidByCard(system, token);
  system.stripe.refundInDashboard(ids.paymentIntentId, outside);
  await system.goOn(time.now() + 60_000);
  const found = (await readLedger(system)).entries.find(({ kind }) => kind === 'refund_found');
  return { ...ids, refundId: found?.refund?.refundId ?? '' };
}

interface Deciding extends Pick<Story<Found>, 'faults'> {
  readonly token?: string;
  /** What is billed, owed and held in the end, where it was decided and where it was not. */
  readonly decided: string;
  readonly not: string;
}

const deciding = (name: string, { token, decided, not, ...more }: Deciding): Story<Found> => ({
  name,
  ...more,
  prepare: system => reopened(system, token),
  play: async (_, person, ids) => {
    await person.ask(decidingEffect(ids, ids.refundId));
  },
  wrongs: ({ ledger, person }) => {
    const times = ledger.entries.filter(({ kind }) => kind === 'refund_effect_decided').length;
    const held = ledger.bills.map(({ hold }) => (hold ? 'held' : 'not held')).join();
    const now = `billed ${-balanceOf(ledger, 'income')}, owed ${balanceOf(ledger, 'client_receivable')}, ${held}`;
    const wanted = times === 0 ? not : decided;
    return [
      ...(times <= 1 ? [] : [`decided ${times} times`]),
      ...(now === wanted ? [] : [`${now}; not ${wanted}`]),
      ...(person.wasTold('done') && times === 0 ? ['told decided, and it is not'] : []),
      ...(person.wasTold('refused') ? [`told no: ${JSON.stringify(person.told.at(-1)?.body)}`] : []),
    ];
  },
});

describe('that a refund found in Stripe shall reduce the bill, with any one call failing,', () => {
  holds(
    'is decided once, or the bill stays open',
    deciding('effect', {
      decided: `billed ${price - outside}, owed 0, not held`,
      not: `billed ${price}, owed ${outside}, held`,
    }),
  );
  holds(
    'is undone when the bank cannot place the refund in the end',
    deciding('effect-fails', {
      token: 'pm_card_refundFail',
      faults: 'effects',
      decided: `billed ${price}, owed 0, not held`,
      not: `billed ${price}, owed 0, held`,
    }),
  );
});
