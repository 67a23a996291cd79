import { type Act, applyMovement, type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { takeOverDispute } from '../domain/dispute';
import type { RefundStatus } from '../domain/ledger';
import { cents, sumCents } from '../domain/money';
import { moreToTake } from '../domain/outflow';
import { findPayment, refundsOf, unmatchedBalance } from '../domain/paymentState';
import { takeOverRefund } from '../domain/refund';
import { type Needs, systemAct } from '../needs';
import { zoneOf } from '../store/attemptStore';
import { commit, type Home, homesOfRefund, type Loaded, loadPayment } from '../store/billStore';
import { decideFrom, type Write } from '../store/kernel';
import { unmatchedStore } from '../store/unmatchedStore';
import { receiptWrites } from '../work/receipts';
import { tellOtherCurrency } from './otherCurrency';
import { type ListedDispute, type StripeDisputes, stripeDisputes } from './stripeDisputes';
import { type ListedRefund, type StripeRefunds, stripeRefunds } from './stripeRefunds';

/** What a look at Stripe wrote: refunds that were not in the ledger before. */
export interface Found {
  readonly loaded: Loaded;
  readonly amountCents: number;
  readonly refundIds: readonly string[];
  /** True when what goes along was written with it. */
  readonly kept?: boolean;
}

/** What the charge itself says there is to look for; unless told, both. */
export interface Signs {
  readonly refunded: boolean;
  readonly disputed: boolean;
}

const everything: Signs = { refunded: true, disputed: true };

interface StripeBooks {
  readonly refunds: Pick<StripeRefunds, 'list'>;
  readonly disputes: Pick<StripeDisputes, 'list'>;
}
const stripeBooks: StripeBooks = { refunds: stripeRefunds, disputes: stripeDisputes };

interface Looking {
  readonly signs?: Signs;
  readonly books?: StripeBooks;
  /** What is written in one transaction with the last new refund, by what all new ones come to: a request's own record. */
  readonly along?: (found: Found) => readonly Write[];
}
const nothingAlong = (): readonly Write[] => [];

export interface PaymentAt {
  readonly practiceId: string;
  readonly paymentId: string;
  /** Where it stands, if the caller knows: the index may not lead there yet. */
  readonly home?: Home;
  /** The payment as it was read a moment ago, if it was. */
  readonly known?: Loaded;
}

/**
 * The one rule for every signal (`domain.md` rules 24 and 33): list the refunds and disputes of the charge and write what
 * the ledger does not know, each keyed by Stripe's id, so that order, repetition and who noticed first do not matter
 * (R61, R62). Refunds by age, then disputes (`ledger.md` section 7).
 */
export async function bringIntoLine(
  { practiceId, paymentId, home, known }: PaymentAt,
  needs: Needs,
  { signs = everything, books = stripeBooks, along = nothingAlong }: Looking = {},
): Promise<Found> {
  const also = home ? [home] : [];
  const loaded = known ?? (await loadPayment(practiceId, paymentId, also));
  const stripe = findPayment(loaded.book, paymentId)?.stripe;
  if (!stripe) return { loaded, amountCents: 0, refundIds: [] };
  const { accountId, paymentIntentId } = stripe;
  const refunded = signs.refunded || refundsOf(loaded.book.entries, paymentId).length > 0;
  const [listed, disputes] = await Promise.all([
    // A refund that failed no longer shows on its charge, so what the ledger knows is looked at as well.
    refunded ? books.refunds.list(accountId, paymentIntentId) : [],
    signs.disputed ? books.disputes.list(accountId, paymentIntentId) : [],
  ]);
  const refunds = listed.map(refund => believed(loaded, refund));
  const last = refunds.findLast(refund => isNew(loaded, paymentId, refund));
  let found: Found = { loaded, amountCents: 0, refundIds: [] };
  for (const refund of refunds) {
    const before = found;
    const reach = await reachOf(before.loaded, refund, { paymentId, also });
    const step = await record(
      reach === also ? before.loaded : await loadPayment(practiceId, paymentId, reach),
      { paymentId, also: reach, needs, along: now => (refund === last ? along(foundWith(before, refund, now)) : []) },
      (now, act, zone) => takeOverRefund(now.book, foundRefund(paymentId, refund, zone), act),
    );
    found = foundWith(before, refund, step);
    if (refund === last && step.wrote) found = { ...found, kept: true };
  }
  for (const dispute of disputes) {
    const { loaded: latest, wrote } = await record(
      found.loaded,
      { paymentId, also, needs, along: nothingAlong },
      (now, act, zone) => takeOverDispute(now.book, foundDispute(paymentId, dispute, zone), act),
    );
    const { exchangedTo: currency } = dispute;
    if (wrote && currency !== undefined) await tellOtherCurrency({ practiceId, currency }, needs);
    found = { ...found, loaded: latest };
  }
  return found;
}

/** Metadata can be written by anybody in the account: a refund is ours only where we did ask for it. */
function believed({ records, clientAttempts }: Loaded, { ours, ...refund }: ListedRefund): ListedRefund {
  const attempts = [...[...records.values()].flatMap(record => record.attempts), ...clientAttempts];
  return ours && attempts.some(attempt => attempt.refund?.refundId === ours.refundId) ? { ...refund, ours } : refund;
}

/** A refund that failed is undone wherever it moved money: also on bills whose credit it had given back. */
async function reachOf(
  { practiceId, book }: Loaded,
  { stripeRefundId, status }: ListedRefund,
  { paymentId, also }: { paymentId: string; also: readonly Home[] },
): Promise<readonly Home[]> {
  const counted = refundsOf(book.entries, paymentId).find(known => known.stripeRefundId === stripeRefundId);
  if (!counted || !hasFailed(status) || hasFailed(counted.status)) return also;
  return [...also, ...(await homesOfRefund(practiceId, counted.refundId))];
}
const hasFailed = (status: RefundStatus): boolean => status === 'failed' || status === 'cancelled';

/** A refund that somebody made in Stripe and the ledger does not know. */
const isNew = ({ book }: Loaded, paymentId: string, { stripeRefundId, ours, status }: ListedRefund): boolean =>
  !ours &&
  !hasFailed(status) &&
  !refundsOf(book.entries, paymentId).some(known => known.stripeRefundId === stripeRefundId);

/** What was found so far and, if this step's movement says so, this refund too. */
function foundWith({ amountCents, refundIds, kept }: Found, refund: ListedRefund, step: Step): Found {
  const told = step.movement.entries.flatMap(entry =>
    entry.kind === 'refund_found' && entry.refund ? [entry.refund.refundId] : [],
  );
  return {
    loaded: step.loaded,
    amountCents: sumCents([amountCents, ...(told.length > 0 ? [refund.amountCents] : [])]),
    refundIds: [...new Set([...refundIds, ...told])],
    ...(kept ? { kept } : {}),
  };
}

type Rule = (loaded: Loaded, act: Act, timeZone: string) => Movement;

interface Step {
  readonly loaded: Loaded;
  readonly movement: Movement;
}

interface Recording {
  readonly paymentId: string;
  readonly also: readonly Home[];
  readonly needs: Needs;
  readonly along: (after: Step) => readonly Write[];
}

/**
 * Writes what the rule finds new; the common case, that nothing is, costs no read beyond the first. What reopens more bills
 * than one transaction holds is written by several, each whole in itself; a look that ended between goes on here.
 */
async function record(known: Loaded, recording: Recording, rule: Rule): Promise<Step & { readonly wrote: boolean }> {
  const first = await recordOnce(known, recording, rule);
  let last: Step & { readonly wrote: boolean } = first;
  while (last.wrote && moreToTake(last.loaded.book, recording.paymentId)) {
    last = await recordOnce(last.loaded, { ...recording, along: nothingAlong }, rule);
  }
  return { ...first, loaded: last.loaded };
}

async function recordOnce(
  known: Loaded,
  { paymentId, also, needs, along }: Recording,
  rule: Rule,
): Promise<Step & { readonly wrote: boolean }> {
  const read = () => loadPayment(known.practiceId, paymentId, also);
  return decideFrom(known, read, async loaded => {
    const timeZone = await zoneOf(loaded);
    const act = systemAct(timeZone, needs, 'stripe');
    const movement = rule(loaded, act, timeZone);
    if (movement.entries.length === 0) return { loaded, movement: noMovement, wrote: false };
    const after = { ...loaded, book: applyMovement(loaded.book, movement) };
    const writes = [
      ...along({ loaded: after, movement }),
      ...receiptWrites(loaded, movement, act.at),
      ...(await goneBack(after, paymentId, needs)),
    ];
    await commit(loaded, movement, { writes, newId: needs.newId });
    return { loaded: await read(), movement, wrote: true };
  });
}

/** Money of nobody that went back whole is nobody's question any more. */
async function goneBack(
  { practiceId, unmatched, book }: Loaded,
  paymentId: string,
  { clock }: Needs,
): Promise<Write[]> {
  if (unmatched.get(paymentId)?.status !== 'open' || unmatchedBalance(book, paymentId) < 0) return [];
  return unmatchedStore.seenTo(practiceId, paymentId, { resolvedAt: clock.now(), choice: 'refunded' });
}

const foundRefund = (paymentId: string, refund: ListedRefund, timeZone: string) => {
  const { stripeRefundId, amountCents, status, createdAt, ours } = refund;
  const postedOn = localDate(createdAt, timeZone);
  return { paymentId, stripeRefundId, amountCents, status, postedOn, ...(ours ? { ours } : {}) };
};

function foundDispute(paymentId: string, listed: ListedDispute, timeZone: string) {
  const { transactions, amountCents, createdAt: _, exchangedTo: __, ...facts } = listed;
  return {
    dispute: { ...facts, paymentId, amountCents: cents(amountCents) },
    transactions: transactions.map(({ at, ...transaction }) => ({ ...transaction, postedOn: localDate(at, timeZone) })),
  };
}
