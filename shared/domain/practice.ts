import type { Instant } from './calendar';
import type { Cents } from './money';

export interface Practice {
  readonly practiceId: string;
  readonly name: string;
  readonly billingName: string;
  readonly billingAddress: readonly string[];
  readonly email?: string;
  /** IANA zone; every "today", "overdue" and nightly run of the practice is in it. */
  readonly timeZone: string;
  /** ISO 4217; one currency a practice. */
  readonly currency: string;
  readonly taxId?: string;
  readonly npi?: string;
  readonly paperSize: 'letter' | 'a4';
  /** Before the dash of a bill's number (`OAK-1042`), unique over all practices. */
  readonly shortCode: string;
  readonly onlinePayments: boolean;
  readonly portalEnabled: boolean;
  readonly stripe: StripeConnection;
  readonly logo?: Logo;
  readonly createdAt: Instant;
}

/** Stands at the head of documents made from now on. */
export interface Logo {
  /** Of its content: a name means one picture for good. */
  readonly name: string;
  readonly contentType: 'image/png' | 'image/jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface StripeConnection {
  readonly status: 'not_connected' | 'pending' | 'ready';
  /** Absent: the platform key's own account. */
  readonly accountId?: string;
  readonly mode: 'test' | 'live';
}

export type CancelledStatus = 'late_cancel' | 'no_show' | 'other_cancel';

/** Bill settings (`domain.md` 2.4). Changes hold for documents created afterwards. */
export interface BillingSettings {
  readonly noShowFee: {
    readonly enabled: boolean;
    readonly amountCents: Cents;
    readonly statuses: readonly CancelledStatus[];
  };
  readonly serviceDescription: { readonly mode: 'service_code' | 'custom'; readonly text?: string };
  readonly nameOnDocuments: string;
  readonly footerComment: string;
  readonly documentDelivery: 'email_pdf' | 'portal_only';
  /** 0 = on receipt. */
  readonly defaultDueDays: number;
  readonly superbillPayee: 'clinic' | 'provider' | 'client' | 'none';
  readonly applyCreditAutomatically: boolean;
  readonly requireSignedNote: boolean;
  readonly showUnsharedBillsInPortal: boolean;
  readonly allowPartialOnline: boolean;
  /** Whoever pays online gets a receipt by mail, and one of a refund of it. */
  readonly receipts: boolean;
}

export type CreateBillsMode = 'manual' | 'daily' | 'weekly' | 'monthly';

export interface AutoShare {
  readonly enabled: boolean;
  readonly delayMinutes: number;
}

export interface AutomationSettings {
  readonly createBills: CreateBillsMode;
  /** Daily billing makes one bill of a day's sessions in place of one of each (C6). */
  readonly joinSameDay: boolean;
  /** 1..31; past the month's end: its last day. */
  readonly superbillDay: number;
  readonly autopay: boolean;
  readonly autoShare: { readonly bills: AutoShare; readonly superbills: AutoShare; readonly statements: AutoShare };
  readonly statementDay: number | null;
  readonly digest: { readonly enabled: boolean; readonly hour: number };
  readonly overdueReminders: { readonly enabled: boolean; readonly daysAfterDue: readonly number[] };
  /** Clients are mailed the evening before what AutoPay will charge. */
  readonly autopayNotice: boolean;
}

export type MemberRole = 'admin' | 'biller' | 'practitioner' | 'supervisor' | 'scheduler';

export interface Member {
  readonly memberId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly MemberRole[];
  readonly npi?: string;
  readonly taxonomy?: string;
  readonly supervisorId?: string;
  /** False: this member sees no amounts anywhere. */
  readonly billingVisible: boolean;
  readonly active: boolean;
  /** Subject of the sign-in that this member uses. */
  readonly subject?: string;
}

export interface Service {
  readonly serviceId: string;
  readonly code: string;
  readonly kind: 'cpt' | 'custom';
  readonly name: string;
  readonly description: string;
  readonly priceCents: Cents;
  readonly durationMinutes?: number;
  readonly unitBilling: boolean;
  readonly active: boolean;
  /** What the last import left: which row wrote it, and a hash of what that row said. */
  readonly imported?: string;
}

export interface Product {
  readonly productId: string;
  readonly title: string;
  readonly priceCents: Cents;
  readonly active: boolean;
}

export interface Payer {
  readonly payerId: string;
  readonly name: string;
  readonly kind: 'insurer' | 'external_platform';
  readonly active: boolean;
}

/** Settings of a practice that has not chosen any. */
export const defaultBillingSettings = (practiceName: string): BillingSettings => ({
  noShowFee: { enabled: false, amountCents: 0 as Cents, statuses: ['no_show', 'late_cancel'] },
  serviceDescription: { mode: 'service_code' },
  nameOnDocuments: practiceName,
  footerComment: '',
  documentDelivery: 'email_pdf',
  defaultDueDays: 14,
  superbillPayee: 'clinic',
  applyCreditAutomatically: true,
  requireSignedNote: false,
  showUnsharedBillsInPortal: false,
  allowPartialOnline: true,
  receipts: true,
});

export const defaultAutomationSettings: AutomationSettings = {
  createBills: 'manual',
  joinSameDay: false,
  superbillDay: 1,
  autopay: false,
  autoShare: {
    bills: { enabled: false, delayMinutes: 60 },
    superbills: { enabled: false, delayMinutes: 60 },
    statements: { enabled: false, delayMinutes: 60 },
  },
  statementDay: null,
  digest: { enabled: true, hour: 6 },
  overdueReminders: { enabled: false, daysAfterDue: [3, 14] },
  autopayNotice: false,
};

/** What a client may set apart from the practice; everything else holds for all. */
export const inheritedFields = [
  'createBills',
  'autoShare.bills',
  'autoShare.superbills',
  'autoShare.statements',
] as const;
export type InheritedField = (typeof inheritedFields)[number];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Names of the settings that differ; of `autoShare` each kind of document by itself, as clients inherit them. */
export function changedFields(before: object, after: object): string[] {
  const flat = (settings: object) =>
    new Map(
      Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
        name === 'autoShare'
          ? Object.entries(value as object).map(([kind, share]) => [`autoShare.${kind}`, share])
          : [[name, value]],
      ),
    );
  const was = flat(before);
  return [...flat(after)].filter(([name, value]) => name !== 'revision' && !same(was.get(name), value)).map(([n]) => n);
}
