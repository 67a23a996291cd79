import { invariant } from '../domain/invariant';
import type { Account, Entry, LineDelta, OfflineMethod, Posting } from '../domain/ledger';
import { cents } from '../domain/money';

/**
 * Entries are most of what is written, and each KB costs two write units: postings are stored as short tuples, without
 * what the entry itself already says (its client, its bill).
 */
const codes: Readonly<Record<Account, string>> = {
  client_receivable: 'CR',
  payer_receivable: 'PR',
  stripe_balance: 'ST',
  offline_money: 'OM',
  disputed_funds: 'DF',
  bank: 'BK',
  client_credit: 'CC',
  unmatched_money: 'UM',
  income: 'IN',
  discount: 'DI',
  write_off: 'WO',
  credit_granted: 'CG',
  stripe_fees: 'FE',
  opening_balance: 'OB',
};
const accounts = new Map(Object.entries(codes).map(([account, code]) => [code, account as Account]));

/** `same`: what the entry says; absent: nothing; else the id itself. */
type Reference = '=' | '' | string;
type PackedPosting = [code: string, amount: number, client: Reference, bill: Reference, payment: string, more?: object];

export function packEntry(entry: Entry): Readonly<Record<string, unknown>> {
  const { postings, lineDeltas, home, ...rest } = entry;
  return {
    ...rest,
    h: `${home.kind}#${home.id}`,
    p: postings.map(posting => packPosting(posting, entry)),
    ...(lineDeltas
      ? { d: lineDeltas.map(d => [d.lineId, d.clientCents, d.insurerCents, d.writeOffCents, d.insurerPaidCents]) }
      : {}),
  };
}

export function unpackEntry(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { h, p, d, revision, ...rest } = fields as Record<string, unknown> & {
    h: string;
    p: PackedPosting[];
    d?: PackedDelta[];
  };
  const split = h.indexOf('#');
  const home = { kind: h.slice(0, split), id: h.slice(split + 1) } as Entry['home'];
  const clientId = rest.clientId as string | undefined;
  return {
    ...rest,
    home,
    postings: p.map(packed => unpackPosting(packed, { home, clientId })),
    ...(d ? { lineDeltas: d.map(unpackDelta) } : {}),
  };
}

const refer = (id: string | undefined, own: string | undefined): Reference =>
  id === undefined ? '' : id === own ? '=' : id;
const ownBill = (home: Entry['home']) => (home.kind === 'bill' ? home.id : undefined);

function packPosting(posting: Posting, entry: Entry): PackedPosting {
  const { account, amountCents, clientId, billId, paymentId, ...more } = posting;
  return [
    codes[account],
    amountCents,
    refer(clientId, entry.clientId),
    refer(billId, ownBill(entry.home)),
    paymentId ?? '',
    ...(Object.keys(more).length > 0 ? ([more] as const) : []),
  ] as PackedPosting;
}

function unpackPosting(packed: PackedPosting, entry: { home: Entry['home']; clientId: string | undefined }): Posting {
  const [code, amount, client, bill, paymentId, more = {}] = packed;
  const account = accounts.get(code);
  invariant(account, `no account has the code ${code}`);
  const clientId = client === '=' ? entry.clientId : client;
  const billId = bill === '=' ? ownBill(entry.home) : bill;
  return {
    account,
    amountCents: cents(amount),
    ...(clientId ? { clientId } : {}),
    ...(billId ? { billId } : {}),
    ...(paymentId ? { paymentId } : {}),
    ...(more as { lotId?: string; payerId?: string; method?: OfflineMethod }),
  };
}

type PackedDelta = [string, number, number, number, number];

const unpackDelta = ([lineId, client, insurer, writeOff, paid]: PackedDelta): LineDelta => ({
  lineId,
  clientCents: cents(client),
  insurerCents: cents(insurer),
  writeOffCents: cents(writeOff),
  insurerPaidCents: cents(paid),
});
