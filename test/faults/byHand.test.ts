import { cardPayment, price, refund, resolving } from './harness/asking';
import { holds } from './harness/hold';
import { balanceOf, readLedger } from './harness/ledger';
import { type Billed, connectedBill, paidByCard } from './harness/scenes';
import { hour, type Story } from './harness/story';
import type { Asking, System } from './harness/system';
import { time } from './harness/time';

const accountId = 'acct_1OakStreet';

interface Doubtful extends Billed {
  /** What staff were told of the doubt. */
  readonly attentionId: string;
}

/** Stripe's answer was lost, and its owner shut this platform out of the account; a day later staff are told. */
async function inDoubt(system: System, ids: Billed, asking: Asking): Promise<Doubtful> {
  system.events = 'held';
  const { status } = await system.ask(asking);
  system.stripe.shutOut(accountId);
  await system.goOn(time.now() + 25 * hour);
  const told = (await readLedger(system)).attention.find(({ kind }) => kind.endsWith('_unknown'));
  if (status !== 202 || !told) throw new Error(`${status}, and nobody is in doubt`);
  return { ...ids, attentionId: told.attentionId };
}

interface Doubt {
  readonly of: 'charge' | 'refund';
  readonly heard: boolean;
}

/** Staff say that nothing was charged or refunded; then the owner lets this platform in again, and Stripe tells. */
const ended = (name: string, { of, heard }: Doubt): Story<Doubtful> => ({
  name: `ended-${name}`,
  events: 'late',
  faults: 'requests',
  befell: ({ operation }) => {
    const write = of === 'charge' ? 'POST /v1/payment_intents' : 'POST /v1/refunds';
    return operation === write ? (heard ? 'silence-after' : 'silence-before') : undefined;
  },
  prepare: async system => {
    const ids = await connectedBill(system, accountId);
    if (of === 'charge') return inDoubt(system, ids, cardPayment(ids));
    const { paymentId } = await paidByCard(system, undefined, ids);
    return inDoubt(system, ids, refund(ids, paymentId, {}));
  },
  play: async (script, person, ids) => {
    await person.ask(resolving(ids, ids.attentionId, choiceOf[of]));
    await script.step(({ stripe }) => stripe.connect(accountId));
  },
  wrongs: ({ ledger, person }) => {
    const owed = balanceOf(ledger, 'client_receivable');
    const wanted = (of === 'charge') === heard ? 0 : price;
    const reserved = ledger.bills.reduce((sum, { reservedCents }) => sum + reservedCents, 0);
    const doubt = ledger.attention.find(({ kind }) => kind === `${of}_unknown`);
    const refusal = person.answersTo('resolveAttention').find(({ status }) => status >= 400 && status < 500);
    return [
      ...(owed === wanted ? [] : [`${owed} is owed, not ${wanted}`]),
      ...(reserved === 0 ? [] : [`${reserved} is reserved still`]),
      ...(doubt?.resolvedAt ? [] : ['what staff were told is open still']),
      ...(person.wasTold('done') && doubt?.choice !== choiceOf[of] ? [`told ended, and it is ${doubt?.choice}`] : []),
      // Stripe had no answer just then: nothing is decided by hand, and it ends by Stripe's word.
      ...(refusal && refusal.body.attemptStatus !== 'processing' ? [`told no: ${JSON.stringify(refusal.body)}`] : []),
    ];
  },
});

const choiceOf = { charge: 'not_charged', refund: 'not_refunded' } as const;

describe('what staff end by hand as nobody can look at Stripe, with any one call failing, frees what it reserved; and', () => {
  holds('a charge that Stripe made pays the bill when it tells', ended('charge', { of: 'charge', heard: true }));
  holds('a charge that it never heard of is none', ended('no-charge', { of: 'charge', heard: false }));
  holds('a refund that Stripe made is counted once when it tells', ended('refund', { of: 'refund', heard: true }));
  holds('a refund that it never heard of is none', ended('no-refund', { of: 'refund', heard: false }));
});
