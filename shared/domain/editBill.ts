import type { ChangeBill } from './bill';
import type { BillHead, BillRecord } from './billRecord';
import type { Act, BillLine } from './book';
import type { ClientBilling, Responsibility } from './client';
import { composeLines, payerFor, type RequestedProduct, type RequestedSession } from './composeBill';
import type { Product } from './practice';
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
  readonly billing: ClientBilling;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly products: ReadonlyMap<string, Product>;
}

/**
 * The lines after an edit (R11 to R14, rule 52), or nothing when the edit leaves them alone. Sessions that stay keep their
 * lines as they are unless new ones are given; a line that names its id keeps it (rule 5).
 */
export function linesAfter(record: BillRecord, edit: Edit, from: From, act: Act): LineChange | undefined {
  const touches = [edit.sessions, edit.products, edit.responsibility, edit.policyId, edit.payerId];
  if (touches.every(member => member === undefined)) return undefined;
  const { head, text } = record;
  const responsibility = edit.responsibility ?? head.responsibility;
  const before = [...new Set(text.lines.flatMap(line => line.sessionId ?? []))];
  const sessions =
    edit.sessions ?? before.map(sessionId => ({ sessionId, lines: linesOfSession(text.lines, sessionId) }));
  const products = edit.products === undefined ? undefined : edit.products;
  const policyId = edit.policyId ?? (responsibility === 'insurance' ? head.policyId : undefined);
  const payer = payerFor({ responsibility, payerId: edit.payerId, policyId }, from.billing, head.issuedOn);
  const composed = composeLines({
    clientId: head.clientId,
    sessions,
    products: products ?? [],
    responsibility,
    policyId,
    policies: from.billing.policies,
    knownSessions: from.sessions,
    knownProducts: from.products,
    newLineId: () => act.newId('line'),
    billId: edit.billId,
    productLinesKept: products === undefined ? text.lines.filter(line => line.kind === 'product') : [],
  });
  const after = sessions.map(({ sessionId }) => sessionId);
  return {
    billId: edit.billId,
    lines: composed,
    responsibility,
    payerId: payer.payerId ?? null,
    taken: after.filter(id => !before.includes(id)),
    freed: before.filter(id => !after.includes(id)),
    head: payer.policyId ? { policyId: payer.policyId } : {},
  };
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
