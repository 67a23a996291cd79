import { getBill } from '../../../functions/bills/getBill';
import { startReconciliation } from '../../../functions/reconciliation/startReconciliation';
import type { KeptEvent } from '../../../local/stripe/model';
import { serve } from '../../../shared/http/serve';
import { getBillRow } from '../../../shared/operations/bills';
import { startReconciliationRow } from '../../../shared/operations/reconciliation';
import { transact } from '../../../shared/store/kernel';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { eventMessage } from '../../../shared/stripe/stripeEvents';
import { cardPayment } from '../../faults/harness/asking';
import { atStripe, readLedger } from '../../faults/harness/ledger';
import { type Billed, billAndCard } from '../../faults/harness/scenes';
import { standing } from '../../faults/harness/standing';
import { type Scene, System } from '../../faults/harness/system';
import { stopTime, time } from '../../faults/harness/time';
import { amountsOf, stateOf } from '../../fixtures/frontDesk';

/**
 * Stripe tells of a charge, two partial refunds, a dispute and its end: each event 0, 1 or 2 times, in any order, before or
 * after whatever else happens at Stripe (`domain.md` rule 34). Instead of every order, every state that any order leads to:
 * from each, each event and the next thing at Stripe are tried, and orders that come to the same state go on as one. With
 * `FULL=1` states are the same only when the same events came; else an event that came already comes as one of another id,
 * since what the endpoint remembers of it makes no other difference than that the same one is not followed twice.
 */
const minute = 60_000;
const literally = process.env.FULL !== undefined;

/** What happens at Stripe, one after the other, each with the event that tells of it. */
const history: readonly { type: string; happens: (system: System, intentId: string) => void }[] = [
  { type: 'payment_intent.succeeded', happens: () => undefined },
  { type: 'charge.refunded', happens: ({ stripe }, intentId) => void stripe.refundInDashboard(intentId, 1_000) },
  { type: 'charge.refunded', happens: ({ stripe }, intentId) => void stripe.refundInDashboard(intentId, 1_500) },
  { type: 'charge.dispute.created', happens: ({ stripe }, intentId) => void stripe.dispute(intentId) },
  {
    type: 'charge.dispute.closed',
    happens: ({ stripe }) => void stripe.decideDispute(stripe.disputes()[0]?.id ?? '', 'won'),
  },
];

interface Place {
  readonly scene: Scene;
  /** The same for the same table and the same Stripe. */
  readonly state: string;
  readonly events: readonly KeptEvent[];
  /** Which events came, at least once. */
  readonly heard: readonly number[];
  /** An event came after the last thing happened. */
  readonly upToDate: boolean;
  /** One way that leads here: `!` something happens, a figure: its event comes. */
  readonly way: string;
}

let ids: Billed;
const intentOf = ({ stripe }: System): string => stripe.intents()[0]?.id ?? '';

async function opened(scene?: Scene, fate?: Parameters<typeof System.open>[1]): Promise<System> {
  const system = await System.open(scene, fate);
  system.events = 'held';
  return system;
}

/** A payment by card whose answer from Stripe was lost: what it came to is not known here. */
async function paidUnknown(): Promise<Place> {
  stopTime('2026-03-10T15:00:00Z');
  const system = await opened(undefined, ({ operation }) =>
    operation === 'POST /v1/payment_intents' ? 'silence-after' : undefined,
  );
  ids = await billAndCard();
  await transact([accountClaimed(ids.practiceId, undefined)]);
  const { status } = await system.ask(cardPayment(ids));
  expect(status).toBe(202);
  const events = lastOf(system, []);
  return { ...(await left(system)), events, heard: [], upToDate: false, way: '!' };
}

async function left(system: System): Promise<Pick<Place, 'scene' | 'state'>> {
  const state = standing(system, literally ? {} : { but: 'stripeEvent' });
  const reached = { scene: { ...system.scene(), calls: [], mails: [] }, state };
  await system.close();
  return reached;
}

/** With the event of what happened last. */
function lastOf({ stripe }: System, before: readonly KeptEvent[]): readonly KeptEvent[] {
  const { type } = history[before.length] ?? {};
  const event = stripe.events().findLast(told => told.type === type);
  if (!event) throw new Error(`nothing tells of ${type}`);
  return [...before, event];
}

/** The next thing happens at Stripe, a minute later. */
async function happens({ scene, events, heard, way }: Place): Promise<Place> {
  const system = await opened(scene);
  time.advance(minute);
  history[events.length]?.happens(system, intentOf(system));
  const now = lastOf(system, events);
  return { ...(await left(system)), events: now, heard, upToDate: false, way: `${way}!` };
}

/** An event is posted to the endpoint, and its worker works; posted once more it changes nothing. */
async function comes(place: Place, which: number): Promise<Place> {
  const { scene, events, heard } = place;
  const again = literally && heard.includes(which);
  const system = await opened(scene);
  const event = events[which];
  if (!event) throw new Error(`${which} has not happened`);
  const posted = literally ? event : { ...event, id: `${event.id}${place.way.length}` };
  const told = [await system.hears(posted)];
  const way = `${place.way}${which}`;
  const next = { ...place, ...(await left(system)), way };
  if (again) expect([way, next.state]).toEqual([way, place.state]);
  const repeated = await opened(next.scene);
  told.push(await repeated.hears(posted));
  expect([way, (await left(repeated)).state]).toEqual([way, next.state]);
  expect([way, ...told.map(({ status }) => status)]).toEqual([way, 200, 200]);
  return again ? next : { ...next, heard: [...heard, which], upToDate: true };
}

/** All that the ledger and the bill say of the money; and that the ledger holds what Stripe does. */
async function saidOf(system: System): Promise<string> {
  const { body: bill } = await system.ask({
    row: getBillRow,
    handler: serve(getBillRow, getBill()),
    asked: { caller: ids.practice.admin, path: { billId: ids.billId } },
  });
  const ledger = await readLedger(system);
  const [payment] = bill.payments;
  const [{ captured, refunded, disputed } = { captured: 0, refunded: 0, disputed: 0 }] = system.stripe.books();
  expect(atStripe(ledger, payment.paymentId)).toBe(captured - refunded - disputed);
  // What was learnt only on the way, such as that a dispute was open once, moves nothing; fees are reconciliation's.
  const moved = ledger.entries.filter(({ kind, postings }) => postings.length > 0 && kind !== 'stripe_fee');
  const kinds = moved.map(({ kind }) => kind).sort();
  return `${amountsOf(bill)}; ${payment.status} ${stateOf(payment)}; held ${bill.autopay.held}; ${kinds}`;
}

const end =
  'T 16500, C 16500/14000/2500, partially_paid; partially_refunded 14000/0/2500/0, refundable 14000; held true; ' +
  'bill_issued,dispute_funds_reinstated,dispute_funds_withdrawn,payment_received,refund_found,refund_found';

/** Where everything has happened and no event comes any more; a day later, once the practice is held against Stripe. */
async function endsOf({ scene, upToDate, way }: Place): Promise<readonly string[]> {
  const system = await opened(scene);
  const atOnce = upToDate ? [await saidOf(system)] : [];
  await system.goOn(time.now() + 24 * 60 * minute);
  const { status } = await system.ask({
    row: startReconciliationRow,
    handler: serve(startReconciliationRow, startReconciliation()),
    asked: { caller: ids.practice.admin, body: {}, key: `key of ${way}` },
  });
  expect(status).toBe(202);
  await system.goOn(time.now() + 24 * 60 * minute);
  const ends = [...atOnce, await saidOf(system)];
  await system.close();
  return ends;
}

test('Stripe’s events of a charge come 0, 1 or 2 times, early or late, in any order: one final state (R34)', async () => {
  const ends = new Map<string, string[]>();
  const known = new Set<string>();
  const open = [await paidUnknown()];
  let tried = 0;
  for (let place = open.pop(); place; place = open.pop()) {
    const allHappened = place.events.length === history.length;
    if (allHappened) for (const end of await endsOf(place)) ends.set(end, [...(ends.get(end) ?? []), place.way]);
    const found = allHappened ? [] : [await happens(place)];
    for (const which of place.events.keys()) found.push(await comes(place, which));
    tried += found.length;
    for (const next of found) {
      const heard = literally ? [...next.heard].sort() : [];
      const name = `${next.events.length} ${heard} ${next.upToDate} ${next.state}`;
      if (!known.has(name)) open.push(next);
      known.add(name);
    }
  }
  process.stdout.write(`events of a charge: ${tried} steps between ${known.size} states\n`);
  expect(tried).toBeGreaterThan(known.size);
  expect([...ends.keys()].map(different => `${different} by ${ends.get(different)?.[0]}`)).toEqual([
    expect.stringMatching(new RegExp(`^${end} by `)),
  ]);
}, 1_200_000);

test('whatever an event says, the worker is told only which charge to look at (R34)', async () => {
  let place = await paidUnknown();
  while (place.events.length < history.length) place = await happens(place);
  const system = await opened(place.scene);
  const events = system.stripe.events().filter(({ type }) => /^(charge|refund|payment_intent)\./.test(type));
  const types = new Set(events.map(({ type }) => type));
  expect([...types]).toEqual(expect.arrayContaining(history.map(({ type }) => type)));
  expect(types.size).toBeGreaterThan(6);
  for (const { id, type, data } of events) {
    const message = eventMessage({ id, type, data });
    expect(Object.keys(message ?? {}).sort()).toEqual(['eventId', 'kind', 'subject', 'type']);
    expect(message?.subject).toEqual({ kind: 'intent', id: intentOf(system) });
  }
  await system.close();
});
