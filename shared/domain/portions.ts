import type { LineKind, Responsibility } from './book';
import { basisPointsOf, type Cents, cents, minCents, splitCents, sumCents, zeroCents } from './money';
import { Problem } from './problem';

/** Who pays what of a session's lines: at most one of co-pay and co-insurance, and only on insurance. */
export interface PortionTerms {
  readonly responsibility: Responsibility;
  /** Per session, shared over its service lines. */
  readonly copayCents?: number;
  /** Per line, half up: 2000 is 20 %. */
  readonly coinsuranceBasisPoints?: number;
  /** Automation caps a co-pay above the session's service lines; people get a Problem. */
  readonly cap?: boolean;
}

export interface PricedLine {
  readonly kind: LineKind;
  readonly sessionId?: string;
  readonly amountCents: Cents;
}

export interface Portions {
  readonly clientPortionCents: Cents;
  readonly insurerPortionCents: Cents;
  readonly writeOffCents: Cents;
}

/**
 * The portions of the lines of one session (or of products) on a new bill, client + insurer = price on each (domain rule
 * 2, SPLIT of `ledger.md`). Self-pay: all the client's. External: all the platform's. Insurance: services by co-pay or
 * co-insurance, all else the client's. Problems: `client_portion_not_allowed` beside insurance,
 * `client_portion_exceeds_amount` when a co-pay is above the session's service lines.
 */
export function portionsOf<L extends PricedLine>(lines: readonly L[], terms: PortionTerms): (L & Portions)[] {
  const shares = clientShares(lines, terms);
  return lines.map((line, index) => {
    const client = shares[index] ?? zeroCents;
    return {
      ...line,
      clientPortionCents: client,
      insurerPortionCents: cents(line.amountCents - client),
      writeOffCents: zeroCents,
    };
  });
}

function clientShares(lines: readonly PricedLine[], terms: PortionTerms): Cents[] {
  const { responsibility, copayCents, coinsuranceBasisPoints } = terms;
  const asked = copayCents !== undefined || coinsuranceBasisPoints !== undefined;
  if (responsibility !== 'insurance') {
    if (asked) throw new Problem('client_portion_not_allowed');
    return lines.map(line => (responsibility === 'self_pay' ? line.amountCents : zeroCents));
  }
  if (copayCents !== undefined) return copayShares(lines, copayCents, terms.cap ?? false);
  return lines.map(line =>
    line.kind === 'service' ? basisPointsOf(line.amountCents, coinsuranceBasisPoints ?? 0) : line.amountCents,
  );
}

function copayShares(lines: readonly PricedLine[], copayCents: number, cap: boolean): Cents[] {
  const weights = lines.map(line => (line.kind === 'service' ? line.amountCents : 0));
  const most = sumCents(weights);
  if (copayCents > most && !cap) {
    throw new Problem('client_portion_exceeds_amount', { sessionId: lines[0]?.sessionId ?? '', amountCents: most });
  }
  const copay = minCents(copayCents, most);
  const shares = copay === 0 ? weights.map(() => zeroCents) : splitCents(copay, weights);
  return lines.map((line, index) => (line.kind === 'service' ? (shares[index] ?? zeroCents) : line.amountCents));
}
