import type { Attempt } from '../billRecord';
import { addDays, type CalendarDate, localDate } from '../calendar';

/** Days after the first try on which a refused card is tried again; then nobody but a new card or staff goes on (D12). */
const triesAfterDays = [0, 1, 3];

/** What the bank says of a card that no repetition mends: it is not asked again, a new card starts afresh. */
const hardDeclines = new Set([
  'expired_card',
  'fraudulent',
  'incorrect_number',
  'invalid_account',
  'lost_card',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
  'do_not_try_again',
]);

/** Ends of a charge on which no bank was asked: they say nothing of the card, and do not count among its tries. */
const notTheBank = new Set(['not_charged', 'stripe_refused', 'other_currency', 'other_amount']);

export const isRefusedByBank = (code: string | undefined): boolean => code !== undefined && !notTheBank.has(code);

export interface AutopayState {
  /** Refusals that count against the three tries. */
  readonly refused: number;
  /** When AutoPay may try the card next; absent when it does not by itself. */
  readonly nextOn?: CalendarDate;
  readonly stopped?: 'hard_decline' | 'needs_authentication' | 'three_refusals';
  /** The practice-local date of the latest try: there is at most one a day. */
  readonly triedOn?: CalendarDate;
}

/**
 * Where AutoPay stands with a bill and a card (`domain.md` 5.2 rules 10 to 12): tries on day 0, +1 and +3, never two on one
 * local day; a hard decline, or a bank that wants the cardholder, stops it at once. Refusals count against the card that was
 * refused, so another one starts afresh, as does a charge that went through. The card is that of the latest try unless told.
 */
export function autopayState(
  attempts: readonly Attempt[],
  { today, timeZone, cardId }: { today: CalendarDate; timeZone: string; cardId?: string | undefined },
): AutopayState {
  const own = attempts
    .filter(({ kind, by }) => kind === 'charge' && by.kind === 'system')
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const latest = own.at(-1);
  const triedOn = latest && localDate(latest.startedAt, timeZone);
  const tried = triedOn ? { triedOn } : {};
  const settled = own.findLastIndex(({ status }) => status === 'settled');
  const refusals = own
    .slice(settled + 1)
    .filter(({ status, failure }) => status === 'failed' && isRefusedByBank(failure?.code))
    .filter(attempt => attempt.cardId === (cardId ?? latest?.cardId));
  const refused = refusals.length;
  const stopped = stopOf(refusals);
  if (stopped) return { refused, stopped, ...tried };
  const [first] = refusals;
  const wanted = first ? addDays(localDate(first.startedAt, timeZone), triesAfterDays[refused] ?? 0) : today;
  const [, nextOn = wanted] = [wanted, triedOn === today ? addDays(today, 1) : today].sort();
  return { refused, nextOn, ...tried };
}

function stopOf(refusals: readonly Attempt[]): AutopayState['stopped'] {
  const codes = refusals.map(({ failure }) => failure?.code ?? '');
  if (codes.includes('authentication_required')) return 'needs_authentication';
  if (codes.some(code => hardDeclines.has(code))) return 'hard_decline';
  return refusals.length >= triesAfterDays.length ? 'three_refusals' : undefined;
}
