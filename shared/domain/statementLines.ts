import type { CalendarDate } from './calendar';
import type { Entry, EntryKind, PaymentFacts, Posting } from './ledger';
import { type Cents, cents, sumCents } from './money';

/** What a movement was, as clients read it. */
export type StatementKind =
  | 'charge'
  | 'payment'
  | 'credit'
  | 'discount'
  | 'refund'
  | 'write_off'
  | 'adjustment'
  | 'cancellation'
  | 'dispute';

export interface StatementLine {
  /** The date it counts for. */
  readonly on: CalendarDate;
  readonly kind: StatementKind;
  /** Bills by number, cards by their last digits; nothing clinical. */
  readonly description: string;
  /** The change of the client's position: positive, the client owes more. */
  readonly amountCents: Cents;
  /** How much of the client's credit came (positive) or went with it: credit that pays a bill moves the position by 0. */
  readonly creditCents: Cents;
}
export interface StatementEntry extends StatementLine {
  /** The position after it. */
  readonly balanceCents: Cents;
}

/** Every movement of the client's in the order of the dates it counts for, those of one date as they were recorded. */
export function statementLines(ledger: readonly Entry[], numbers: ReadonlyMap<string, string>): StatementLine[] {
  const payments = new Map(ledger.flatMap(({ payment }) => (payment ? [[payment.paymentId, payment] as const] : [])));
  return [...ledger].sort(byDate).flatMap(entry => linesOf(entry, { payments, numbers }));
}

const orderOf = ({ postedOn, at, entryId }: Entry): string => `${postedOn} ${at} ${entryId}`;
const byDate = (a: Entry, b: Entry): number => (orderOf(a) < orderOf(b) ? -1 : 1);

interface Known {
  readonly payments: ReadonlyMap<string, PaymentFacts>;
  readonly numbers: ReadonlyMap<string, string>;
}

/** A line for each group of the entry that moves what the client owes or has in credit: a payment's, or the charge. */
function linesOf(entry: Entry, known: Known): StatementLine[] {
  const groups = new Map<string | undefined, Posting[]>();
  for (const posting of entry.postings) {
    if (posting.account !== 'client_receivable' && posting.account !== 'client_credit') continue;
    groups.set(posting.paymentId, [...(groups.get(posting.paymentId) ?? []), posting]);
  }
  return [...groups].map(([paymentId, postings]) => {
    const moved = {
      amountCents: sumCents(postings.map(posting => posting.amountCents)),
      creditCents: cents(0 - sumOf(postings, 'client_credit')),
    };
    const number = entry.home.kind === 'bill' ? known.numbers.get(entry.home.id) : undefined;
    const bill = number === undefined ? 'a bill' : `bill ${number}`;
    const payment = paymentId === undefined ? undefined : known.payments.get(paymentId);
    const words = payment ? ofPayment(entry.kind, payment, { ...moved, bill }) : ofCharge(entry.kind, moved, bill);
    return { on: entry.postedOn, ...words, ...moved };
  });
}

const sumOf = (postings: readonly Posting[], account: Posting['account']): Cents =>
  sumCents(postings.filter(posting => posting.account === account).map(posting => posting.amountCents));

type Words = Pick<StatementLine, 'kind' | 'description'>;
type Moved = Pick<StatementLine, 'amountCents' | 'creditCents'>;
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const chargeWords: Partial<Readonly<Record<EntryKind, (bill: string) => Words>>> = {
  bill_issued: bill => ({ kind: 'charge', description: capital(bill) }),
  opening_balance: bill => ({ kind: 'charge', description: `${capital(bill)}, brought forward` }),
  bill_changed: bill => ({ kind: 'charge', description: `${capital(bill)} changed` }),
  insurer_paid: bill => ({ kind: 'adjustment', description: `Your part of ${bill} after insurance` }),
  written_off: bill => ({ kind: 'write_off', description: `Written off on ${bill}` }),
  refund_failed: bill => ({ kind: 'adjustment', description: `Reduction of ${bill} undone` }),
  bill_cancelled: bill => ({ kind: 'cancellation', description: `${capital(bill)} cancelled` }),
};

function ofCharge(kind: EntryKind, { creditCents }: Moved, bill: string): Words {
  // Credit that is given or taken by hand belongs to no bill.
  if (creditCents !== 0) {
    const description = creditCents > 0 ? 'Credit added' : 'Credit taken back';
    return { kind: 'credit', description };
  }
  return chargeWords[kind]?.(bill) ?? { kind: 'adjustment', description: `Adjustment of ${bill}` };
}

function ofPayment(kind: EntryKind, payment: PaymentFacts, { bill, ...moved }: Moved & { bill: string }): Words {
  const { amountCents, creditCents } = moved;
  if (payment.source === 'discount') {
    return {
      kind: 'discount',
      description: amountCents < 0 ? `Discount on ${bill}` : `Discount on ${bill} taken back`,
    };
  }
  if (payment.source === 'credit') {
    return { kind: 'credit', description: creditCents < 0 ? `Credit applied to ${bill}` : `Credit back from ${bill}` };
  }
  if (amountCents === 0) return { kind: 'credit', description: 'Payment turned into credit' };
  return moneyWords(kind, payment, amountCents);
}

function moneyWords(kind: EntryKind, payment: PaymentFacts, amountCents: Cents): Words {
  const means = meansOf(payment);
  switch (kind) {
    case 'dispute_lost':
      return { kind: 'dispute', description: `Payment by ${means} taken back by the bank` };
    case 'dispute_won_after_lost':
      return { kind: 'dispute', description: `Payment by ${means} returned by the bank` };
    case 'refund_failed':
      return { kind: 'refund', description: `Refund to ${means} that did not go through` };
    case 'prepayment_received':
      return { kind: 'payment', description: `Prepayment by ${means}` };
    default:
      return amountCents > 0
        ? { kind: 'refund', description: `Refund of a payment by ${means}` }
        : { kind: 'payment', description: `Payment by ${means}` };
  }
}

function meansOf({ type, card, description }: PaymentFacts): string {
  if (card) return `${capital(card.brand)} •••• ${card.last4}`;
  if (type === 'cash_check') return 'cash or check';
  return type === 'card' ? 'card' : (description ?? 'other means');
}
