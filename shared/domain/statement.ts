import type { Letterhead } from './billRecord';
import type { Act } from './book';
import type { CalendarDate } from './calendar';
import { type Client, type ClientBilling, clientName } from './client';
import { type ClientDocument, type DocumentStatus, notShared } from './clientDocument';
import type { Entry } from './ledger';
import { type Cents, cents, sumCents } from './money';
import { letterheadOf, recipientOf } from './newBill';
import type { BillingSettings, Practice } from './practice';
import { invalidInput, Problem } from './problem';
import { type StatementEntry, type StatementLine, statementLines } from './statementLines';

/** The statement as lists show it. All its amounts are the client's; insurers' parts do not appear (`ledger.md` section 5). */
export interface Statement extends ClientDocument, StatementSums {
  readonly statementId: string;
}

/** Position = what the client owes on bills less the client's credit; negative: in credit. */
interface StatementSums {
  readonly openingCents: Cents;
  readonly closingCents: Cents;
  /** The two parts of the closing position: owed on bills, and kept as credit. */
  readonly closingBalanceCents: Cents;
  readonly closingCreditCents: Cents;
}

/** What it says, for good (rule 56: reprinted, it gives the old text). */
export interface StatementText {
  readonly letterhead: Letterhead;
  readonly clientAddress: readonly string[];
  readonly comments: string;
  readonly entries: readonly StatementEntry[];
}

export interface StatementRequest {
  readonly statementId: string;
  readonly clientId: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly comments?: string | undefined;
  /** The one whose place this one shall take, where that is said. */
  readonly reissueOf?: string;
}

export interface StatementFrom {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  /** All of the client's ledger that is posted up to the range's end. */
  readonly ledger: readonly Entry[];
  /** Numbers of bills by id. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Those made before for this client. */
  readonly statements: readonly Statement[];
}

export interface NewStatement {
  readonly statement: Statement;
  readonly text: StatementText;
  /** The one of the same range that this one takes the place of, as it stands after it. */
  readonly superseded?: Statement;
}

/** Problem: `invalid_input` when the range ends before it begins (R20). */
export function refuseWrongRange({ from, to }: { from: string; to: string }): void {
  if (from > to) throw invalidInput('/to', 'must not be before from');
}

/**
 * Makes the statement (R18 to R21), the next version when there is one of the same range. Problem: `document_superseded`
 * when another was first to take the place of `reissueOf`.
 */
export function newStatement(request: StatementRequest, from: StatementFrom, act: Act): NewStatement {
  refuseWrongRange(request);
  const { client, practice, settings, statements } = from;
  const { entries, ...sums } = accountOf(from.ledger, request, from.numbers);
  const before = statements
    .filter(known => known.from === request.from && known.to === request.to)
    .sort((a, b) => b.version - a.version)[0];
  const { statementId, comments = '', reissueOf } = request;
  if (reissueOf !== undefined && before && before.statementId !== reissueOf) {
    throw new Problem('document_superseded', { supersededBy: before.statementId });
  }
  const statement: Statement = {
    statementId,
    clientId: client.clientId,
    clientName: clientName(client),
    from: request.from,
    to: request.to,
    version: (before?.version ?? 0) + 1,
    recipient: recipientOf(from),
    createdOn: act.today,
    createdAt: act.at,
    by: act.actor,
    ...sums,
    sharing: notShared,
    revision: 0,
  };
  const letterhead = letterheadOf(practice, settings);
  const text = { letterhead, clientAddress: client.address, comments, entries };
  return { statement, text, ...(before ? { superseded: { ...before, supersededBy: statementId } } : {}) };
}

const sums = ['openingCents', 'closingCents', 'closingBalanceCents', 'closingCreditCents'] as const;

/** Whether the ledger still says of its range what the statement does: a movement may have been dated back into it. */
export function statementStatus(statement: Statement, ledger: readonly Entry[]): DocumentStatus {
  if (statement.supersededBy !== undefined) return 'superseded';
  const now = accountOf(ledger, statement, new Map());
  return sums.every(sum => now[sum] === statement[sum]) ? 'current' : 'out_of_date';
}

/** Opening, every movement of the client's in order, closing: closing = opening + the sum of the changes. */
export function accountOf(
  ledger: readonly Entry[],
  { from, to }: { from: CalendarDate; to: CalendarDate },
  numbers: ReadonlyMap<string, string>,
): StatementSums & { readonly entries: readonly StatementEntry[] } {
  const lines = statementLines(ledger, numbers).filter(({ on }) => on <= to);
  const openingCents = sumCents(lines.filter(({ on }) => on < from).map(line => line.amountCents));
  const within = lines.filter(({ on }) => on >= from);
  const entries = withBalances(within, openingCents);
  const closingCents = entries.at(-1)?.balanceCents ?? openingCents;
  const closingCreditCents = sumCents(lines.map(line => line.creditCents));
  const closingBalanceCents = cents(closingCents + closingCreditCents);
  return { openingCents, entries, closingCents, closingBalanceCents, closingCreditCents };
}

function withBalances(lines: readonly StatementLine[], openingCents: Cents): StatementEntry[] {
  let balanceCents: number = openingCents;
  return lines.map(line => {
    balanceCents += line.amountCents;
    return { ...line, balanceCents: cents(balanceCents) };
  });
}
