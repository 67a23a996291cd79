import type { DisputeStatus } from '../../local/stripe/disputes';
import { cashPayment, price } from './harness/asking';
import { holds } from './harness/hold';
import { balanceOf } from './harness/ledger';
import { everyNight, noMoreNights, ownAccount, type Paid, paidByCard } from './harness/scenes';
import { hour, type Outcome, type Story } from './harness/story';
import type { System } from './harness/system';
import { time } from './harness/time';

interface Disputed extends Pick<Story<Paid>, 'events' | 'faults'> {
  /** What the bank has said before, and is known. */
  readonly before?: readonly DisputeStatus[];
  /** What it says now, one word after the other. */
  readonly bank: readonly DisputeStatus[];
  /** The client pays in cash what is owed before that. */
  readonly paysAgain?: true;
  /** No event ever comes: a night after each word finds it. */
  readonly unheard?: true;
  /** Where the money is in the end, and what staff were told; and where the cash was not taken. */
  readonly ends: string;
  readonly unpaid?: string;
}

function says({ stripe }: System, word: DisputeStatus, { paymentIntentId }: Paid): void {
  const [known] = stripe.disputes();
  if (known) stripe.decideDispute(known.id, word);
  else stripe.dispute(paymentIntentId, word);
}

const morning = (n: number): string => `2026-03-${11 + n}T14:00:00Z`;

async function saidBefore(system: System, { before = [], unheard }: Disputed): Promise<Paid> {
  const ids = await paidByCard(system);
  await ownAccount(ids);
  if (unheard) await everyNight(ids);
  for (const [n, word] of before.entries()) {
    says(system, word, ids);
    if (unheard) system.stripe.loseEvents();
    await system.goOn(unheard ? Date.parse(morning(n)) : time.now() + hour);
  }
  return ids;
}

const disputed = (name: string, story: Disputed): Story<Paid> => ({
  ...story,
  name: `dispute-${name}`,
  prepare: system => saidBefore(system, story),
  play: async (script, person, ids) => {
    const { before = [], bank, paysAgain, unheard } = story;
    if (paysAgain) await person.ask(cashPayment(ids));
    for (const [n, word] of bank.entries()) {
      await script.step(system => says(system, word, ids));
      if (unheard) await script.step(({ stripe }) => stripe.loseEvents());
      await (unheard ? script.waitUntil(morning(before.length + n)) : script.wait(hour));
    }
    if (unheard) await script.step(() => noMoreNights(ids));
  },
  wrongs: outcome => {
    const { ends, paysAgain, unpaid = ends } = story;
    const paid = outcome.ledger.entries.filter(({ kind }) => kind === 'payment_received').length;
    const now = whereMoneyIs(outcome);
    const wanted = paysAgain && paid === 1 ? unpaid : ends;
    return now === wanted ? [] : [`${now}; not ${wanted}`];
  },
});

function whereMoneyIs({ ledger }: Outcome): string {
  const [bill] = ledger.bills;
  const told = ledger.attention.map(({ kind }) => kind).sort();
  return [
    `owed ${balanceOf(ledger, 'client_receivable')}`,
    `credit ${-balanceOf(ledger, 'client_credit')}`,
    `withheld ${balanceOf(ledger, 'disputed_funds')}`,
    [bill?.disputed ? 'disputed' : '', bill?.hold ? 'held' : ''].filter(Boolean).join(' and ') || 'free',
    `told ${told}`,
  ].join(', ');
}

const lost = `owed ${price}, credit 0, withheld 0, held, told dispute_lost,dispute_opened`;
const won = 'owed 0, credit 0, withheld 0, free, told dispute_opened';
const regained = (credit: number): string =>
  `owed 0, credit ${credit}, withheld 0, held, told dispute_lost,dispute_opened,dispute_won`;

/** Faults of a whole night befall it in `reconciliation.test.ts`; here with all of them. */
const atNight = { unheard: true, faults: 'what follows' } as const;

describe('a payment that a bank disputes, with any one call failing,', () => {
  holds(
    'is charged back once when the dispute is lost, and its bill is owed again with AutoPay held (R33)',
    disputed('lost', { bank: ['needs_response', 'lost'], ends: lost }),
  );
  holds(
    'is so too when no event comes before its end',
    disputed('lost-late', { bank: ['needs_response', 'lost'], events: 'late', faults: 'effects', ends: lost }),
  );
  holds(
    'is so too when no event ever comes: the nights look at it until its end (R36)',
    disputed('lost-unheard', { before: ['needs_response'], bank: ['lost'], ...atNight, ends: lost }),
  );
  holds(
    'is so too when it grew from an inquiry, and no event ever comes (R36)',
    disputed('grown-unheard', {
      before: ['warning_needs_response'],
      bank: ['needs_response', 'lost'],
      ...atNight,
      ends: lost,
    }),
  );
  holds(
    'is paid still when the dispute is won',
    disputed('won', { before: ['needs_response'], bank: ['won'], faults: 'effects', ends: won }),
  );
  holds(
    'becomes credit when the bank gives it back after all and the client had paid again (W15)',
    disputed('regained', {
      before: ['needs_response', 'lost'],
      bank: ['won'],
      paysAgain: true,
      faults: 'effects',
      ends: regained(price),
      unpaid: regained(0),
    }),
  );
  holds(
    'moves no cent for an inquiry that is closed',
    disputed('inquiry', { before: ['warning_needs_response'], bank: ['warning_closed'], faults: 'effects', ends: won }),
  );
});
