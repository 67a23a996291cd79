import { price, refund } from './harness/asking';
import { holds } from './harness/hold';
import { type Paid, paidByCard } from './harness/scenes';
import type { Story } from './harness/story';

interface Refunding extends Pick<Story<Paid>, 'events' | 'faults' | 'pairs'> {
  readonly token?: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What somebody refunds in the dashboard just before. */
  readonly outside?: number;
  /** What Stripe has given back when the request is done, and when it was refused. */
  readonly done: number;
  readonly refused: number;
}

const refunding = (name: string, { token, body, outside, done, refused, ...more }: Refunding): Story<Paid> => ({
  name,
  ...more,
  prepare: system => paidByCard(system, token),
  play: async (script, person, ids) => {
    if (outside !== undefined)
      await script.step(({ stripe }) => stripe.refundInDashboard(ids.paymentIntentId, outside));
    await person.ask(refund(ids, ids.paymentId, body));
  },
  wrongs: ({ system, person }) => {
    const refunded = system.stripe.books().reduce((sum, row) => sum + row.refunded, 0);
    return [
      ...(refunded === done || refunded === refused ? [] : [`Stripe gave back ${refunded}`]),
      ...(person.wasTold('done') && refunded !== done ? [`told refunded, and Stripe gave back ${refunded}`] : []),
      ...(person.wasTold('refused') && refunded !== refused ? [`told no, and Stripe gave back ${refunded}`] : []),
    ];
  },
});

const all = price;
const part = 4000;
const outside = 3000;

describe('a refund through Stripe with any one call failing', () => {
  holds(
    'is one refund at Stripe and one in the ledger, or none and none',
    refunding('refund', { body: {}, pairs: true, done: all, refused: 0 }),
  );
  holds(
    'is so too when Stripe’s events come only after recovery',
    refunding('refund-late', { body: {}, events: 'late', faults: 'requests', pairs: true, done: all, refused: 0 }),
  );
  holds(
    'is so for a part that reduces the bill',
    refunding('refund-part', {
      body: { amountCents: part, effect: 'reduce' },
      faults: 'requests',
      done: part,
      refused: 0,
    }),
  );
  holds(
    'is so when the bank cannot place the money in the end',
    refunding('refund-fails', {
      token: 'pm_card_refundFail',
      body: {},
      faults: 'what follows',
      done: 0,
      refused: 0,
    }),
  );
  holds(
    'sends nothing when the same amount was refunded in Stripe just before (R61)',
    refunding('refund-found', {
      body: { amountCents: outside },
      outside,
      events: 'late',
      faults: 'requests',
      done: outside,
      refused: outside,
    }),
  );
  holds(
    'sends nothing and tells the facts when another amount was refunded in Stripe just before (R61)',
    refunding('refund-other', {
      body: { amountCents: part },
      outside,
      events: 'late',
      faults: 'requests',
      done: outside + part,
      refused: outside,
    }),
  );
  holds(
    'gives back what remains when a part was refunded in Stripe just before (R61)',
    refunding('refund-rest', {
      body: {},
      outside,
      events: 'late',
      faults: 'requests',
      done: all,
      refused: outside,
    }),
  );
});
