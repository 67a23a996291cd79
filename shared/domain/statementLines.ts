import type { CalendarDate } from './calendar';
import type { Entry } from './ledger';
import type { Cents } from './money';
import { type MovementKind, movementsInWords, paymentsIn } from './movementWords';

export interface StatementLine {
  /** The date it counts for. */
  readonly on: CalendarDate;
  readonly kind: MovementKind;
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
  const payments = paymentsIn(ledger);
  return [...ledger].sort(byDate).flatMap(entry => {
    const number = entry.home.kind === 'bill' ? numbers.get(entry.home.id) : undefined;
    const bill = number === undefined ? 'a bill' : `bill ${number}`;
    return movementsInWords(entry, { payments, bill }).map(
      ({ on, kind, description, amountCents, creditCents }): StatementLine => ({
        on,
        kind,
        description,
        amountCents,
        creditCents,
      }),
    );
  });
}

const orderOf = ({ postedOn, at, entryId }: Entry): string => `${postedOn} ${at} ${entryId}`;
const byDate = (a: Entry, b: Entry): number => (orderOf(a) < orderOf(b) ? -1 : 1);
