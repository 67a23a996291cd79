import type { ChangeBill } from './bill';
import { linesNow } from './billAmounts';
import type { BillHead, BillRecord } from './billRecord';
import type { Act, BillFacts, BillLine } from './book';
import type { Client, ClientBilling, Responsibility } from './client';
import { composeLines, mostSessions, payerFor, type RequestedProduct, type RequestedSession } from './composeBill';
import { lastServed, practitionersOf } from './newBill';
import { portionsOf } from './portions';
import type { Product } from './practice';
import { invalidInput, Problem } from './problem';
import type { Session } from './session';

/** What staff change of a bill; an absent member stays. `sessions` and `products` replace the whole list. */
export interface Edit {
  readonly billId: string;
  readonly sessions?: readonly RequestedSession[] | undefined;
  readonly products?: readonly RequestedProduct[] | undefined;
  readonly responsibility?: Responsibility | undefined;
  readonly policyId?: string | undefined;
  readonly payerId?: string | undefined;
}

export interface LineChange extends ChangeBill {
  /** Sessions that come onto the bill, and those that return to pending. */
  readonly taken: readonly string[];
  readonly freed: readonly string[];
  readonly head: Partial<BillHead>;
}

interface From {
  /** The bill as the book has it. */
  readonly facts: BillFacts;
  readonly client: Pick<Client, 'practitionerId'>;
  readonly billing: ClientBilling;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly products: ReadonlyMap<string, Product>;
}

/**
 * The lines after an edit (R11 to R14, rule 52), or nothing when the edit leaves them alone. A session that stays keeps its
 * lines unless new ones are given, and its portions too unless the terms change; a line that names its id keeps it (rule 5).
 * Problems: as `composeLines`; `too_many_sessions` when more come and go than one transaction holds.
 */
export function linesAfter(record: BillRecord, edit: Edit, from: From, act: Act): LineChange | undefined {
  const touches = [edit.sessions, edit.products, edit.responsibility, edit.policyId, edit.payerId];
  if (touches.every(member => member === undefined)) return undefined;
  const { head, text } = record;
  const responsibility = edit.responsibility ?? head.responsibility;
  const policyId = edit.policyId ?? (responsibility === 'insurance' ? head.policyId : undefined);
  const before = [...new Set(text.lines.flatMap(line => line.sessionId ?? []))];
  const requested: readonly RequestedSession[] = edit.sessions ?? before.map(sessionId => ({ sessionId }));
  const sessions = requested.map(session => withLines(session, text.lines));
  const sameTerms = responsibility === head.responsibility && policyId === head.policyId;
  const keep = requested.filter(({ lines, clientPortion }) => sameTerms && !lines && !clientPortion);
  const servedOn = lastServed({ sessions }, from.sessions) ?? head.issuedOn;
  const payer = payerFor({ responsibility, payerId: edit.payerId, policyId }, from.billing, servedOn);
  const now = linesNow(from.facts, record.entries);
  const products = edit.products === undefined ? now.filter(line => line.kind === 'product') : [];
  const lines = composeLines({
    clientId: head.clientId,
    sessions,
    products: edit.products ?? [],
    responsibility,
    policyId,
    policies: from.billing.policies,
    knownSessions: from.sessions,
    knownProducts: from.products,
    newLineId: () => act.newId('line'),
    billId: edit.billId,
    sessionLinesKept: linesKept(now, keep),
    productLinesKept: responsibility === head.responsibility ? products : portionsOf(products, { responsibility }),
  });
  refuseStrangeLines(requested, text.lines);
  const after = sessions.map(({ sessionId }) => sessionId);
  const taken = after.filter(id => !before.includes(id));
  const freed = before.filter(id => !after.includes(id));
  if (taken.length + freed.length > mostSessions) throw new Problem('too_many_sessions', { limit: mostSessions });
  return {
    billId: edit.billId,
    lines,
    responsibility,
    payerId: payer.payerId ?? null,
    taken,
    freed,
    head: {
      practitionerIds: practitionersOf({ sessions }, from),
      ...(payer.policyId ? { policyId: payer.policyId } : {}),
    },
  };
}

/** A line keeps its id through an edit, so it names one that stands on this bill for this session, and names it once. */
function refuseStrangeLines(sessions: readonly RequestedSession[], known: readonly BillLine[]): void {
  const named = new Set<string>();
  for (const [index, { sessionId, lines = [] }] of sessions.entries()) {
    for (const [place, { lineId }] of lines.entries()) {
      if (lineId === undefined) continue;
      const pointer = `/sessions/${index}/lines/${place}/lineId`;
      const stands = known.some(line => line.lineId === lineId && line.sessionId === sessionId);
      if (!stands) throw invalidInput(pointer, 'is no line of this session on this bill');
      if (named.has(lineId)) throw invalidInput(pointer, 'is named twice');
      named.add(lineId);
    }
  }
}

function linesKept(now: readonly BillLine[], keep: readonly RequestedSession[]): Map<string, BillLine[]> {
  const kept = keep.map(({ sessionId }): [string, BillLine[]] => [
    sessionId,
    now.filter(line => line.sessionId === sessionId),
  ]);
  return new Map(kept.filter(([, lines]) => lines.length > 0));
}

function withLines(session: RequestedSession, lines: readonly BillLine[]): RequestedSession {
  const own = linesOfSession(lines, session.sessionId);
  return session.lines || own.length === 0 ? session : { ...session, lines: own };
}

const linesOfSession = (lines: readonly BillLine[], sessionId: string) =>
  lines
    .filter(line => line.sessionId === sessionId)
    .map(({ lineId, code, description, units, unitPriceCents }) => ({
      lineId,
      code,
      description,
      units,
      unitPriceCents,
    }));

/** Which fields an edit named: the history shows names of fields, never their text. */
export const editedDetails = (body: object): Readonly<Record<string, string>> => ({
  fields: Object.keys(body).join(', '),
});
