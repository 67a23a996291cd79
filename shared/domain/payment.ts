import { billAmounts } from './billAmounts';
import type { Act, Book, Movement } from './book';
import { noMovement } from './book';
import type { Instant } from './calendar';
import { creditBalance } from './credit';
import { billOf, Draft, type EntryRequest, homeOfBill, isKnown, wordsOf } from './draft';
import { growLot, moneyIn, takeCredit } from './flows';
import type { PaymentFacts } from './ledger';
import { cents, minCents, sumCents } from './money';
import { checkPayable } from './payable';
import { accountOf, clientCredit, clientReceivable, discount, money } from './postings';
import { Problem } from './problem';

interface ReceivedMoney extends EntryRequest {
  readonly payment: PaymentFacts;
  /** `refuse` unless given: what is above the balance is 409; `credit`: it becomes the client's credit (domain rule 6). */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * The money has moved already (a settled charge, a hosted page, recovery, webhook): never refused, goes by IN, with
   * attention `late_payment` for a surplus. A repeat of the same `sourceId` is no movement.
   */
  readonly moved?: boolean;
}

export interface ReceivePayment extends ReceivedMoney {
  readonly billId: string;
}

/**
 * A client's money for one bill: offline, or settled by Stripe (IN of `ledger.md`). Problems of a request: `bill_cancelled`,
 * `amount_exceeds_balance`, `payment_in_progress`.
 */
export function receivePayment(book: Book, { billId, ...request }: ReceivePayment, act: Act): Movement {
  return receivePaymentOverBills(
    book,
    { ...request, parts: [{ billId, amountCents: request.payment.amountCents }] },
    act,
  );
}

export interface ReceivePaymentOverBills extends ReceivedMoney {
  /** In the order in which it pays; they add up to the payment's amount. */
  readonly parts: readonly { readonly billId: string; readonly amountCents: number }[];
}

/** One payment over several bills, part of the money with each: one entry a bill, one movement (W23). */
export function receivePaymentOverBills(book: Book, request: ReceivePaymentOverBills, act: Act): Movement {
  const { payment, parts, moved = false } = request;
  if (moved && isKnown(book, request.sourceId)) return noMovement;
  checkParts(payment, parts);
  if (!moved) for (const part of parts) checkPart(book, part, request.overpayment ?? 'refuse');
  const draft = new Draft(book, act);
  let surplus = 0;
  for (const { billId, amountCents } of parts) {
    const { paymentId, clientId } = payment;
    const home = homeOfBill(billId);
    draft.page(home);
    surplus += moneyIn(draft, { paymentId, clientId, account: accountOf(payment), amountCents, home }, [
      billOf(book, billId),
    ]);
  }
  const first = parts[0];
  if (moved && surplus > 0) {
    const { paymentId, clientId } = payment;
    const facts = { amountCents: payment.amountCents, creditedCents: surplus };
    draft.attention.push({
      kind: 'late_payment',
      ...(first ? { billId: first.billId } : {}),
      clientId,
      paymentId,
      facts,
    });
  }
  const billIds = parts.map(part => part.billId);
  const whole = parts.length > 1 ? { ...payment, billIds } : payment;
  return draft.finish(() => ({ kind: 'payment_received', ...wordsOf(request), payment: whole }));
}

function checkParts({ amountCents }: PaymentFacts, parts: ReceivePaymentOverBills['parts']): void {
  const actualCents = sumCents(parts.map(part => part.amountCents));
  if (actualCents !== amountCents)
    throw new Problem('lines_do_not_add_up', { expectedCents: amountCents, actualCents });
}

function checkPart(
  book: Book,
  { billId, amountCents }: { billId: string; amountCents: number },
  overpayment: 'refuse' | 'credit',
): void {
  const amounts = billAmounts(book, billId);
  const { reservedCents } = billOf(book, billId);
  // A surplus that shall become credit is no excess, but what is reserved must not be paid twice.
  const amount =
    overpayment === 'credit' && amountCents > amounts.clientBalanceCents ? amounts.clientBalanceCents : amountCents;
  checkPayable(amounts, reservedCents, amount);
}

interface PaperPayment extends EntryRequest {
  readonly billId: string;
  readonly paymentId: string;
  readonly amountCents: number;
  readonly paidAt?: Instant;
  readonly notes?: string;
}

export interface PayWithCredit extends PaperPayment {}

/**
 * Pays from the client's credit, oldest lots first (R46: never more than there is). Problems: as `checkPayable`, then
 * `insufficient_credit`.
 */
export function payWithCredit(book: Book, request: PayWithCredit, act: Act): Movement {
  const bill = billOf(book, request.billId);
  checkPayable(billAmounts(book, bill.billId), bill.reservedCents, request.amountCents);
  const creditCents = creditBalance(book);
  if (request.amountCents > creditCents) throw new Problem('insufficient_credit', { creditCents });
  const draft = new Draft(book, act);
  const { billId, paymentId } = request;
  const home = homeOfBill(billId);
  draft.post(home, clientReceivable(bill, -request.amountCents, paymentId));
  takeCredit(draft, home, request.amountCents, { billId, paymentId });
  return draft.finish(() => paperWords(bill.clientId, request, 'credit', act));
}

/** At most this many lots fit into the transaction of a bill with all its sessions; what is left serves the next bill. */
const mostLots = 5;

/** How much credit the bill can take at once: what `payWithCredit` would not refuse. 0 when there is nothing to apply. */
export function applicableCredit(book: Book, billId: string): number {
  const { clientBalanceCents, cancelled } = billAmounts(book, billId);
  const payable = clientBalanceCents - billOf(book, billId).reservedCents;
  const lots = book.lots.filter(lot => lot.remainingCents > 0).slice(0, mostLots);
  return cancelled ? 0 : Math.max(minCents(payable, creditBalance({ lots })), 0);
}

/** Takes a discount off the client's balance: a payment that is no money. Problems: as `checkPayable`. */
export function giveDiscount(book: Book, request: PaperPayment, act: Act): Movement {
  const bill = billOf(book, request.billId);
  checkPayable(billAmounts(book, bill.billId), bill.reservedCents, request.amountCents);
  const draft = new Draft(book, act);
  const { paymentId, amountCents } = request;
  const home = homeOfBill(bill.billId);
  draft.post(home, discount(bill, amountCents, paymentId), clientReceivable(bill, -amountCents, paymentId));
  return draft.finish(() => paperWords(bill.clientId, request, 'discount', act));
}

const paperWords = (clientId: string, request: PaperPayment, source: 'credit' | 'discount', act: Act) => ({
  kind: 'payment_received' as const,
  ...wordsOf(request),
  payment: {
    paymentId: request.paymentId,
    clientId,
    payer: 'client' as const,
    type: 'credit_discount' as const,
    source,
    amountCents: cents(request.amountCents),
    paidAt: request.paidAt ?? act.at,
    ...(request.notes === undefined ? {} : { notes: request.notes }),
  },
});

export interface Prepay extends EntryRequest {
  readonly payment: PaymentFacts;
  /** `reimbursement`: money the practice owes back and leaves with the client as credit by hand. */
  readonly creditReason?: 'prepayment' | 'reimbursement';
}

/** Money without a bill: it becomes the client's credit (R46). A repeat of the same `sourceId` is no movement. */
export function prepay(book: Book, request: Prepay, act: Act): Movement {
  const { payment, creditReason = 'prepayment' } = request;
  if (isKnown(book, request.sourceId)) return noMovement;
  const draft = new Draft(book, act);
  const { paymentId, clientId, amountCents } = payment;
  const home = { kind: 'client' as const, id: clientId };
  const lot = growLot(draft, { paymentId, clientId }, amountCents);
  draft.post(home, money(accountOf(payment), amountCents, paymentId), clientCredit(lot, -amountCents, paymentId));
  return draft.finish(() => ({
    kind: 'prepayment_received',
    ...wordsOf(request),
    payment,
    details: { creditReason },
  }));
}
