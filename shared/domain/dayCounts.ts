import type { CalendarDate, Instant } from './calendar';

/** How many charges of a day, and what they came to. */
export type DayCounts = Readonly<Record<string, readonly [count: number, amountCents: number]>>;

export const dayOf = (at: Instant): CalendarDate => at.slice(0, 10) as CalendarDate;

export function withCounted(days: DayCounts, counted: readonly { at: Instant; amountCents: number }[]): DayCounts {
  const after: Record<string, readonly [number, number]> = { ...days };
  for (const { at, amountCents } of counted) {
    const [count, sum] = after[dayOf(at)] ?? [0, 0];
    after[dayOf(at)] = [count + 1, sum + amountCents];
  }
  return after;
}

/** Days on which the ledger has other charges than Stripe: each of their payments is then looked up by itself. */
export const daysThatDiffer = ({
  stripeDays,
  ledgerDays,
}: {
  readonly stripeDays: DayCounts;
  readonly ledgerDays: DayCounts;
}): string[] =>
  [...new Set([...Object.keys(stripeDays), ...Object.keys(ledgerDays)])]
    .filter(day => String(stripeDays[day] ?? [0, 0]) !== String(ledgerDays[day] ?? [0, 0]))
    .sort();
