import type { Letterhead } from './billRecord';
import type { Act } from './book';
import { addDays, type CalendarDate, calendarDate } from './calendar';
import { type Client, type ClientBilling, clientName } from './client';
import { type ClientDocument, type ClientDocuments, notShared } from './clientDocument';
import { given } from './given';
import { type Cents, sumCents } from './money';
import { letterheadOf, recipientOf } from './newBill';
import type { BillingSettings, Member, Practice } from './practice';
import { Problem } from './problem';
import type { Session } from './session';
import { type Served, type SuperbillLine, superbillLines } from './superbillLines';
import { type Provider, providerOf } from './superbillProvider';

/** The superbill as lists show it. */
export interface Superbill extends ClientDocument {
  readonly superbillId: string;
  /** What it covers, each session whole. */
  readonly sessionIds: readonly string[];
  /** The bills that it tells of, at their versions: at the same ones they tell the same of money (rule 49). */
  readonly billVersions: Readonly<Record<string, number>>;
  /** Digests of `tellingOf` its lines, and of `notesOf` its sessions, as they were; of those made before there were any, none. */
  readonly told?: string;
  readonly noted?: string;
  readonly providerId: string;
  readonly chargedCents: Cents;
  readonly paidCents: Cents;
}

/** What it says, for good: all that an insurer asks for. Clinical, so it goes to nobody by an open link (rule 66). */
export interface SuperbillText {
  readonly letterhead: Letterhead;
  readonly clientAddress: readonly string[];
  readonly dateOfBirth?: CalendarDate;
  readonly provider: Provider;
  /** Who treated the client, by member id, where it was not the provider. */
  readonly treatedBy: Readonly<Record<string, string>>;
  /** Those of them whom the provider supervises; absent on what was made before it was noted. */
  readonly supervised?: readonly string[];
  /** Whom the insurer shall pay; absent where the practice leaves it out. */
  readonly payee?: Payee;
  readonly lines: readonly SuperbillLine[];
  readonly footer: string;
}

export interface Payee {
  readonly kind: 'clinic' | 'provider' | 'client';
  readonly name: string;
  readonly address: readonly string[];
}

export interface SuperbillRequest {
  readonly superbillId: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly providerId?: string | undefined;
  /** Whether somebody is there to choose a provider. */
  readonly ask: boolean;
  /** The one whose next version this is. */
  readonly reissueOf?: Superbill;
}

export interface SuperbillFrom extends Served {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  readonly members: readonly Member[];
  readonly documents: ClientDocuments;
}

export interface NewSuperbill {
  readonly superbill: Superbill;
  readonly text: SuperbillText;
  readonly superseded?: Superbill;
  /** With the provider remembered that staff chose. */
  readonly documents: ClientDocuments;
}

/** Makes the superbill of these sessions. Problems: `no_eligible_services`, `document_superseded`, those of `providerOf`. */
export function newSuperbill(request: SuperbillRequest, from: SuperbillFrom, act: Act): NewSuperbill {
  const { client, practice, settings, members, documents } = from;
  const { superbillId, reissueOf } = request;
  if (reissueOf?.supersededBy) {
    throw new Problem('document_superseded', { supersededBy: reissueOf.supersededBy });
  }
  const lines = superbillLines(from);
  if (lines.length === 0) throw new Problem('no_eligible_services');
  const provider = providerOf({
    practitionerIds: treating(lines, client),
    members,
    chosenId: request.providerId,
    rememberedId: reissueOf?.providerId ?? documents.superbillProviderId,
    ask: request.ask,
  });
  const superbill: Superbill = {
    superbillId,
    clientId: client.clientId,
    clientName: clientName(client),
    from: request.from,
    to: request.to,
    version: (reissueOf?.version ?? 0) + 1,
    recipient: recipientOf(from),
    createdOn: act.today,
    createdAt: act.at,
    by: act.actor,
    sessionIds: [...new Set(lines.map(line => line.sessionId))],
    billVersions: versionsOf(lines, from),
    providerId: provider.memberId,
    ...sumsOf(lines),
    sharing: notShared,
    revision: 0,
  };
  const letterhead = letterheadOf(practice, settings);
  const text: SuperbillText = {
    letterhead,
    clientAddress: client.address,
    ...given({ dateOfBirth: client.dateOfBirth }),
    provider,
    ...othersOf(lines, provider, members),
    ...payeeOf({ settings, letterhead, provider, client }),
    lines,
    footer: settings.footerComment,
  };
  return {
    superbill,
    text,
    documents: request.providerId ? { ...documents, superbillProviderId: request.providerId } : documents,
    ...(reissueOf ? { superseded: { ...reissueOf, supersededBy: superbillId } } : {}),
  };
}

const sumsOf = (lines: readonly SuperbillLine[]) => ({
  chargedCents: sumCents(lines.map(line => line.chargeCents)),
  paidCents: sumCents(lines.map(line => line.paidCents)),
});

/** The client's own practitioner first, whose supervisor is then the default. */
function treating(lines: readonly SuperbillLine[], { practitionerId }: Client): string[] {
  const all = [...new Set(lines.map(line => line.practitionerId))];
  return all.sort((a, b) => Number(b === practitionerId) - Number(a === practitionerId));
}

function versionsOf(lines: readonly SuperbillLine[], { bills }: Served): Record<string, number> {
  const told = new Set(lines.map(({ billId }) => billId));
  return Object.fromEntries(bills.filter(({ billId }) => told.has(billId)).map(bill => [bill.billId, bill.version]));
}

function othersOf(lines: readonly SuperbillLine[], provider: Provider, members: readonly Member[]) {
  const ids = new Set(lines.map(line => line.practitionerId).filter(id => id !== provider.memberId));
  const others = members.filter(({ memberId }) => ids.has(memberId));
  const supervised = others.filter(({ supervisorId }) => supervisorId === provider.memberId);
  return {
    treatedBy: Object.fromEntries(others.map(({ memberId, name }) => [memberId, name])),
    supervised: supervised.map(({ memberId }) => memberId),
  };
}

function payeeOf(of: { settings: BillingSettings; letterhead: Letterhead; provider: Provider; client: Client }): {
  payee?: Payee;
} {
  const { settings, letterhead, provider, client } = of;
  const kind = settings.superbillPayee;
  switch (kind) {
    case 'none':
      return {};
    case 'client':
      return { payee: { kind, name: clientName(client), address: client.address } };
    case 'provider':
      return { payee: { kind, name: provider.name, address: letterhead.address } };
    case 'clinic':
      return { payee: { kind, name: letterhead.practiceName, address: letterhead.address } };
  }
}

/** A session is covered through the bill that the superbill names: billed anew, it is on none. */
const isCovered = ({ sessionId, billing }: Session, superbills: readonly Superbill[]): boolean =>
  superbills.some(
    ({ supersededBy, sessionIds, billVersions }) =>
      supersededBy === undefined &&
      sessionIds.includes(sessionId) &&
      billing?.state === 'billed' &&
      billing.billId in billVersions,
  );

/** The last day of the month before this date. */
export const endOfMonthBefore = (on: CalendarDate): CalendarDate => addDays(calendarDate(`${on.slice(0, 7)}-01`), -1);

/** Those that a month's run would look at: served by the end of the month before, and on no superbill yet. */
export function sessionsNotCovered(
  { sessions, superbills }: { sessions: readonly Session[]; superbills: readonly Superbill[] },
  on: CalendarDate,
): Session[] {
  const to = endOfMonthBefore(on);
  return sessions.filter(
    session => session.dateOfService <= to && session.billing?.state === 'billed' && !isCovered(session, superbills),
  );
}

export interface MonthlySuperbill {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly sessions: readonly Session[];
  readonly chargedCents: Cents;
  readonly paidCents: Cents;
}

/**
 * What the run of this date would put on a client's superbill: every CPT service of the month before or earlier that no
 * superbill covers yet (`domain.md` 2.6), or why it makes none.
 */
export function monthlySuperbill(
  from: Served & {
    readonly client: Pick<Client, 'status'>;
    readonly billing: Pick<ClientBilling, 'createSuperbills'>;
    readonly superbills: readonly Superbill[];
  },
  on: CalendarDate,
): MonthlySuperbill | { readonly skipped: 'superbills_off' | 'client_archived' | 'no_eligible_services' } {
  if (!from.billing.createSuperbills) return { skipped: 'superbills_off' };
  if (from.client.status === 'archived') return { skipped: 'client_archived' };
  const lines = superbillLines({ ...from, sessions: sessionsNotCovered(from, on) });
  const [earliest] = lines;
  if (!earliest) return { skipped: 'no_eligible_services' };
  const told = new Set(lines.map(line => line.sessionId));
  const sessions = from.sessions.filter(({ sessionId }) => told.has(sessionId));
  return { from: earliest.dateOfService, to: endOfMonthBefore(on), sessions, ...sumsOf(lines) };
}
