import { isUnderWay } from '../domain/attempt';
import { type AutopayState, autopayState, isRefusedByBank } from '../domain/automation/autopayState';
import type { Attempt } from '../domain/billRecord';
import type { MoneyAttention } from '../domain/book';
import type { CalendarDate, Instant } from '../domain/calendar';
import { given } from '../domain/given';
import type { Needs } from '../needs';
import { autopayToldId } from '../store/autopayTold';
import { type Loaded, recordOf } from '../store/billStore';
import type { Write } from '../store/kernel';
import { noticeWrites } from '../work/notice';

interface Refused {
  readonly before: Attempt;
  readonly after: Attempt;
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly timeZone: string;
}

/**
 * AutoPay was refused: the client is told with a way to pay, at each of a card's three tries; staff with the first one, and
 * when no further one comes. A bank that wants the cardholder leads to the link of any such charge.
 */
export function autopayRefused(
  loaded: Loaded,
  { before, after, at, today, timeZone }: Refused,
  needs: Needs,
): { attention: MoneyAttention[]; writes: Write[] } {
  const code = after.failure?.code;
  const isRefusal = after.by.kind === 'system' && after.status === 'failed' && isUnderWay(before);
  if (!isRefusal || after.billId === '' || !isRefusedByBank(code)) {
    return { attention: [], writes: [] };
  }
  const { attempts } = recordOf(loaded, after.billId);
  const state = autopayState(
    attempts.map(known => (known.attemptId === after.attemptId ? after : known)),
    { today, timeZone, cardId: after.cardId },
  );
  const paymentId = after.payment?.paymentId;
  const { nextOn } = state;
  const notice = { kind: 'autopay_failed', billId: after.billId, at, ...given({ paymentId, nextOn }) } as const;
  return {
    attention: attentionOf(after, state),
    writes: code === 'authentication_required' ? [] : noticeWrites(loaded.practiceId, notice, needs.newId),
  };
}

function attentionOf(
  { attemptId, billId, clientId, amountCents, failure, payment }: Attempt,
  { refused, stopped }: AutopayState,
): MoneyAttention[] {
  if (refused > 1 && !stopped) return [];
  const kind = stopped ? 'autopay_stopped' : 'autopay_failed';
  const facts = { amountCents, code: failure?.code ?? '' };
  const attentionId = autopayToldId(attemptId);
  return [{ attentionId, kind, billId, clientId, ...given({ paymentId: payment?.paymentId }), facts }];
}
