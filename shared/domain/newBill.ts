import { issueBill } from './bill';
import { billAmounts, billStatus } from './billAmounts';
import type { BillHead, BillRecord, BillText, Letterhead } from './billRecord';
import { type Act, applyMovement, type Book, joinMovements, type Movement } from './book';
import { addDays, type CalendarDate } from './calendar';
import { type Client, type ClientBilling, type Contact, clientName, type Responsibility } from './client';
import { composeLines, payerFor, type RequestedProduct, type RequestedSession } from './composeBill';
import type { Lot } from './ledger';
import { zeroCents } from './money';
import { applicableCredit, payWithCredit } from './payment';
import type { BillingSettings, Practice, Product } from './practice';
import { Problem } from './problem';
import type { Session } from './session';

/** A bill to be made, by staff or by a night's run. */
export interface NewBill {
  readonly billId: string;
  /** Of the practice's own sequence; the number on the bill carries its short code (`OAK-1042`). */
  readonly sequence: number;
  readonly accessCode: string;
  readonly origin: BillHead['origin'];
  readonly sessions: readonly RequestedSession[];
  readonly products: readonly RequestedProduct[];
  readonly responsibility?: Responsibility | undefined;
  readonly policyId?: string | undefined;
  readonly payerId?: string | undefined;
  readonly comments?: string | undefined;
  readonly dueOn?: CalendarDate | undefined;
}

/** What the practice, the client and the catalogue say. */
export interface NewBillFrom {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly products: ReadonlyMap<string, Product>;
  readonly contact?: Contact;
  readonly lots: readonly Lot[];
}

export interface Issued {
  readonly record: BillRecord;
  readonly movement: Movement;
  readonly book: Book;
}

/** Makes the bill (R9 to R17) and, when the setting says so, spends the client's credit on it at once (rule 54, C8). */
export function newBill(request: NewBill, from: NewBillFrom, act: Act): Issued {
  const { client, billing, settings, practice } = from;
  if (client.status === 'archived') throw new Problem('client_archived');
  const responsibility = request.responsibility ?? billing.responsibility;
  const servedOn = lastServed(request, from.sessions) ?? act.today;
  const payer = payerFor({ responsibility, payerId: request.payerId, policyId: request.policyId }, billing, servedOn);
  const lines = composeLines({
    ...request,
    clientId: client.clientId,
    responsibility,
    policies: billing.policies,
    knownSessions: from.sessions,
    knownProducts: from.products,
    newLineId: () => act.newId('line'),
    billId: undefined,
  });
  const dueOn = request.dueOn ?? addDays(act.today, settings.defaultDueDays);
  if (dueOn < act.today) throw new Problem('due_before_issued', { issuedOn: act.today });
  const { billId } = request;
  const issued = issueBill(
    { bills: new Map(), entries: [], lots: from.lots },
    { billId, clientId: client.clientId, ...(payer.payerId ? { payerId: payer.payerId } : {}), responsibility, lines },
    act,
  );
  const book = applyMovement({ bills: new Map(), entries: [], lots: from.lots }, issued);
  const credited = creditOn(book, billId, settings, act);
  const movement = credited ? joinMovements(issued, credited) : issued;
  const after = credited ? applyMovement(book, credited) : book;
  const number = `${practice.shortCode}-${request.sequence}`;
  const text: BillText = {
    billId,
    number,
    lines,
    comments: request.comments ?? '',
    footer: settings.footerComment,
    accessCode: request.accessCode,
    recipient: recipientOf(from),
    letterhead: letterheadOf(practice, settings),
    revision: 0,
  };
  const amounts = billAmounts(after, billId);
  const { cancelled: _, ...money } = amounts;
  const head: BillHead = {
    billId,
    number,
    clientId: client.clientId,
    clientName: clientName(client),
    practitionerIds: practitionersOf(request, from),
    responsibility,
    ...payer,
    origin: request.origin,
    status: billStatus(amounts),
    issuedOn: act.today,
    dueOn,
    createdAt: act.at,
    ...money,
    reservedCents: zeroCents,
    disputed: false,
    hidden: false,
    version: 1,
    revision: 0,
    sharing: { status: 'not_shared', delivery: 'none' },
    attention: 0,
  };
  const record: BillRecord = { head, text, entries: movement.entries, attempts: [], checkouts: [], shares: [] };
  return { record, movement, book: after };
}

function creditOn(book: Book, billId: string, settings: BillingSettings, act: Act): Movement | undefined {
  const amountCents = settings.applyCreditAutomatically ? applicableCredit(book, billId) : 0;
  return amountCents > 0 ? payWithCredit(book, { billId, paymentId: act.newId('pay'), amountCents }, act) : undefined;
}

/** The latest date of service, by which a policy is chosen. */
export function lastServed(
  { sessions }: Pick<NewBill, 'sessions'>,
  known: ReadonlyMap<string, Session>,
): CalendarDate | undefined {
  return sessions
    .flatMap(({ sessionId }) => known.get(sessionId)?.dateOfService ?? [])
    .sort()
    .at(-1);
}

/** Whose bill it is: the client's practitioner and those of the sessions, who see it. */
export function practitionersOf(
  { sessions }: Pick<NewBill, 'sessions'>,
  { client, sessions: known }: { client: Pick<Client, 'practitionerId'>; sessions: NewBillFrom['sessions'] },
): string[] {
  const served = sessions.flatMap(({ sessionId }) => known.get(sessionId)?.practitionerId ?? []);
  return [...new Set([...(client.practitionerId ? [client.practitionerId] : []), ...served])];
}

/** Who the bill goes to: the contact that was named, else the billing contact, else the client (`domain.md` 2.2). */
export function recipientOf({
  client,
  billing,
  contact,
}: Pick<NewBillFrom, 'client' | 'billing' | 'contact'>): BillText['recipient'] {
  const other = contact ?? billing.billingContact;
  if (other)
    return { kind: 'contact', id: other.contactId, name: other.name, ...(other.email ? { email: other.email } : {}) };
  return {
    kind: 'client',
    id: client.clientId,
    name: clientName(client),
    ...(client.email ? { email: client.email } : {}),
  };
}

/** What a reprint must show even after the settings changed (rule 56). */
export const letterheadOf = (practice: Practice, settings: BillingSettings): Letterhead => ({
  practiceName: settings.nameOnDocuments || practice.billingName,
  address: practice.billingAddress,
  ...(practice.email ? { email: practice.email } : {}),
  ...(practice.taxId ? { taxId: practice.taxId } : {}),
  ...(practice.npi ? { npi: practice.npi } : {}),
  currency: practice.currency,
  timeZone: practice.timeZone,
  paperSize: practice.paperSize,
  serviceDescription: settings.serviceDescription,
  ...(practice.logo ? { logo: practice.logo.name } : {}),
});
