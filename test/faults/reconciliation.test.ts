import { reconciling } from './harness/asking';
import { holds } from './harness/hold';
import { balanceOf } from './harness/ledger';
import { type Chart, everyNight, noMoreNights, openChart, ownAccount, type Paid, paidByCard } from './harness/scenes';
import { hour, type Outcome, type Story } from './harness/story';
import type { System } from './harness/system';
import { time } from './harness/time';

const byHand = 5000;
const outside = 1000;

/** A bill that was paid by card; two days later Stripe can pay that out. */
async function twoDaysAfter(system: System): Promise<Paid> {
  const ids = await paidByCard(system);
  await ownAccount(ids);
  const until = time.now() + 60 * hour;
  await system.goOn(until);
  time.set(until);
  return ids;
}

/** A charge by hand, a part of the bill's payment given back, and a payout. */
async function happens({ stripe }: System, { paymentIntentId }: Paid): Promise<void> {
  await stripe.chargeInDashboard(byHand);
  stripe.refundInDashboard(paymentIntentId, outside);
  stripe.payOut();
}

/** Whoever noticed first: each is in the ledger, once. */
function taken({ ledger }: Outcome): string[] {
  const owed = balanceOf(ledger, 'client_receivable');
  const unmatched = -balanceOf(ledger, 'unmatched_money');
  return owed === outside && unmatched === byHand ? [] : [`owed ${owed}, unmatched ${unmatched}`];
}

/** The last run came to its end, and with it the mark. */
function done({ ledger }: Outcome): string[] {
  const last = [...ledger.reconciliations].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)).at(-1);
  const [mark] = ledger.marks;
  return [
    ...(last?.status === 'done' ? [] : [`the last reconciliation is ${last?.status}`]),
    ...(mark && mark.to === last?.to ? [] : [`it looked until ${last?.to}, the mark is at ${mark?.to}`]),
    ...(last?.differences === last?.mended ? [] : [`${last?.mended} of ${last?.differences} differences are mended`]),
  ];
}

function paidOut({ ledger, system }: Outcome): string[] {
  const payout = system.stripe.movements().find(({ type }) => type === 'payout');
  const atBank = balanceOf(ledger, 'bank');
  return payout && atBank === -payout.net ? [] : [`${atBank} is at the bank`];
}

const night: Story<Paid> = {
  name: 'reconciliation',
  // A read that fails ends the worker as a death between two effects does.
  faults: 'effects',
  prepare: async system => {
    const ids = await twoDaysAfter(system);
    await everyNight(ids, '2026-03-13');
    return ids;
  },
  play: async (script, _, ids) => {
    await script.step(async system => {
      await happens(system, ids);
      system.stripe.loseEvents();
    });
    await script.waitUntil('2026-03-13T14:00:00Z');
    await script.step(() => noMoreNights(ids));
  },
  wrongs: outcome => [...taken(outcome), ...paidOut(outcome), ...done(outcome)],
};

const asked: Story<Chart> = {
  name: 'reconciliation-asked',
  // What follows is struck in the night.
  faults: 'requests',
  prepare: async () => {
    const ids = await openChart();
    await ownAccount(ids);
    return ids;
  },
  play: async (_, person, ids) => {
    await person.ask(reconciling(ids));
  },
  wrongs: outcome => {
    const { ledger, person } = outcome;
    const runs = ledger.reconciliations.length;
    return [
      ...(runs > 0 ? done(outcome) : []),
      ...(runs > 1 ? [`${runs} runs for one request`] : []),
      ...(runs === 0 && person.wasTold('done') ? ['told begun, and it never did'] : []),
    ];
  },
};

describe('a reconciliation with any one call failing', () => {
  holds('of the night finds each cent that nobody told of, once, fees and payouts too, and ends (R36)', night);
  holds('that staff ask for begins once, and ends (R36)', asked);
});
