import type {
  Account,
  CardFacts,
  Entry,
  LineDelta,
  PaymentFacts,
  Posting,
  RefundFacts,
  StripeFacts,
} from '../domain/ledger';
import { cents } from '../domain/money';
import { coding, type Fields, type NameOfEach, naming } from './naming';

/**
 * Entries are most of what is written, each in two or three indexes, and each begun KB costs units in all of them: postings
 * are stored as short tuples, without what the entry itself already says (its client, bill and payment), and the facts of a
 * payment or refund under short names. `test/store/weights.test.ts` holds the usual ones under 1 KB.
 */
const accountCodes: Readonly<Record<Account, string>> = {
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
const accounts = coding(accountCodes);

/** `=`: what the entry says, or for a payer the posting before; absent: nothing; else the id itself. */
type Reference = '=' | '' | string;
type PlainPosting = readonly [code: string, amount: number, client: Reference, bill: Reference, payment: Reference];
type PackedPosting = PlainPosting | readonly [...PlainPosting, more: Fields];
type PackedDelta = readonly [string, number, number, number, number];

const paymentNames: NameOfEach<PaymentFacts> = {
  paymentId: 'i',
  clientId: 'c',
  payer: 'y',
  type: 't',
  source: 's',
  collect: 'co',
  description: 'd',
  amountCents: 'a',
  paidAt: 'at',
  notes: 'n',
  reference: 'rf',
  card: 'k',
  stripe: 'st',
  billIds: 'b',
};
const stripeNames: NameOfEach<StripeFacts> = { paymentIntentId: 'i', chargeId: 'c', accountId: 'a', livemode: 'l' };
const cardNames: NameOfEach<CardFacts> = { brand: 'b', last4: 'l', expMonth: 'm', expYear: 'y' };
const refundNames: NameOfEach<RefundFacts> = {
  refundId: 'i',
  paymentId: 'p',
  amountCents: 'a',
  destination: 'd',
  effect: 'f',
  origin: 'o',
  status: 's',
  reason: 'w',
  stripeRefundId: 'st',
};
const names = {
  payment: naming(paymentNames),
  stripe: naming(stripeNames),
  card: naming(cardNames),
  refund: naming(refundNames),
  posting: naming({ lotId: 'l', payerId: 'y', method: 'm' }),
};

export function packEntry(entry: Entry): Fields {
  const { postings, lineDeltas, home, actor, payment, refund, ...rest } = entry;
  return {
    ...rest,
    h: `${home.kind}#${home.id}`,
    by: actor.id === undefined ? actor.kind : `${actor.kind}#${actor.id}`,
    p: postings.map((posting, at) => packPosting(posting, entry, postings[at - 1])),
    ...(lineDeltas ? { d: lineDeltas.map(packDelta) } : {}),
    ...(payment ? { y: packPayment(payment, entry) } : {}),
    ...(refund ? { f: names.refund.shorten(refund) } : {}),
  };
}

interface PackedEntry {
  readonly h: string;
  readonly by: string;
  readonly p: readonly PackedPosting[];
  readonly d?: readonly PackedDelta[];
  readonly y?: Fields;
  readonly f?: Fields;
  readonly clientId?: string;
}

export function unpackEntry(fields: Fields): Fields {
  const { h, by, p, d, y, f, revision: _, ...rest } = fields as Fields & PackedEntry;
  const [homeKind, homeId] = parted(h);
  const [actorKind, actorId] = parted(by);
  const payment = y && unpackPayment(y, rest.clientId);
  const refund = f && names.refund.lengthen(f);
  const own = {
    clientId: rest.clientId,
    billId: homeKind === 'bill' ? homeId : undefined,
    paymentId: String(payment?.paymentId ?? refund?.paymentId),
  };
  const postings: Posting[] = [];
  for (const packed of p) postings.push(unpackPosting(packed, own, postings.at(-1)));
  return {
    ...rest,
    home: { kind: homeKind, id: homeId },
    actor: actorId === undefined ? { kind: actorKind } : { kind: actorKind, id: actorId },
    postings,
    ...(d ? { lineDeltas: d.map(unpackDelta) } : {}),
    ...(payment ? { payment } : {}),
    ...(refund ? { refund } : {}),
  };
}

function parted(text: string): [kind: string, id: string | undefined] {
  const split = text.indexOf('#');
  return split < 0 ? [text, undefined] : [text.slice(0, split), text.slice(split + 1)];
}

function packPayment({ clientId, card, stripe, ...facts }: PaymentFacts, entry: Entry): Fields {
  return names.payment.shorten({
    ...facts,
    clientId: clientId === entry.clientId ? undefined : clientId,
    card: card && names.card.shorten(card),
    stripe: stripe && names.stripe.shorten(stripe),
  });
}

function unpackPayment(packed: Fields, clientOfEntry: string | undefined): Fields {
  const { card, stripe, ...facts } = names.payment.lengthen(packed);
  return {
    clientId: clientOfEntry,
    ...facts,
    ...(card ? { card: names.card.lengthen(card) } : {}),
    ...(stripe ? { stripe: names.stripe.lengthen(stripe) } : {}),
  };
}

const refer = (id: string | undefined, own: string | undefined): Reference =>
  id === undefined ? '' : id === own ? '=' : id;
const referred = (reference: Reference, own: string | undefined): string | undefined =>
  reference === '=' ? own : reference === '' ? undefined : reference;

function packPosting(posting: Posting, entry: Entry, before: Posting | undefined): PackedPosting {
  const { account, amountCents, clientId, billId, paymentId, payerId, ...rest } = posting;
  const more = names.posting.shorten({ ...rest, payerId: payerId && refer(payerId, before?.payerId) });
  const packed: PlainPosting = [
    accounts.shorten(account),
    amountCents,
    refer(clientId, entry.clientId),
    refer(billId, entry.home.kind === 'bill' ? entry.home.id : undefined),
    refer(paymentId, entry.payment?.paymentId ?? entry.refund?.paymentId),
  ];
  return Object.keys(more).length > 0 ? [...packed, more] : packed;
}

type Own = Readonly<Record<'clientId' | 'billId' | 'paymentId', string | undefined>>;

function unpackPosting(packed: PackedPosting, own: Own, before: Posting | undefined): Posting {
  const [code, amount, client, bill, payment, more = {}] = packed;
  const clientId = referred(client, own.clientId);
  const billId = referred(bill, own.billId);
  const paymentId = referred(payment, own.paymentId);
  const { payerId: payer, ...rest } = names.posting.lengthen(more) as Pick<Posting, 'payerId' | 'lotId' | 'method'>;
  const payerId = payer && referred(payer, before?.payerId);
  return {
    account: accounts.lengthen(code),
    amountCents: cents(amount),
    ...(clientId ? { clientId } : {}),
    ...(billId ? { billId } : {}),
    ...(paymentId ? { paymentId } : {}),
    ...(payerId ? { payerId } : {}),
    ...rest,
  };
}

const packDelta = (d: LineDelta): PackedDelta => [
  d.lineId,
  d.clientCents,
  d.insurerCents,
  d.writeOffCents,
  d.insurerPaidCents,
];

const unpackDelta = ([lineId, client, insurer, writeOff, paid]: PackedDelta): LineDelta => ({
  lineId,
  clientCents: cents(client),
  insurerCents: cents(insurer),
  writeOffCents: cents(writeOff),
  insurerPaidCents: cents(paid),
});
