import { type BillAmounts, billAmounts, linesNow, splitOverLines } from './billAmounts';
import type { Act, BillFacts, BillLine, Book, Movement, Responsibility } from './book';
import { billOf, Draft, type EntryRequest, homeOfBill, wordsOf } from './draft';
import { releaseSurplus } from './flows';
import type { Posting } from './ledger';
import { cents, sumCents, zeroCents } from './money';
import { checkPayable } from './payable';
import { appliedCents, paymentFacts, paymentState, paymentsOfBill } from './paymentState';
import { clientReceivable, income, payerReceivable, writeOff } from './postings';
import { invalidInput, Problem } from './problem';

export interface IssueBill extends EntryRequest {
  readonly billId: string;
  readonly clientId: string;
  readonly payerId?: string;
  readonly responsibility: Responsibility;
  readonly lines: readonly BillLine[];
  /** Brought in from another system: opening balance in place of income. */
  readonly opening?: boolean;
}

interface Charge {
  readonly client: number;
  readonly insurer: number;
  readonly writeOff: number;
}

const chargeOf = (lines: readonly BillLine[]): Charge => ({
  client: sumCents(lines.map(line => line.clientPortionCents)),
  insurer: sumCents(lines.map(line => line.insurerPortionCents)),
  writeOff: sumCents(lines.map(line => line.writeOffCents)),
});

const chargePostings = (bill: BillFacts, { client, insurer, writeOff: given }: Charge, opening = false): Posting[] => [
  clientReceivable(bill, client),
  payerReceivable(bill, insurer),
  writeOff(bill, given),
  income(bill, -(client + insurer + given), opening),
];

/** Issues a bill whose lines have their portions (`portionsOf`). Postings: CR, PR, WO against income. */
export function issueBill(book: Book, request: IssueBill, act: Act): Movement {
  const { billId, clientId, payerId, responsibility, lines, opening = false } = request;
  const payer = payerId === undefined ? {} : { payerId };
  const bill: BillFacts = {
    billId,
    clientId,
    ...payer,
    responsibility,
    lines,
    cancelled: false,
    reservedCents: zeroCents,
  };
  const draft = new Draft(book, act);
  draft.bills.push(bill);
  draft.page(homeOfBill(billId));
  draft.post(homeOfBill(billId), ...chargePostings(bill, chargeOf(lines), opening));
  return draft.finish(() => ({ kind: opening ? 'opening_balance' : 'bill_issued', ...wordsOf(request) }));
}

export interface ChangeBill extends EntryRequest {
  readonly billId: string;
  /** All lines but adjustments, which stay; unchanged lines keep their id (domain rule 5). */
  readonly lines: readonly BillLine[];
  readonly responsibility?: Responsibility;
  /** `null` takes the payer away. */
  readonly payerId?: string | null;
}

/**
 * Changes lines and portions while nothing is paid (domain rule 52). Problems: `bill_cancelled`, `payment_in_progress`,
 * `bill_has_payments`, `adjustment_below_zero` when adjustments would outweigh the new lines.
 */
export function changeBill(book: Book, request: ChangeBill, act: Act): Movement {
  const bill = billOf(book, request.billId);
  const amounts = billAmounts(book, bill.billId);
  refuseUnlessIdle(bill, amounts);
  const standing = paymentsStanding(book, bill.billId);
  if (standing.length > 0) throw new Problem('bill_has_payments', { payments: standing });
  const { payerId: before, ...rest } = bill;
  const payerId = request.payerId === undefined ? before : (request.payerId ?? undefined);
  const adjustments = bill.lines.filter(line => line.kind === 'adjustment');
  const kept = request.lines.filter(line => line.kind !== 'adjustment');
  const after: BillFacts = {
    ...rest,
    ...(payerId === undefined ? {} : { payerId }),
    responsibility: request.responsibility ?? bill.responsibility,
    lines: [...kept, ...adjustments],
  };
  const now = chargeOf(after.lines);
  if (now.client < 0) throw new Problem('adjustment_below_zero', { clientPortionCents: chargeOf(kept).client });
  const draft = new Draft(book, act);
  const home = homeOfBill(bill.billId);
  const { clientPortionCents, insurerPortionCents, writeOffCents } = amounts;
  draft.page(home);
  draft.post(home, clientReceivable(bill, now.client - clientPortionCents));
  draft.post(home, payerReceivable(bill, -insurerPortionCents), payerReceivable(after, now.insurer));
  draft.post(home, writeOff(bill, now.writeOff - writeOffCents));
  const opening = draft.sum(p => p.account === 'opening_balance' && p.billId === bill.billId) !== 0;
  draft.post(home, income(bill, amounts.totalCents - now.client - now.insurer - now.writeOff, opening));
  draft.bills.push(after);
  return draft.finish(() => ({ kind: 'bill_changed', ...wordsOf(request) }));
}

export interface AdjustBill extends EntryRequest {
  readonly billId: string;
  /** Signed, not 0; an adjustment is the client's. */
  readonly amountCents: number;
  readonly description: string;
}

/**
 * Adjusts a bill by a line of its own, whatever is paid; what is paid too much is freed by RELEASE (W22). Problems:
 * `bill_cancelled`, `adjustment_below_zero` when the client portion would fall below 0.
 */
export function adjustBill(book: Book, request: AdjustBill, act: Act): Movement {
  const bill = billOf(book, request.billId);
  if (bill.cancelled) throw new Problem('bill_cancelled');
  if (request.amountCents === 0) throw invalidInput('/amountCents', 'must not be 0');
  const draft = new Draft(book, act);
  adjust(draft, bill, request);
  releaseSurplus(draft, bill);
  return draft.finish(() => ({ kind: 'bill_adjusted', ...wordsOf(request) }));
}

/** Drafts an adjustment line and its postings. Problem: `adjustment_below_zero`. */
export function adjust(draft: Draft, bill: BillFacts, by: { amountCents: number; description: string }): void {
  const { clientPortionCents } = billAmounts(draft.book, bill.billId);
  const amount = cents(by.amountCents);
  if (clientPortionCents + amount < 0) throw new Problem('adjustment_below_zero', { clientPortionCents });
  draft.post(homeOfBill(bill.billId), income(bill, -amount), clientReceivable(bill, amount));
  const line: BillLine = {
    lineId: draft.act.newId('line'),
    kind: 'adjustment',
    description: by.description,
    units: 1,
    unitPriceCents: amount,
    amountCents: amount,
    clientPortionCents: amount,
    insurerPortionCents: zeroCents,
    writeOffCents: zeroCents,
  };
  draft.newLines.push({ billId: bill.billId, line });
}

export interface CancelBill extends EntryRequest {
  readonly billId: string;
  readonly payments: 'refuse' | 'convert_to_credit';
}

/**
 * Cancels a bill (R56 to R58, domain rules 49 to 51). `convert_to_credit` frees the client's payments as RELEASE does.
 * Problems: `bill_cancelled`, `payment_in_progress`, `payment_disputed`, `bill_has_payments` (always with an insurer's
 * money on it).
 */
export function cancelBill(book: Book, request: CancelBill, act: Act): Movement {
  const bill = billOf(book, request.billId);
  const amounts = billAmounts(book, bill.billId);
  refuseUnlessIdle(bill, amounts);
  const payments = paymentsOfBill(book, bill.billId);
  const disputed = payments.find(id => appliedCents(book, id, bill.billId) > 0 && isDisputed(book, id));
  if (disputed !== undefined) throw new Problem('payment_disputed', { paymentId: disputed });
  const standing = paymentsStanding(book, bill.billId);
  const blocked = amounts.insurerPaidCents !== 0 || (request.payments === 'refuse' && amounts.clientPaidCents !== 0);
  if (blocked) throw new Problem('bill_has_payments', { payments: standing });
  const draft = new Draft(book, act);
  const home = homeOfBill(bill.billId);
  draft.page(home);
  const { clientPortionCents, insurerPortionCents, writeOffCents } = amounts;
  draft.post(home, clientReceivable(bill, -clientPortionCents));
  releaseSurplus(draft, bill);
  const opening = draft.sum(p => p.account === 'opening_balance' && p.billId === bill.billId);
  const earned = draft.sum(p => p.account === 'income' && p.billId === bill.billId);
  draft.post(home, income(bill, -earned), income(bill, -opening, true));
  draft.post(home, payerReceivable(bill, -insurerPortionCents), writeOff(bill, -writeOffCents));
  draft.bills.push({ ...bill, cancelled: true });
  return draft.finish(() => ({ kind: 'bill_cancelled', ...wordsOf(request) }));
}

function refuseUnlessIdle({ cancelled, reservedCents }: BillFacts, { clientBalanceCents }: BillAmounts): void {
  if (cancelled) throw new Problem('bill_cancelled');
  if (reservedCents > 0) throw new Problem('payment_in_progress', { reservedCents, clientBalanceCents });
}

const isDisputed = (book: Book, paymentId: string): boolean => paymentState(book, paymentId).status === 'disputed';

/** Payments that pay this bill now, net. An insurer's payment and its take-back stand against each other. */
function paymentsStanding(book: Book, billId: string): { paymentId: string; appliedCents: number }[] {
  const standing = paymentsOfBill(book, billId).map(paymentId => ({
    paymentId,
    appliedCents: appliedCents(book, paymentId, billId),
    insurer: paymentFacts(book, paymentId).payer !== 'client',
  }));
  const insurers = standing.filter(p => p.insurer);
  const even = sumCents(insurers.map(p => p.appliedCents)) === 0;
  return standing
    .filter(p => p.appliedCents !== 0 && !(p.insurer && even))
    .map(({ paymentId, appliedCents: applied }) => ({ paymentId, appliedCents: applied }));
}

export interface WriteOffClient extends EntryRequest {
  readonly billId: string;
  readonly amountCents: number;
  readonly reason: string;
}

/**
 * Gives up a part of what the client owes (bad debt), SPLIT over the lines by client portion. Problems: as a payment of
 * this amount (`checkPayable`).
 */
export function writeOffClient(book: Book, request: WriteOffClient, act: Act): Movement {
  const bill = billOf(book, request.billId);
  const amount = cents(request.amountCents);
  checkPayable(billAmounts(book, bill.billId), bill.reservedCents, amount);
  const draft = new Draft(book, act);
  const home = homeOfBill(bill.billId);
  draft.post(home, writeOff(bill, amount), clientReceivable(bill, -amount));
  const lines = linesNow(bill, book.entries);
  splitOverLines(amount, lines, line => line.clientPortionCents).forEach((part, index) => {
    const lineId = lines[index]?.lineId;
    if (part === 0 || lineId === undefined) return;
    draft.moveLine(home, {
      lineId,
      clientCents: cents(-part),
      insurerCents: zeroCents,
      writeOffCents: part,
      insurerPaidCents: zeroCents,
    });
  });
  return draft.finish(() => ({ kind: 'written_off', ...wordsOf(request) }));
}
