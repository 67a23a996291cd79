import type { BillRecord, Share } from '../billRecord';
import { addMinutes, type CalendarDate, type Instant } from '../calendar';
import type { ClientBilling } from '../client';
import { given } from '../given';
import { linkExpiry } from '../notice';
import type { AutomationSettings, AutoShare, BillingSettings, Practice } from '../practice';
import { firstDateOf, startOfJob } from './jobs';

export type SharedKind = keyof AutomationSettings['autoShare'];

/** Whether and when this kind of document goes out by itself: the client's own word, else the practice's. */
export const autoShareOf = (kind: SharedKind, billing: ClientBilling, automation: AutomationSettings): AutoShare => {
  const own = billing.autoShare[kind];
  return own === 'inherit' ? automation.autoShare[kind] : own;
};

/** Where a new bill comes from: what practice and client say, and which night's AutoPay is to take it, where a run made it. */
export interface SharedBill {
  readonly practice: Pick<Practice, 'timeZone'>;
  readonly settings: Pick<BillingSettings, 'documentDelivery'>;
  readonly automation: AutomationSettings;
  readonly billing: ClientBilling;
  readonly night?: CalendarDate | undefined;
}

/**
 * The share of a bill that goes out by itself after its delay, and never before AutoPay had its turn: a client whose card
 * is charged tonight gets a bill that says paid (rule 45). Whether mail may go there is asked when it is sent.
 */
export function withAutoShare(record: BillRecord, from: SharedBill, shareId: string): BillRecord {
  const { head, text } = record;
  const { enabled, delayMinutes } = autoShareOf('bills', from.billing, from.automation);
  if (!enabled || head.responsibility === 'external') return record;
  const afterAutopayOn = nightOfAutopay(head.createdAt, from);
  const delayed = addMinutes(head.createdAt, delayMinutes);
  const charged = afterAutopayOn && startOfJob('autopay', afterAutopayOn, from.automation, from.practice.timeZone);
  const scheduledAt = charged && charged > delayed ? charged : delayed;
  const { kind, id, name, email } = text.recipient;
  const share: Share = {
    shareId,
    document: { kind: 'bill', id: head.billId },
    recipient: { kind, id, name, ...given({ email }) },
    channel: 'email',
    trigger: 'auto',
    status: 'scheduled',
    includePdf: from.settings.documentDelivery === 'email_pdf',
    createdAt: head.createdAt,
    scheduledAt,
    ...given({ afterAutopayOn }),
    delivery: 'none',
    linkExpiresAt: linkExpiry(scheduledAt),
    by: { kind: 'system' },
    tries: 0,
    dueAt: scheduledAt,
    revision: 0,
  };
  const sharing = { status: 'scheduled', scheduledAt, delivery: 'none' } as const;
  return { ...record, head: { ...head, sharing }, shares: [share] };
}

/** The first night whose AutoPay may take the bill; none where AutoPay is off for practice or client. */
function nightOfAutopay(
  createdAt: Instant,
  { billing, automation, practice, night }: SharedBill,
): CalendarDate | undefined {
  if (!billing.autopay || !automation.autopay) return undefined;
  return night ?? firstDateOf('autopay', createdAt, automation, practice.timeZone);
}
