import type { BillRecord, Share, ShareEvent } from '../domain/billRecord';
import type { Entry } from '../domain/ledger';

interface HistoryEvent {
  eventId: string;
  at: string;
  actor: Entry['actor'];
  action: string;
  summary: string;
  details: Record<string, unknown>;
}

/** The bill's history, newest first: its entries, and what became of its shares, whose items are their own events. */
export const historyOf = ({ entries, shares }: Pick<BillRecord, 'entries' | 'shares'>): HistoryEvent[] =>
  [...entries.map(entryEvent), ...shares.flatMap(shareEvents)]
    .map((event, index) => ({ event, index }))
    // Entries of one instant stay in their own order.
    .sort((a, b) => (a.event.at === b.event.at ? b.index - a.index : a.event.at < b.event.at ? 1 : -1))
    .map(({ event }) => event);

const entryEvent = (entry: Entry): HistoryEvent => ({
  eventId: entry.entryId,
  at: entry.at,
  actor: entry.actor,
  action: entry.kind,
  summary: summaries[entry.kind] ?? entry.kind.replaceAll('_', ' '),
  details: {
    ...entry.details,
    ...(entry.reason ? { reason: entry.reason } : {}),
    ...(entry.payment ? { paymentId: entry.payment.paymentId, amountCents: entry.payment.amountCents } : {}),
    ...(entry.refund
      ? { refundId: entry.refund.refundId, amountCents: entry.refund.amountCents, origin: entry.refund.origin }
      : {}),
    postedOn: entry.postedOn,
  },
});

function shareEvents(share: Share): HistoryEvent[] {
  const { shareId, channel, trigger, createdAt, by, scheduledAt } = share;
  const event = (what: ShareEvent | 'asked', at: string, actor: Entry['actor'], index: number): HistoryEvent => {
    const words = shareWords[what === 'asked' ? 'asked' : what.what];
    const reason = what === 'asked' ? undefined : what.reason;
    const when = what === 'asked' ? { scheduledAt, trigger } : {};
    return {
      eventId: `${shareId}.${index}`,
      at,
      actor,
      action: words.action,
      summary: words.summary,
      details: { shareId, channel, ...when, ...(reason ? { reason } : {}) },
    };
  };
  const told = (share.events ?? []).map((one, index) => event(one, one.at, one.by ?? { kind: 'system' }, index + 1));
  if (channel === 'portal') {
    return [{ ...event('asked', createdAt, by, 0), action: 'bill_shared', summary: 'Shared in the portal' }, ...told];
  }
  return [event('asked', createdAt, by, 0), ...told];
}

const shareWords: Readonly<Record<ShareEvent['what'] | 'asked', { action: string; summary: string }>> = {
  asked: { action: 'share_scheduled', summary: 'Sharing asked for' },
  sent: { action: 'bill_shared', summary: 'Shared by e-mail' },
  withdrawn: { action: 'share_withdrawn', summary: 'Sharing taken back' },
  blocked: { action: 'share_failed', summary: 'Not shared' },
  unknown: { action: 'share_failed', summary: 'Not known whether the mail went out' },
  delivered: { action: 'mail_delivered', summary: 'Mail delivered' },
  bounced: { action: 'mail_bounced', summary: 'Mail not delivered' },
  complained: { action: 'mail_bounced', summary: 'Mail reported as unwanted' },
  revoked: { action: 'share_revoked', summary: 'Pay link ended' },
};

const summaries: Partial<Readonly<Record<Entry['kind'], string>>> = {
  bill_issued: 'Bill created',
  bill_changed: 'Lines changed',
  bill_edited: 'Bill edited',
  bill_adjusted: 'Adjusted',
  payment_received: 'Payment received',
  payment_declined: 'Card refused',
  refund_made: 'Refunded',
  refund_found: 'Refund found in Stripe',
  refund_effect_decided: 'Refund reduces the bill',
  refund_failed: 'Refund failed',
  turned_into_credit: 'Turned into credit',
  credit_returned: 'Credit given back',
  discount_taken_back: 'Discount taken back',
  insurer_paid: 'Insurer paid',
  written_off: 'Written off',
  bill_cancelled: 'Cancelled',
  share_scheduled: 'Sharing asked for',
  bill_shared: 'Shared',
  share_withdrawn: 'Sharing taken back',
  share_failed: 'Not shared',
  mail_delivered: 'Mail delivered',
  mail_bounced: 'Mail not delivered',
  bill_hidden: 'Deleted',
  autopay_held: 'AutoPay held',
  autopay_released: 'AutoPay released',
};
