import { newBill } from '../fixtures/chart';
import { attaching, price } from './harness/asking';
import { holds } from './harness/hold';
import { balanceOf, readLedger } from './harness/ledger';
import { type Billed, openChart, ownAccount } from './harness/scenes';
import type { Outcome, Story } from './harness/story';
import type { System } from './harness/system';
import { time } from './harness/time';

const charged = 20000;
const outside = 3000;

interface ByHand extends Billed {
  readonly paymentId: string;
  readonly paymentIntentId: string;
}

async function owed(): Promise<Billed> {
  const chart = await openChart();
  await ownAccount(chart);
  const { billId } = await newBill(chart.practice, chart.clientId);
  return { ...chart, billId };
}

/** Somebody charged a card in Stripe's dashboard for more than the bill, and it was found. */
async function chargedByHand(system: System): Promise<ByHand> {
  const ids = await owed();
  const paymentIntentId = await system.stripe.chargeInDashboard(charged);
  await system.goOn(time.now() + 60_000);
  const found = (await readLedger(system)).entries.find(({ unmatched }) => unmatched !== undefined);
  return { ...ids, paymentIntentId, paymentId: found?.unmatched?.paymentId ?? '' };
}

/** Where the money is: nobody's, the client's credit, or on the bill; and the staff's question about it. */
function whereMoneyIs({ ledger }: Outcome): string {
  const open = ledger.attention.filter(({ kind, resolvedAt }) => kind === 'money_unmatched' && !resolvedAt).length;
  const [unmatched, credit] = [-balanceOf(ledger, 'unmatched_money'), -balanceOf(ledger, 'client_credit')];
  return `unmatched ${unmatched}, credit ${credit}, owed ${balanceOf(ledger, 'client_receivable')}, questions ${open}`;
}

interface Attaching extends Pick<Story<ByHand>, 'events' | 'faults'> {
  readonly to: (ids: ByHand) => Readonly<Record<string, string>>;
  /** What somebody refunds in the dashboard just before. */
  readonly refunded?: number;
  readonly attached: string;
  readonly not: string;
}

const attachingTo = (name: string, { to, refunded, attached, not, ...more }: Attaching): Story<ByHand> => ({
  name,
  ...more,
  prepare: chargedByHand,
  play: async (script, person, ids) => {
    if (refunded !== undefined)
      await script.step(({ stripe }) => void stripe.refundInDashboard(ids.paymentIntentId, refunded));
    await person.ask(attaching(ids, ids.paymentId, to(ids)));
  },
  wrongs: outcome => {
    const { person, ledger } = outcome;
    const times = ledger.entries.filter(({ kind }) => kind === 'money_attached').length;
    const now = whereMoneyIs(outcome);
    const wanted = times === 0 ? not : attached;
    return [
      ...(times <= 1 ? [] : [`attached ${times} times`]),
      ...(now === wanted ? [] : [`${now}; not ${wanted}`]),
      ...(person.wasTold('done') && times === 0 ? ['told attached, and it is not'] : []),
      ...(person.wasTold('refused') ? [`told no: ${JSON.stringify(person.told.at(-1)?.body)}`] : []),
    ];
  },
});

const found: Story<Billed> = {
  name: 'by-hand',
  prepare: owed,
  play: async script => {
    await script.step(({ stripe }) => stripe.chargeInDashboard(charged));
  },
  wrongs: outcome => {
    const now = whereMoneyIs(outcome);
    const wanted = `unmatched ${charged}, credit 0, owed ${price}, questions 1`;
    return now === wanted ? [] : [`${now}; not ${wanted}`];
  },
};

describe('a charge made by hand in Stripe’s dashboard, with any one call failing,', () => {
  holds('is found by itself, once, and staff are asked once', found);
  holds(
    'goes to the bill that staff name, its surplus to credit: once, or not at all',
    attachingTo('attach-bill', {
      to: ({ billId }) => ({ billId }),
      attached: `unmatched 0, credit ${charged - price}, owed 0, questions 0`,
      not: `unmatched ${charged}, credit 0, owed ${price}, questions 1`,
    }),
  );
  holds(
    'becomes the client’s credit, less what is found to have been refunded meanwhile',
    attachingTo('attach-client', {
      to: ({ clientId }) => ({ clientId }),
      refunded: outside,
      events: 'late',
      faults: 'requests',
      attached: `unmatched 0, credit ${charged - outside}, owed ${price}, questions 0`,
      not: `unmatched ${charged - outside}, credit 0, owed ${price}, questions 1`,
    }),
  );
});
