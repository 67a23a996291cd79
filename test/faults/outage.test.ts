import { cardPayment, price, refund } from './harness/asking';
import { holds } from './harness/hold';
import { billAndCard, paidByCard } from './harness/scenes';
import { hour, type Outcome, type Story } from './harness/story';
import { time } from './harness/time';
import type { Call, FaultKind } from './harness/wire';

type Silence = 'silence-before' | 'silence-after';
const heard: Silence = 'silence-after';
const unheard: Silence = 'silence-before';

/** Stripe's API says nothing until just after the last look at it, from this write on, which it heard or not. */
const outage = 24.6 * hour;

function silentFrom(write: string, first: Silence): (call: Call) => FaultKind | undefined {
  let began = Number.POSITIVE_INFINITY;
  return ({ service, operation }) => {
    const now = time.now();
    if (service === 'stripe' && operation === write) {
      began = now;
      return first;
    }
    return service === 'stripe' && now >= began && now < began + outage ? 'silence-before' : undefined;
  };
}

/** Staff were told once, and whoever asked that it is under way. */
function toldOfDoubt({ ledger, person }: Outcome, kind: string): string[] {
  const told = ledger.attention.filter(attention => attention.kind === kind).length;
  return [
    ...(told === 1 ? [] : [`staff were told ${told} times`]),
    ...(person.told.some(({ status }) => status === 202) ? [] : ['nobody was told that it is under way']),
  ];
}

const quietly = { events: 'late', faults: 'none' } as const;

const silentCharge = (name: string, silence: Silence): Story<Awaited<ReturnType<typeof billAndCard>>> => ({
  name,
  ...quietly,
  befalls: silentFrom('POST /v1/payment_intents', silence),
  prepare: () => billAndCard(),
  play: async (_, person, ids) => {
    await person.ask(cardPayment(ids));
  },
  wrongs: outcome => {
    const captured = outcome.system.stripe.books().reduce((sum, row) => sum + row.captured, 0);
    const wanted = silence === heard ? price : 0;
    return [...toldOfDoubt(outcome, 'charge_unknown'), ...(captured === wanted ? [] : [`charged ${captured}`])];
  },
});

const silentRefund = (name: string, silence: Silence): Story<Awaited<ReturnType<typeof paidByCard>>> => ({
  name,
  ...quietly,
  befalls: silentFrom('POST /v1/refunds', silence),
  prepare: system => paidByCard(system),
  play: async (_, person, ids) => {
    await person.ask(refund(ids, ids.paymentId, {}));
  },
  wrongs: outcome => {
    const refunded = outcome.system.stripe.books().reduce((sum, row) => sum + row.refunded, 0);
    const wanted = silence === heard ? price : 0;
    return [...toldOfDoubt(outcome, 'refund_unknown'), ...(refunded === wanted ? [] : [`gave back ${refunded}`])];
  },
});

describe('when Stripe says nothing for a day, staff are told, and what it heard enters when it speaks:', () => {
  holds('a charge that it heard', silentCharge('outage-charge', heard));
  holds('a charge that it did not', silentCharge('outage-no-charge', unheard));
  holds('a refund that it heard', silentRefund('outage-refund', heard));
  holds('a refund that it did not', silentRefund('outage-no-refund', unheard));
});
