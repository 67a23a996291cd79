import type { BillLine } from './book';
import type { CalendarDate } from './calendar';
import { type ClientBilling, type PolicyTerms, policyOn, type Responsibility } from './client';
import { type Cents, cents, zeroCents } from './money';
import { type PortionTerms, type PricedLine, portionsOf } from './portions';
import type { Product } from './practice';
import { invalidInput, Problem } from './problem';
import { type Session, sessionBilling } from './session';

/** At most this many sessions fit into one transaction beside the bill itself (`design.md` section 4). */
export const mostSessions = 90;

/** As much as one payment can settle. */
const largestBillCents = 99_999_999;

export interface RequestedLine {
  readonly lineId?: string | undefined;
  readonly code?: string | undefined;
  readonly description: string;
  readonly units: number;
  readonly unitPriceCents: number;
}

export interface RequestedSession {
  readonly sessionId: string;
  readonly lines?: readonly RequestedLine[] | undefined;
  readonly clientPortion?:
    | { readonly kind: 'copay'; readonly amountCents: number }
    | { readonly kind: 'coinsurance'; readonly basisPoints: number }
    | undefined;
}

export interface RequestedProduct {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPriceCents?: number | undefined;
}

/** Everything a bill's lines are made of. */
export interface BillParts {
  readonly clientId: string;
  readonly sessions: readonly RequestedSession[];
  readonly products: readonly RequestedProduct[];
  readonly responsibility: Responsibility;
  readonly policyId?: string | undefined;
  readonly policies: readonly PolicyTerms[];
  readonly knownSessions: ReadonlyMap<string, Session>;
  readonly knownProducts: ReadonlyMap<string, Product>;
  readonly newLineId: () => string;
  /** The bill that is being edited: its own sessions may stay on it. */
  readonly billId?: string | undefined;
  /** Lines of sessions that an edit leaves as they are, portions included. */
  readonly sessionLinesKept?: ReadonlyMap<string, readonly BillLine[]>;
  /** Product lines that an edit leaves, with their portions. */
  readonly productLinesKept?: readonly BillLine[];
}

/** Refuses sessions that are on a bill already, not billable, of another client, named twice, or too many (R6, R10). */
function checkSessions({ sessions, knownSessions, clientId, billId }: BillParts): Session[] {
  if (sessions.length > mostSessions) throw new Problem('too_many_sessions', { limit: mostSessions });
  const ids = sessions.map(({ sessionId }) => sessionId);
  if (new Set(ids).size < ids.length) throw invalidInput('/sessions', 'names a session twice');
  const found = ids.map(id => {
    const session = knownSessions.get(id);
    if (!session || session.clientId !== clientId) throw new Problem('not_found', { what: 'session' });
    return session;
  });
  const elsewhere = found.filter(({ billing }) => billing?.state === 'billed' && billing.billId !== billId);
  if (elsewhere.length > 0) {
    throw new Problem('session_already_billed', { sessions: elsewhere.map(session => session.sessionId) });
  }
  const refused = found.filter(session => !['unbilled', 'billed'].includes(sessionBilling(session)));
  if (refused.length > 0) {
    throw new Problem('session_not_billable', {
      sessions: refused.map(session => ({ sessionId: session.sessionId, reason: reasonNotBillable(session) })),
    });
  }
  return found;
}

function reasonNotBillable(session: Session): string {
  if (sessionBilling(session) === 'waived') return 'waived';
  if (session.status === 'scheduled') return 'not_completed';
  if (session.status === 'completed' && session.requireSignedNote && !session.noteSigned) return 'note_not_signed';
  return 'no_amount';
}

/** The lines of a bill with their portions: each session by its own terms, products always the client's. */
export function composeLines(parts: BillParts): BillLine[] {
  const sessions = checkSessions(parts);
  const { productLinesKept: kept = [] } = parts;
  if (sessions.length === 0 && parts.products.length === 0 && kept.length === 0) {
    throw invalidInput('/sessions', 'a bill needs at least one session or product');
  }
  const ofSessions = sessions.flatMap((session, index) => {
    const asTheyAre = parts.sessionLinesKept?.get(session.sessionId);
    if (asTheyAre) return asTheyAre;
    const requested = parts.sessions[index];
    const lines = requested?.lines ? requestedLines(requested.lines, session, parts) : sessionLines(session, parts);
    return portionsOf(lines, termsOf(parts, session, requested));
  });
  const { responsibility } = parts;
  const lines = [...ofSessions, ...kept, ...portionsOf(productLines(parts), { responsibility })];
  if (totalOf(lines) > largestBillCents) {
    throw invalidInput(parts.sessions.length > 0 ? '/sessions' : '/products', 'come to more than 999,999.99');
  }
  return lines;
}

type Line = PricedLine & Omit<BillLine, 'clientPortionCents' | 'insurerPortionCents' | 'writeOffCents'>;

const lineKind = (session: Session) => (session.status === 'completed' ? 'service' : 'no_show');

const lineOf = (
  facts: Pick<BillLine, 'lineId' | 'kind' | 'description' | 'units'> & {
    unitPriceCents: number;
    code?: string | undefined;
  },
  session?: { sessionId: string; dateOfService: CalendarDate },
): Line => ({
  lineId: facts.lineId,
  kind: facts.kind,
  ...(session ? { sessionId: session.sessionId, dateOfService: session.dateOfService } : {}),
  ...(facts.code ? { code: facts.code } : {}),
  description: facts.description,
  units: facts.units,
  unitPriceCents: cents(facts.unitPriceCents),
  amountCents: cents(facts.units * facts.unitPriceCents),
});

const requestedLines = (lines: readonly RequestedLine[], session: Session, parts: BillParts): Line[] =>
  lines.map(line => lineOf({ ...line, lineId: line.lineId ?? parts.newLineId(), kind: lineKind(session) }, session));

function sessionLines(session: Session, { newLineId }: BillParts): Line[] {
  if (session.status !== 'completed') {
    const fee = { description: 'Missed session fee', units: 1, unitPriceCents: session.noShowFeeCents };
    return [lineOf({ ...fee, lineId: newLineId(), kind: 'no_show' }, session)];
  }
  return session.services.map(service =>
    lineOf(
      {
        lineId: newLineId(),
        kind: 'service',
        code: service.code,
        description: service.description,
        units: service.units,
        unitPriceCents: service.priceCents,
      },
      session,
    ),
  );
}

function productLines({ products, knownProducts, newLineId, billId }: BillParts): Line[] {
  return products.map(({ productId, quantity, unitPriceCents }) => {
    const product = knownProducts.get(productId);
    // A hidden product goes on no new bill; one that is edited may have it already.
    if (!product || !(product.active || billId)) throw new Problem('not_found', { what: 'product' });
    const price = unitPriceCents ?? product.priceCents;
    return lineOf({
      lineId: newLineId(),
      kind: 'product',
      description: product.title,
      units: quantity,
      unitPriceCents: price,
    });
  });
}

/** What was asked for, else the policy's co-pay, else its co-insurance, else nothing; the policy's is capped (2.1). */
function termsOf(parts: BillParts, session: Session, requested: RequestedSession | undefined): PortionTerms {
  const { responsibility } = parts;
  const asked = requested?.clientPortion;
  if (asked) {
    return asked.kind === 'copay'
      ? { responsibility, copayCents: asked.amountCents }
      : { responsibility, coinsuranceBasisPoints: asked.basisPoints };
  }
  if (responsibility !== 'insurance') return { responsibility };
  const policy = policyFor(parts, session.dateOfService);
  if (policy?.copayCents !== undefined) return { responsibility, copayCents: policy.copayCents, cap: true };
  return { responsibility, coinsuranceBasisPoints: policy?.coinsuranceBasisPoints ?? 0 };
}

/** The policy that was named, else the primary one in force on the date. */
function policyFor(
  { policies, policyId }: Pick<BillParts, 'policies' | 'policyId'>,
  on: CalendarDate,
): PolicyTerms | undefined {
  if (policyId === undefined) return policyOn(policies, on);
  const named = policies.find(policy => policy.policyId === policyId);
  if (!named) throw new Problem('not_found', { what: 'policy' });
  return named;
}

/** Who pays the part that is not the client's. Insurance without any payer known is refused, external likewise. */
export function payerFor(
  asked: { responsibility: Responsibility; payerId?: string | undefined; policyId?: string | undefined },
  billing: ClientBilling,
  on: CalendarDate,
): { payerId?: string; policyId?: string } {
  if (asked.responsibility === 'self_pay') return {};
  const policy =
    asked.responsibility === 'insurance'
      ? policyFor({ policies: billing.policies, policyId: asked.policyId }, on)
      : undefined;
  const payerId = asked.payerId ?? policy?.payerId ?? billing.payerId;
  if (payerId === undefined) throw invalidInput('/payerId', 'is needed: no policy or payer is known for this client');
  return { payerId, ...(policy ? { policyId: policy.policyId } : {}) };
}

const totalOf = (lines: readonly BillLine[]): Cents =>
  cents(lines.reduce((sum, line) => sum + line.amountCents, zeroCents as number));
