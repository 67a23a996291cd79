import type { CalendarDate } from './calendar';
import { capital, cardText } from './cardText';
import type { Entry, EntryKind, PaymentFacts, Posting } from './ledger';
import { type Cents, cents, sumCents } from './money';

/** What a movement was, as clients read it. */
export type MovementKind =
  | 'charge'
  | 'payment'
  | 'credit'
  | 'discount'
  | 'refund'
  | 'write_off'
  | 'adjustment'
  | 'cancellation'
  | 'dispute';

/** What an entry did to the client's account by one payment, or by the charge. */
export interface MovementInWords {
  /** The date it counts for. */
  readonly on: CalendarDate;
  /** Absent: the charge. */
  readonly paymentId?: string;
  readonly kind: MovementKind;
  /** Bills as the reader calls them, cards by their last digits; nothing clinical. */
  readonly description: string;
  /** What the client owes more on bills, by this. */
  readonly owedCents: Cents;
  /** How much of the client's credit came (positive) or went with it. */
  readonly creditCents: Cents;
  /** The change of the client's position: `owedCents` less `creditCents`. */
  readonly amountCents: Cents;
}

export interface MovementNames {
  readonly payments: ReadonlyMap<string, PaymentFacts>;
  /** What the entry's bill is called: `bill OAK-1042`, or `this bill` on its own paper. */
  readonly bill: string;
}

/** The payments that these entries name, as the last of them tells each. */
export const paymentsIn = (entries: readonly Entry[]): Map<string, PaymentFacts> =>
  new Map(entries.flatMap(({ payment }) => (payment ? [[payment.paymentId, payment] as const] : [])));

/**
 * What an entry was, in words: a movement for each group of it that moves what the client owes or has in credit, a
 * payment's or the charge. Every paper that tells of money tells it by this.
 */
export function movementsInWords(entry: Entry, { payments, bill }: MovementNames): MovementInWords[] {
  const groups = new Map<string | undefined, Posting[]>();
  for (const posting of entry.postings) {
    if (posting.account !== 'client_receivable' && posting.account !== 'client_credit') continue;
    groups.set(posting.paymentId, [...(groups.get(posting.paymentId) ?? []), posting]);
  }
  return [...groups].map(([paymentId, postings]) => {
    const moved = {
      owedCents: sumOf(postings, 'client_receivable'),
      creditCents: cents(0 - sumOf(postings, 'client_credit')),
      amountCents: sumCents(postings.map(posting => posting.amountCents)),
    };
    const payment = paymentId === undefined ? undefined : payments.get(paymentId);
    const words = payment ? ofPayment(entry.kind, payment, { ...moved, bill }) : ofCharge(entry.kind, moved, bill);
    return { on: entry.postedOn, ...(paymentId === undefined ? {} : { paymentId }), ...words, ...moved };
  });
}

const sumOf = (postings: readonly Posting[], account: Posting['account']): Cents =>
  sumCents(postings.filter(posting => posting.account === account).map(posting => posting.amountCents));

type Words = Pick<MovementInWords, 'kind' | 'description'>;
type Moved = Pick<MovementInWords, 'amountCents' | 'creditCents'>;

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
  if (card) return cardText(card);
  if (type === 'cash_check') return 'cash or check';
  return type === 'card' ? 'card' : (description ?? 'other means');
}
