import { cardPayment, price, refund } from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, billAndCard } from './harness/scenes';
import type { Outcome, Story } from './harness/story';
import type { System } from './harness/system';

interface Paid extends Billed {
  readonly paymentId: string;
  readonly paymentIntentId: string;
}

/** A bill that was paid by card, in full. */
async function paidByCard(system: System, token = 'pm_card_visa'): Promise<Paid> {
  const ids = await billAndCard(system, token);
  const { body } = await system.ask(cardPayment(ids));
  return { ...ids, paymentId: body.payment.paymentId, paymentIntentId: body.payment.stripe.paymentIntentId };
}

interface Refunding {
  readonly token?: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What somebody refunds in the dashboard just before. */
  readonly outside?: number;
  readonly events?: 'late';
  readonly faults?: 'requests';
  /** What Stripe may have given back in the end, whatever happened; and when the request was answered with success. */
  readonly refunded: readonly number[];
  readonly afterSuccess: number;
}

const refunding = (name: string, { token, body, outside, events, faults, ...ends }: Refunding): Story<Paid> => ({
  name,
  ...(events ? { events } : {}),
  ...(faults ? { faults } : {}),
  prepare: system => paidByCard(system, token),
  play: async (system, person, ids) => {
    if (outside !== undefined) system.stripe.refundInDashboard(ids.paymentIntentId, outside);
    await person.ask(refund(ids, ids.paymentId, body));
  },
  wrongs: outcome => refundWrongs(outcome, ends),
});

function refundWrongs({ system, person }: Outcome, ends: Pick<Refunding, 'refunded' | 'afterSuccess'>): string[] {
  const refunded = system.stripe.books().reduce((sum, row) => sum + row.refunded, 0);
  const success = person.told.some(({ status }) => status === 201);
  return [
    ...(ends.refunded.includes(refunded) ? [] : [`Stripe gave back ${refunded}`]),
    ...(success && refunded !== ends.afterSuccess ? [`told refunded, and Stripe gave back ${refunded}`] : []),
  ];
}

const all = price;
const part = 4000;
const outside = 3000;

describe('a refund through Stripe with any one call failing', () => {
  holds(
    'is one refund at Stripe and one in the ledger, or none and none',
    refunding('refund', { body: {}, refunded: [0, all], afterSuccess: all }),
  );
  holds(
    'is so too when Stripe’s events come only after recovery',
    refunding('refund-late', { body: {}, events: 'late', faults: 'requests', refunded: [0, all], afterSuccess: all }),
  );
  holds(
    'is so for a part that reduces the bill',
    refunding('refund-part', {
      body: { amountCents: part, effect: 'reduce' },
      faults: 'requests',
      refunded: [0, part],
      afterSuccess: part,
    }),
  );
  holds(
    'is so when the bank cannot place the money in the end',
    refunding('refund-fails', { token: 'pm_card_refundFail', body: {}, refunded: [0], afterSuccess: 0 }),
  );
  holds(
    'sends nothing when the same amount was refunded in Stripe just before (R61)',
    refunding('refund-found', {
      body: { amountCents: outside },
      outside,
      events: 'late',
      faults: 'requests',
      refunded: [outside],
      afterSuccess: outside,
    }),
  );
  holds(
    'gives back what remains when a part was refunded in Stripe just before (R61)',
    refunding('refund-rest', {
      body: {},
      outside,
      events: 'late',
      faults: 'requests',
      refunded: [outside, all],
      afterSuccess: all,
    }),
  );
});
