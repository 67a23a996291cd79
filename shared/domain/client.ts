import type { CalendarDate, Instant } from './calendar';
import { given } from './given';
import type { BasisPoints, Cents } from './money';
import type { AutoShare, CreateBillsMode, InheritedField, StripeConnection } from './practice';
import { invalidInput } from './problem';

export type Responsibility = 'self_pay' | 'insurance' | 'external';

export interface Client {
  readonly clientId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email?: string;
  /** Contact preference: without it no document is mailed. */
  readonly emailAllowed: boolean;
  readonly phone?: string;
  readonly address: readonly string[];
  readonly dateOfBirth?: CalendarDate;
  /** The assigned practitioner (a member). */
  readonly practitionerId?: string;
  readonly status: 'active' | 'archived';
  readonly externalId?: string;
  readonly createdAt: Instant;
  readonly stripeCustomer?: StripeCustomer;
  /** What the last import left: which row wrote it, and a hash of what that row said. */
  readonly imported?: string;
}

/** Which account, live or test: customers and cards of one are unknown in every other, the practice's next one included. */
export type StripeAccountKey = string & { readonly __unit: 'stripeAccount' };
export const stripeAccountOf = ({ accountId = 'own', mode }: StripeConnection): StripeAccountKey =>
  `${accountId} ${mode}` as StripeAccountKey;

/** An opaque customer at Stripe, and where it is known. */
export interface StripeCustomer {
  readonly customerId: string;
  readonly account: StripeAccountKey;
}

/** Nobody is born after today. Problem: `invalid_input`. */
export function refuseUnborn(dateOfBirth: CalendarDate | null | undefined, today: CalendarDate): void {
  if (dateOfBirth && dateOfBirth > today) throw invalidInput('/dateOfBirth', 'must not be in the future');
}

/** One read for billing: overrides, and of contacts and policies what creating a bill needs. */
export interface ClientBilling {
  readonly clientId: string;
  readonly responsibility: Responsibility;
  readonly payerId?: string;
  readonly createBills: 'inherit' | CreateBillsMode;
  readonly autoShare: {
    readonly bills: 'inherit' | AutoShare;
    readonly superbills: 'inherit' | AutoShare;
    readonly statements: 'inherit' | AutoShare;
  };
  readonly autopay: boolean;
  readonly autopayLimitCents: Cents | null;
  /** Where the payer switched AutoPay on themself: the last time. It ends with that payer, and when staff switch it on. */
  readonly autopayConsent?: Card['consent'];
  readonly createSuperbills: boolean;
  /** No reminders. */
  readonly quiet: boolean;
  /** Kept in step with the contacts: who the bill goes to (`domain.md` 2.2). */
  readonly billingContact?: BillingRecipient;
  /** Kept in step with the policies: terms by coverage date. */
  readonly policies: readonly PolicyTerms[];
}

export interface BillingRecipient {
  readonly contactId: string;
  readonly name: string;
  readonly email?: string;
  readonly emailAllowed: boolean;
}

/** To whom bills go now, and whose card AutoPay asks first. */
export const autopayOwner = ({
  billingContact,
  clientId,
}: Pick<ClientBilling, 'billingContact' | 'clientId'>): Card['owner'] =>
  billingContact ? { kind: 'contact', id: billingContact.contactId } : { kind: 'client', id: clientId };

/** True where AutoPay was allowed by another payer than today's. What staff switched on, nobody allowed in the portal. */
export const hasConsentEnded = (billing: ClientBilling): boolean =>
  billing.autopayConsent !== undefined && billing.autopayConsent.by !== autopayOwner(billing).id;

export interface PolicyTerms {
  readonly policyId: string;
  readonly payerId: string;
  readonly rank: 'primary' | 'secondary';
  readonly effectiveOn: CalendarDate;
  readonly endOn?: CalendarDate;
  readonly copayCents?: Cents;
  readonly coinsuranceBasisPoints?: BasisPoints;
}

export interface Contact {
  readonly contactId: string;
  readonly clientId: string;
  readonly name: string;
  readonly email?: string;
  readonly emailAllowed: boolean;
  readonly roles: readonly ('billing' | 'emergency')[];
  readonly stripeCustomer?: StripeCustomer;
}

export interface Policy extends PolicyTerms {
  readonly clientId: string;
  readonly relationship: 'self' | 'spouse' | 'child' | 'other';
  readonly insuranceType: string;
  readonly memberId: string;
  readonly planId?: string;
  readonly groupId?: string;
  readonly deductibleCents?: Cents;
}

export interface Card {
  readonly cardId: string;
  readonly clientId: string;
  readonly owner: { readonly kind: 'client' | 'contact'; readonly id: string };
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly nickname?: string;
  readonly isDefault: boolean;
  /** Removed here, while Stripe has not yet said that it let go of it. */
  readonly isLeaving?: true;
  readonly consent: { readonly at: Instant; readonly by: string; readonly textVersion: string };
  readonly stripeAccount: StripeAccountKey;
  readonly stripeCustomerId: string;
  readonly stripePaymentMethodId: string;
  readonly createdAt: Instant;
}

/** True for a card that Stripe knows in the account that the practice uses now. */
export const isReachable = ({ stripeAccount }: Card, stripe: StripeConnection): boolean =>
  stripeAccount === stripeAccountOf(stripe);

/** True for a card that the practice may charge. */
export const isUsable = (card: Card, stripe: StripeConnection): boolean => !card.isLeaving && isReachable(card, stripe);

/** Text as people search and sort it: no accents, no case; `#` would end a part of a key. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('#', ' ').trim().toLowerCase();

/** `last, first`, folded so that lists sort as people expect. */
export const clientSort = ({ firstName, lastName }: Pick<Client, 'firstName' | 'lastName'>): string =>
  folded(`${lastName}, ${firstName}`);

/** True when each word of the query begins a word of the name: "ma sm" finds Maya Smith. */
export const nameFits = (client: Pick<Client, 'firstName' | 'lastName'>, query: string): boolean => {
  const words = folded(`${client.firstName} ${client.lastName}`).split(/[\s,-]+/);
  const wanted = folded(query)
    .split(/[\s,]+/)
    .filter(Boolean);
  return wanted.every(start => words.some(word => word.startsWith(start)));
};

/** Billing settings of a client that nobody has changed: everything as the practice says. */
export const defaultClientBilling = (clientId: string): ClientBilling => ({
  clientId,
  responsibility: 'self_pay',
  createBills: 'inherit',
  autoShare: { bills: 'inherit', superbills: 'inherit', statements: 'inherit' },
  autopay: false,
  autopayLimitCents: null,
  createSuperbills: false,
  quiet: false,
  policies: [],
});

export const clientName = (client: Pick<Client, 'firstName' | 'lastName'>): string =>
  `${client.firstName} ${client.lastName}`.trim();

/** What a bill needs of a contact that has the billing role. */
export const recipientOf = ({ contactId, name, email, emailAllowed }: Contact): BillingRecipient => ({
  contactId,
  name,
  emailAllowed,
  ...(email === undefined ? {} : { email }),
});

export const termsOf = (policy: Policy): PolicyTerms => {
  const { policyId, payerId, rank, effectiveOn, endOn, copayCents, coinsuranceBasisPoints } = policy;
  return given({ policyId, payerId, rank, effectiveOn, endOn, copayCents, coinsuranceBasisPoints });
};

/** Terms by coverage date, the newest first: of two that touch a day, the later one was meant to replace the other. */
export const withTerms = (billing: ClientBilling, policyId: string, terms: PolicyTerms | undefined): ClientBilling => {
  const others = billing.policies.filter(policy => policy.policyId !== policyId);
  const policies = terms ? [...others, terms] : others;
  return { ...billing, policies: policies.sort((a, b) => (a.effectiveOn < b.effectiveOn ? 1 : -1)) };
};

/** Coverage in one rank may not overlap: on each day one policy answers (`domain.md` 2.5). */
export const overlaps = (a: PolicyTerms, b: PolicyTerms): boolean =>
  a.policyId !== b.policyId &&
  a.rank === b.rank &&
  a.effectiveOn <= (b.endOn ?? '9999-12-31') &&
  b.effectiveOn <= (a.endOn ?? '9999-12-31');

/** The policy of this rank in force on a date (`domain.md` 2.5: coverage dates decide which is offered). */
export const policyOn = (
  policies: readonly PolicyTerms[],
  date: CalendarDate,
  rank: 'primary' | 'secondary' = 'primary',
): PolicyTerms | undefined =>
  policies.find(
    policy =>
      policy.rank === rank && policy.effectiveOn <= date && (policy.endOn === undefined || date <= policy.endOn),
  );

const shareKinds = {
  'autoShare.bills': 'bills',
  'autoShare.superbills': 'superbills',
  'autoShare.statements': 'statements',
} as const;

/** True when the client has a value of its own there; what cannot be set apart never has one. */
export function overrides(billing: ClientBilling, field: string): boolean {
  if (field === 'createBills') return billing.createBills !== 'inherit';
  const kind = shareKinds[field as keyof typeof shareKinds];
  return kind !== undefined && billing.autoShare[kind] !== 'inherit';
}

/** The client follows the practice in these fields again. */
export function withInherited(billing: ClientBilling, fields: readonly InheritedField[]): ClientBilling {
  const shares = fields.flatMap(field => (field === 'createBills' ? [] : [[shareKinds[field], 'inherit' as const]]));
  return {
    ...billing,
    createBills: fields.includes('createBills') ? 'inherit' : billing.createBills,
    autoShare: { ...billing.autoShare, ...Object.fromEntries(shares) },
  };
}
