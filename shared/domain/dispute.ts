import { type Act, applyMovement, type Book, joinMovements, type Movement, noMovement } from './book';
import type { CalendarDate } from './calendar';
import { billOf, Draft, isKnown } from './draft';
import { type MoneyMove, moneyIn } from './flows';
import { type DisputeFacts, type EntryKind, type Posting, sumPostings } from './ledger';
import { cents } from './money';
import { moneyOut, moreToTake, mostReopened, nextPart, noteCreditSpent } from './outflow';
import { homeOfPayment, ownBills, paymentFacts, paymentState, unmatchedBalance } from './paymentState';
import { disputedFunds, money, stripeBalance, unmatchedMoney } from './postings';

/** Stripe's balance transaction of a withdrawal or a reinstatement; fee as taken (or given back), positive. */
export interface DisputeMoney {
  readonly dispute: DisputeFacts;
  readonly transactionId: string;
  readonly amountCents: number;
  readonly feeCents?: number;
  readonly postedOn?: CalendarDate;
}

/** The dispute itself, inquiries included: no money moves, staff's attention the first time (domain rule 33). */
export function noteDispute(book: Book, { dispute }: { dispute: DisputeFacts }, act: Act): Movement {
  const known = paymentState(book, dispute.paymentId).disputes.find(d => d.disputeId === dispute.disputeId);
  if (known?.status === dispute.status) return noMovement;
  const draft = drafted(book, dispute, act);
  if (!known) attend(draft, dispute, 'dispute_opened');
  const kind: EntryKind = known ? 'dispute_status_changed' : 'dispute_opened';
  return draft.finish(() => ({ kind, sourceId: statusSource(book, dispute), dispute }));
}

/**
 * Each change of status is an entry of its own, also into one that the dispute had before (a bank takes its word back):
 * counted by what the ledger has of it, so that two who tell the same change write the same key.
 */
function statusSource({ entries }: Book, { disputeId, status }: DisputeFacts): string {
  const first = `${disputeId}#${status}`;
  const before = entries.filter(({ kind, dispute: told }) => toldOf.has(kind) && isSame(told, { disputeId, status }));
  return before.length === 0 ? first : `${first}#${before.length + 1}`;
}
const toldOf: ReadonlySet<EntryKind> = new Set<EntryKind>(['dispute_opened', 'dispute_status_changed']);
const isSame = (told: DisputeFacts | undefined, of: Pick<DisputeFacts, 'disputeId' | 'status'>): boolean =>
  told?.disputeId === of.disputeId && told.status === of.status;

/** The bank took the money: refunds are blocked, the bill stays as paid (W15.4). A repeat is no movement. */
export function withdrawFunds(book: Book, request: DisputeMoney, act: Act): Movement {
  const { dispute, amountCents, transactionId } = request;
  if (isKnown(book, transactionId)) return noMovement;
  const draft = drafted(book, dispute, act);
  const { paymentId } = dispute;
  const home = homeOfPayment(book, paymentId);
  draft.post(home, money(disputedFunds, amountCents, paymentId), money(stripeBalance, -amountCents, paymentId));
  draft.post(home, ...feePostings(request.feeCents ?? 0));
  return draft.finish(() => ({ kind: 'dispute_funds_withdrawn', ...at(request, transactionId), dispute }));
}

/**
 * The bank gave the money back: after a win it was never gone (W16); after a loss it arrives by IN, as the client may have
 * paid again meanwhile (W15.7). A repeat is no movement.
 */
export function reinstateFunds(book: Book, request: DisputeMoney, act: Act): Movement {
  const { dispute, amountCents, transactionId } = request;
  const { paymentId, disputeId } = dispute;
  const wonSource = `${disputeId}#won#${transactionId}`;
  if (isKnown(book, transactionId) || isKnown(book, wonSource)) return noMovement;
  const draft = drafted(book, dispute, act);
  const home = homeOfPayment(book, paymentId);
  draft.post(home, ...feePostings(-(request.feeCents ?? 0)));
  if (withdrawnCents(book, disputeId) >= amountCents) {
    draft.post(home, money(stripeBalance, amountCents, paymentId), money(disputedFunds, -amountCents, paymentId));
    return draft.finish(() => ({ kind: 'dispute_funds_reinstated', ...at(request, transactionId), dispute }));
  }
  const { clientId } = paymentFacts(book, paymentId);
  const move = {
    paymentId,
    ...(clientId === undefined ? {} : { clientId }),
    account: stripeBalance,
    amountCents,
    home,
  };
  moneyIn(
    draft,
    move,
    ownBills(book, paymentId).map(id => billOf(book, id)),
  );
  attend(draft, dispute, 'dispute_won');
  return draft.finish(() => ({ kind: 'dispute_won_after_lost', ...at(request, wonSource), dispute }));
}

/** Lost: what was withdrawn leaves the payment by OUT, its bills reopen with AutoPay held (W15.5). */
export function loseDispute(
  book: Book,
  request: { readonly dispute: DisputeFacts; readonly transactionId: string; readonly postedOn?: CalendarDate },
  act: Act,
): Movement {
  const { dispute, transactionId } = request;
  const { paymentId, disputeId } = dispute;
  const sourceId = `${disputeId}#lost#${transactionId}`;
  const amountCents = withdrawnCents(book, disputeId);
  if (isKnown(book, sourceId)) return reopenMore(book, { ...request, sourceId }, act);
  if (amountCents <= 0) return noMovement;
  const draft = drafted(book, dispute, act);
  takeLost(draft, paymentId, { account: disputedFunds, amountCents });
  attend(draft, dispute, 'dispute_lost');
  return draft.finish(() => ({ kind: 'dispute_lost', ...at(request, sourceId), dispute }));
}

/** The next bills of a loss that was counted without them, as of a refund. */
function reopenMore(
  book: Book,
  request: { readonly dispute: DisputeFacts; readonly sourceId: string; readonly postedOn?: CalendarDate },
  act: Act,
): Movement {
  const { dispute, sourceId: first } = request;
  const { paymentId } = dispute;
  if (!moreToTake(book, paymentId)) return noMovement;
  const draft = drafted(book, dispute, act);
  takeLost(draft, paymentId, { account: unmatchedMoney, amountCents: unmatchedBalance(book, paymentId) });
  return draft.finish(() => ({ kind: 'dispute_lost', ...at(request, nextPart(book, first)), dispute }));
}

function takeLost(draft: Draft, paymentId: string, move: Pick<MoneyMove, 'account' | 'amountCents'>): void {
  const home = homeOfPayment(draft.book, paymentId);
  const out = moneyOut(draft, { ...move, paymentId, home }, { mostBills: mostReopened });
  for (const billId of out.byBill.keys()) draft.holds.push({ billId, reason: 'dispute_lost' });
  noteCreditSpent(draft, paymentId, { out });
}

/** Whether the bank has said its last word of it, as far as anybody knows. */
export const isClosedDispute = (status: string): boolean =>
  ['won', 'lost', 'prevented', 'warning_closed'].includes(status);

/** A dispute as Stripe tells it now. */
export interface StripeDispute {
  readonly dispute: DisputeFacts;
  /** Its balance transactions, oldest first; `amountCents` and `feeCents` positive. */
  readonly transactions: readonly (Omit<DisputeMoney, 'dispute'> & {
    readonly direction: 'withdrawn' | 'reinstated';
  })[];
}

/** Brings a dispute into the ledger: what is new of it, in one order, so that repeats and late news do no harm. */
export function takeOverDispute(book: Book, { dispute, transactions }: StripeDispute, act: Act): Movement {
  let now = book;
  const movements: Movement[] = [];
  const step = (movement: Movement): void => {
    movements.push(movement);
    now = applyMovement(now, movement);
  };
  for (const { direction, ...transaction } of transactions) {
    const known = { ...transaction, dispute };
    step(direction === 'withdrawn' ? withdrawFunds(now, known, act) : reinstateFunds(now, known, act));
  }
  const withdrawal = transactions.findLast(t => t.direction === 'withdrawn');
  if (dispute.status === 'lost' && withdrawal) {
    step(loseDispute(now, { dispute, transactionId: withdrawal.transactionId }, act));
  }
  return joinMovements(noteDispute(book, { dispute }, act), ...movements);
}

function drafted(book: Book, { paymentId }: DisputeFacts, act: Act): Draft {
  const draft = new Draft(book, act);
  draft.page(homeOfPayment(book, paymentId));
  return draft;
}

function attend(draft: Draft, dispute: DisputeFacts, kind: 'dispute_opened' | 'dispute_lost' | 'dispute_won'): void {
  const { disputeId, paymentId, amountCents, status } = dispute;
  const { clientId } = paymentFacts(draft.book, paymentId);
  const home = homeOfPayment(draft.book, paymentId);
  draft.attention.push({
    kind,
    ...(home.kind === 'bill' ? { billId: home.id } : {}),
    ...(clientId === undefined ? {} : { clientId }),
    paymentId,
    facts: { disputeId, amountCents, status },
  });
}

const feePostings = (fee: number): Posting[] => [
  { account: 'stripe_fees', amountCents: cents(fee) },
  { account: 'stripe_balance', amountCents: cents(0 - fee) },
];

/** What the bank holds of this dispute, undecided. */
const withdrawnCents = (book: Book, disputeId: string): number =>
  sumPostings(book.entries, (p, e) => p.account === 'disputed_funds' && e.dispute?.disputeId === disputeId);

const at = ({ postedOn }: { postedOn?: CalendarDate }, sourceId: string) => ({
  sourceId,
  ...(postedOn === undefined ? {} : { postedOn }),
});
