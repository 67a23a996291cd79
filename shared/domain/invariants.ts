import { billAmounts, linesNow } from './billAmounts';
import type { BillFacts, Book } from './book';
import { creditBalance, lotsOf } from './credit';
import { invariant } from './invariant';
import { assertBalanced, sumPostings } from './ledger';
import { sumCents } from './money';
import { paymentState } from './paymentState';

/**
 * The invariants of `ledger.md` section 8 that a book can see (1 to 4). Called at commit with the book after the movement
 * and by `npm run verify`; a failure is our bug and nothing is written.
 */
export function assertSound(book: Book): void {
  for (const entry of book.entries) assertBalanced(entry);
  for (const bill of book.bills.values()) assertBillSound(book, bill);
  for (const { lotId, remainingCents, spends } of book.lots) {
    invariant(remainingCents >= 0, `lot ${lotId} is below 0`);
    invariant(
      spends.every(spend => spend.amountCents > 0),
      `lot ${lotId} keeps an ended spend`,
    );
  }
  for (const paymentId of receivedPayments(book)) assertPaymentSound(book, paymentId);
}

/** Beyond `assertSound`, for a book that holds everything of its clients: stored lots are what the entries say. */
export function assertWhole(book: Book): void {
  assertSound(book);
  const told = new Map(lotsOf(book.entries).map(lot => [lot.lotId, lot]));
  invariant(told.size === book.lots.length, 'lots and entries tell of different lots');
  for (const lot of book.lots) {
    const known = told.get(lot.lotId);
    invariant(
      known && known.remainingCents === lot.remainingCents && spendsOf(known) === spendsOf(lot),
      `lot ${lot.lotId} is not what its entries say`,
    );
  }
  const credit = sumPostings(book.entries, p => p.account === 'client_credit');
  invariant(credit + creditBalance(book) === 0, 'credit is not the sum of the lots');
}

const spendsOf = ({ spends }: Book['lots'][number]): string =>
  spends
    .map(s => `${s.paymentId} ${s.amountCents}`)
    .sort()
    .join();

const billAccounts = new Set([
  'client_receivable',
  'payer_receivable',
  'income',
  'opening_balance',
  'write_off',
  'discount',
]);

function assertBillSound(book: Book, bill: BillFacts): void {
  const { billId, cancelled } = bill;
  const about = `bill ${billId}`;
  if (cancelled) {
    for (const account of billAccounts) {
      const sum = sumPostings(book.entries, p => p.billId === billId && p.account === account);
      invariant(sum === 0, `${about} is cancelled and its ${account} is ${sum}`);
    }
    return;
  }
  const amounts = billAmounts(book, billId);
  const { totalCents, clientPortionCents, insurerPortionCents, writeOffCents } = amounts;
  invariant(
    clientPortionCents + insurerPortionCents + writeOffCents === totalCents,
    `${about}: portions are not the price`,
  );
  invariant(amounts.clientBalanceCents >= 0, `${about}: the client's balance is below 0`);
  invariant(amounts.insurerBalanceCents >= 0, `${about}: the insurer's balance is below 0`);
  const lines = linesNow(bill, book.entries);
  for (const line of lines) {
    const parts = line.clientPortionCents + line.insurerPortionCents + line.writeOffCents;
    invariant(parts === line.amountCents, `line ${line.lineId}: portions are not the price`);
    invariant(
      line.insurerPaidCents <= line.insurerPortionCents,
      `line ${line.lineId}: insurers paid above their portion`,
    );
  }
  const sumOf = (part: 'clientPortionCents' | 'insurerPortionCents' | 'writeOffCents' | 'insurerPaidCents'): number =>
    sumCents(lines.map(line => line[part]));
  const same =
    sumOf('clientPortionCents') === clientPortionCents &&
    sumOf('insurerPortionCents') === insurerPortionCents &&
    sumOf('writeOffCents') === writeOffCents &&
    sumOf('insurerPaidCents') === amounts.insurerPaidCents;
  invariant(same, `${about}: its lines do not add up to it`);
}

/** Payments whose arrival this book tells and all of whose bills are in it: only those can be summed here. */
function receivedPayments(book: Book): string[] {
  const attached = new Set(
    book.entries.flatMap(e => (e.kind === 'money_attached' && e.payment ? [e.payment.paymentId] : [])),
  );
  const unmatched = new Set(book.entries.flatMap(e => (e.unmatched ? [e.unmatched.paymentId] : [])));
  const ids = book.entries.flatMap(({ payment }) =>
    payment && (payment.billIds ?? []).every(billId => book.bills.has(billId)) ? [payment.paymentId] : [],
  );
  const whole = new Set([...ids, ...unmatched]);
  return [...whole].filter(id => !attached.has(id) || unmatched.has(id));
}

function assertPaymentSound(book: Book, paymentId: string): void {
  const state = paymentState(book, paymentId);
  const { amountCents, appliedCents, creditedCents, refundedCents, chargedBackCents, uncoveredCents } = state;
  const sum = appliedCents + creditedCents + refundedCents + chargedBackCents + state.unmatchedCents - uncoveredCents;
  invariant(sum === amountCents, `payment ${paymentId}: ${amountCents} received, ${sum} accounted for`);
  if (state.payment.payer === 'client') invariant(appliedCents >= 0, `payment ${paymentId} applies less than nothing`);
}
