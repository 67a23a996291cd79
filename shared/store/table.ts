/**
 * The one table: every entity, every key, every access pattern. Nothing outside this file writes a key.
 * Every key of a practice begins `P#<practiceId>#` (written `P#` below), in indexes too.
 *
 * read                                              | index    | partition -> sort
 * --------------------------------------------------|----------|--------------------------------------------------
 * practice, settings, catalogue, members, numbers   | table    | P#ROOT -> PRACTICE, SETTINGS#…, SERVICE#…, MEMBER#…, NUMBERS
 * client, billing, contacts, policies, cards, lots  | table    | P#CLIENT#c -> A, BILLING, CONTACT#…, POLICY#…, CARD#…, LOT#…, L#entry
 * statements, superbills, what they have to agree on | table    | P#CLIENT#c -> STATEMENT#stm, SUPERBILL#sup, PAPERS
 * what one of them says, its shares                 | table    | P#STATEMENT#stm, P#SUPERBILL#sup -> B, SHARE#…
 * bill with payments, refunds, shares, history      | table    | P#BILL#b -> A head, B text, ATTEMPT#…, CHECKOUT#…, SHARE#…, NOTICE#…, L#entry
 * session                                           | table    | P#SESSION#s -> A
 * replay of an idempotency key (TTL)                | table    | P#REPLAY#<hash> -> A
 * attention                                         | table    | P#ATTENTION -> attentionId
 * attention, open before resolved                   | lists    | P#ATTENTION#open, P#ATTENTION#resolved -> at#attentionId
 * address that takes no mail                        | table    | P#SUPPRESSED#<sha256> -> A
 * import, what was sent, what became of its rows    | table    | P#IMPORT#i -> A, PART#n, ROWS#n
 * money that nobody knows, with its refunds         | table    | P#MONEY#pay -> A, L#entry
 * what is unmatched still                           | lists    | P#UNMATCHED -> at#pay
 * reconciliations, the next one, what differed       | table    | P#RECONCILIATION -> rec, NEXT, MARK#<account>; P#RECONCILIATION#rec -> intent
 * disputes that reconciliations look at still        | table    | P#DISPUTES#<account> -> dispute
 * payouts that a reconciliation met, newest first    | table    | P#PAYOUTS#rec -> at#payout
 * next nights, runs of jobs, mails to staff; parts   | table    | P#AUTOMATION -> NEXT#job, RUN#run, NOTICE#…; …#run -> PART#n, CHARGES#n
 * fees and payouts of a month                       | table    | P#STRIPE#<yyyy-mm> -> L#txn
 * Stripe event, account; tokens; subjects; rates    | table    | STRIPE#EVENT#…, STRIPE#ACCOUNT#…, TOKEN#…, SUBJECT#…, RATE#…
 * a sign-in that somebody asked for (TTL)           | table    | CODE#<sha256 of the address> -> A
 * short codes of practices                          | table    | SHORTCODE#<code> -> A
 * open; overdue = lsk < today                       | lists    | P#BILLS#live -> dueOn#bill (~dueOn#bill: only the insurer owes)
 * paid, cancelled                                   | lists    | P#BILLS#paid, P#BILLS#cancelled -> issuedOn#bill
 * pending, a client after the other                 | lists    | P#PENDING -> clientSort#client#dateOfService#session
 * clients by name                                   | lists    | P#CLIENTS -> last, first#c
 * ledger and reports by date added                  | lists    | P#LEDGER#<yyyy-mm> -> at#entry
 * Documents tab (with unbilled sessions)            | people   | P#CLIENT#c -> DOC#on#id
 * a client's other sessions; ledger for statements  | people   | P#CLIENT#c -> SES#on#id; LEDGER#postedOn#entry
 * what banks said of a client's disputes             | people   | P#CLIENT#c -> DISPUTE#dispute#at#entry
 * sign-in by e-mail (+ batch read)                  | pointers | MAIL#<sha256> -> practice (on clients and billing contacts)
 * partially paid, awaiting insurance (+ batch read) | pointers | P#BILLS#<status> -> dueOn#bill
 * bills that need attention (+ batch read)          | pointers | P#BILLS#needs_attention -> at#bill (on the attention item)
 * sessions by date (+ batch read)                   | pointers | P#SESSIONS -> startsAt#session
 * bill by number                                    | pointers | NUMBER#<number> -> practice
 * payment, refund, card by id                       | pointers | P#PAYMENT#pay, P#REFUND#ref, P#CARD#card -> at
 * share or notice of a link or a delivery event     | pointers | LINK#<share or notice> -> practice
 * due work                                          | pointers | DUE#<shard> -> dueAt#work
 */
import { createHash } from 'node:crypto';
import { config } from '../config';
import type { Attention } from '../domain/attention';
import type { Job } from '../domain/automation/jobs';
import type { NextRun, Run, RunPart } from '../domain/automation/run';
import type { Attempt, BillHead, BillText, Checkout, Share } from '../domain/billRecord';
import type { Instant } from '../domain/calendar';
import { type Card, type Client, type ClientBilling, type Contact, clientSort, type Policy } from '../domain/client';
import type { ClientDocument, ClientDocuments } from '../domain/clientDocument';
import type { ClientDocumentRef, DocumentRef } from '../domain/documentRef';
import type { ImportPart, ImportRecord, ImportResults } from '../domain/importing';
import { invariant } from '../domain/invariant';
import type { Entry, Lot } from '../domain/ledger';
import type { Notice } from '../domain/notice';
import type {
  AutomationSettings,
  BillingSettings,
  Member,
  Payer,
  Practice,
  Product,
  Service,
} from '../domain/practice';
import type { Difference, OpenDispute, PayoutBooks, Reconciliation } from '../domain/reconciliation';
import { type Session, sessionBilling } from '../domain/session';
import type { SignIn } from '../domain/signIn';
import type { Statement } from '../domain/statement';
import type { Superbill } from '../domain/superbill';
import { addressHash } from './address';
import { entity, type IndexKeys } from './entity';
import type { Item, Key } from './kernel';
import { packHead, packText, unpackHead, unpackText } from './packedBill';
import { packEntry, unpackEntry } from './packedEntry';
import { packSession, unpackSession } from './packedSession';

export const scope = (practiceId: string): string => `P#${practiceId}#`;
/** The id at the end of a key. */
const lastPart = (key: unknown): string => String(key).slice(String(key).lastIndexOf('#') + 1);
const root = (practiceId: string, sk: string) => ({ pk: `${scope(practiceId)}ROOT`, sk });

// ── Due work ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sharded by practice, so that time-sorted keys do not heat one partition. */
export const dueShard = (practiceId: string): string => {
  const [first = 0] = createHash('sha256').update(practiceId).digest();
  return `DUE#${first % config.dueShards()}`;
};
export const duePartition = (shard: number): string => `DUE#${shard}`;

/** Where an item stands among the due work; what a sweep's lease moves on. */
export const dueSort = (at: Instant, workId: string): string => `${at}#${workId}`;
/** Everything due up to an instant sorts before this. */
export const dueUpTo = (at: Instant): string => `${at}#~`;

/** What a due item is, read off its key. */
export interface DueItem extends Key {
  readonly kind: DueKind;
  readonly practiceId: string;
  /** The bill or document it belongs to (of a prepayment and its refunds, the client), the import, or the run of a part. */
  readonly homeId: string;
  readonly atBill: boolean;
  readonly id: string;
}

const withHome = (kind: string) => new RegExp(`^(BILL|CLIENT)#([^#]+) ${kind}#(.+)$`);
/** What stands behind the practice in a key, as `<family>#<home> <sort key>`: family, home and id of each kind. */
const dueKeys = {
  SHARE: /^(BILL|STATEMENT|SUPERBILL)#([^#]+) SHARE#(.+)$/,
  NOTICE: /^(BILL|CLIENT|AUTOMATION)#?([^#]*) NOTICE#(.+)$/,
  ATTEMPT: withHome('ATTEMPT'),
  CHECKOUT: withHome('CHECKOUT'),
  IMPORT: /^(IMPORT)#(([^#]+)) A$/,
  RECONCILIATION: /^(RECONCILIATION)() (.+)$/,
  NIGHT: /^(AUTOMATION)() NEXT#(.+)$/,
  RUN: /^(AUTOMATION)() RUN#(.+)$/,
  PART: /^(AUTOMATION)#([^#]+) PART#(.+)$/,
  CHARGES: /^(AUTOMATION)#([^#]+) CHARGES#(.+)$/,
} as const;
/** A sign-in belongs to no practice yet: whoever asked may be known in several, or in none. */
const signInPrefix = 'CODE#';
export type DueKind = keyof typeof dueKeys | 'SIGN_IN';

/** `undefined` for a key of which no due item is known. */
export function dueItemOf({ pk, sk }: Key): DueItem | undefined {
  // Neither home nor id: the address, hashed as it is, belongs into no log.
  if (pk.startsWith(signInPrefix)) {
    return { pk, sk, kind: 'SIGN_IN', practiceId: '', homeId: '', atBill: false, id: '' };
  }
  const [, practiceId, family = ''] = /^P#([^#]+)#(.+)$/.exec(pk) ?? [];
  if (practiceId === undefined) return undefined;
  for (const [kind, key] of Object.entries(dueKeys)) {
    const [, home, homeId, id] = key.exec(`${family} ${sk}`) ?? [];
    if (homeId === undefined || id === undefined) continue;
    return { pk, sk, kind: kind as DueKind, practiceId, homeId, atBill: home === 'BILL', id };
  }
  return undefined;
}

const due = (practiceId: string, dueAt: Instant | undefined, workId: string): IndexKeys =>
  dueAt === undefined ? {} : { dpk: dueShard(practiceId), dsk: dueSort(dueAt, workId) };

// ── Practice ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const practiceEntity = entity<Practice, { practiceId: string }>({
  name: 'practice',
  key: practiceId => root(practiceId, 'PRACTICE'),
});
export const billingSettingsEntity = entity<BillingSettings, object>({
  name: 'billingSettings',
  key: practiceId => root(practiceId, 'SETTINGS#BILLING'),
});
export const automationSettingsEntity = entity<AutomationSettings, object>({
  name: 'automationSettings',
  key: practiceId => root(practiceId, 'SETTINGS#AUTOMATION'),
});
export const memberEntity = entity<Member, { memberId: string }>({
  name: 'member',
  key: (practiceId, { memberId }) => root(practiceId, `MEMBER#${memberId}`),
});
export const serviceEntity = entity<Service, { serviceId: string }>({
  name: 'service',
  key: (practiceId, { serviceId }) => root(practiceId, `SERVICE#${serviceId}`),
});
export const productEntity = entity<Product, { productId: string }>({
  name: 'product',
  key: (practiceId, { productId }) => root(practiceId, `PRODUCT#${productId}`),
});
export const payerEntity = entity<Payer, { payerId: string }>({
  name: 'payer',
  key: (practiceId, { payerId }) => root(practiceId, `PAYER#${payerId}`),
});
/** Taken once over all practices: bill numbers begin with it. */
export const shortCodeEntity = entity<{ shortCode: string; practiceId: string }, { shortCode: string }>({
  name: 'shortCode',
  key: (_, { shortCode }) => ({ pk: `SHORTCODE#${shortCode}`, sk: 'A' }),
});
export const numbersKey = (practiceId: string) => root(practiceId, 'NUMBERS');
export const rootPartition = (practiceId: string): string => root(practiceId, '').pk;

// ── Client ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const clientPartition = (practiceId: string, clientId: string): string =>
  `${scope(practiceId)}CLIENT#${clientId}`;

/** Of a client's partition: the client, attempts, entries and lots (with contacts and cards between), not the documents. */
export const clientMoneyRange = { from: 'A', to: 'LOT#~' } as const;

export const clientEntity = entity<Client, { clientId: string }>({
  name: 'client',
  key: (practiceId, { clientId }) => ({ pk: clientPartition(practiceId, clientId), sk: 'A' }),
  index: (practiceId, client) => ({
    lpk: clientsPartition(practiceId, client.status),
    lsk: `${clientSort(client)}#${client.clientId}`,
    ...signsInBy(practiceId, client.email),
  }),
});
export const clientsPartition = (practiceId: string, status: Client['status']): string =>
  `${scope(practiceId)}CLIENTS${status === 'archived' ? '#archived' : ''}`;

export const clientBillingEntity = entity<ClientBilling, { clientId: string }>({
  name: 'clientBilling',
  key: (practiceId, { clientId }) => ({ pk: clientPartition(practiceId, clientId), sk: 'BILLING' }),
});
export const contactEntity = entity<Contact, { clientId: string; contactId: string }>({
  name: 'contact',
  key: (practiceId, { clientId, contactId }) => ({
    pk: clientPartition(practiceId, clientId),
    sk: `CONTACT#${contactId}`,
  }),
  index: (practiceId, { roles, email }) => (roles.includes('billing') ? signsInBy(practiceId, email) : {}),
});

/** Who may sign in with an address: clients, and billing contacts of clients. */
export const mailPointer = (hash: string): string => `MAIL#${hash}`;
const signsInBy = (practiceId: string, email: string | undefined): IndexKeys =>
  email === undefined ? {} : { dpk: mailPointer(addressHash(email)), dsk: practiceId };
/** Practice and client of an item of that pointer: its keys say which. */
export function clientOfMailItem({ pk, dsk }: Item): { practiceId: string; clientId: string } {
  const practiceId = String(dsk);
  return { practiceId, clientId: pk.slice(clientPartition(practiceId, '').length) };
}
export const policyEntity = entity<Policy, { clientId: string; policyId: string }>({
  name: 'policy',
  key: (practiceId, { clientId, policyId }) => ({
    pk: clientPartition(practiceId, clientId),
    sk: `POLICY#${policyId}`,
  }),
});
export const cardEntity = entity<Card, { clientId: string; cardId: string }>({
  name: 'card',
  key: (practiceId, { clientId, cardId }) => ({ pk: clientPartition(practiceId, clientId), sk: `CARD#${cardId}` }),
  index: (practiceId, card) => ({ dpk: cardPointer(practiceId, card.cardId), dsk: card.clientId }),
});
export const cardPointer = (practiceId: string, cardId: string): string => `${scope(practiceId)}CARD#${cardId}`;

export const lotEntity = entity<Lot, { clientId: string; lotId: string }>({
  name: 'lot',
  key: (practiceId, { clientId, lotId }) => ({ pk: clientPartition(practiceId, clientId), sk: `LOT#${lotId}` }),
});

/** Of the `people` index: unbilled sessions and documents; a client's other sessions. */
export const documentsPrefix = 'DOC#';
export const otherSessionsPrefix = 'SES#';

// ── Session ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const pendingPartition = (practiceId: string): string => `${scope(practiceId)}PENDING`;
export const sessionsPointer = (practiceId: string): string => `${scope(practiceId)}SESSIONS`;

export const sessionEntity = entity<Session, { sessionId: string }>({
  name: 'session',
  key: (practiceId, { sessionId }) => ({ pk: `${scope(practiceId)}SESSION#${sessionId}`, sk: 'A' }),
  index: (practiceId, session) => {
    const unbilled = sessionBilling(session) === 'unbilled';
    const byDate = `${session.dateOfService}#${session.sessionId}`;
    return {
      ...(unbilled
        ? { lpk: pendingPartition(practiceId), lsk: `${session.clientSort}#${session.clientId}#${byDate}` }
        : {}),
      cpk: clientPartition(practiceId, session.clientId),
      csk: `${unbilled ? documentsPrefix : otherSessionsPrefix}${byDate}`,
      dpk: sessionsPointer(practiceId),
      dsk: `${session.startsAt}#${session.sessionId}`,
    };
  },
  short: {
    clientId: 'c',
    clientSort: 'cs',
    clientName: 'cn',
    practitionerId: 'pr',
    startsAt: 'at',
    dateOfService: 'on',
    externalId: 'ex',
    status: 's',
    noteSigned: 'ns',
    services: 'sv',
    noShowFeeCents: 'ff',
    claimReview: 'cr',
    billing: 'b',
    requireSignedNote: 'rn',
    imported: 'im',
  },
  pack: packSession,
  unpack: (fields, { pk }) => ({ ...unpackSession(fields), sessionId: lastPart(pk) }),
});

// ── Bill ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const billPartition = (practiceId: string, billId: string): string => `${scope(practiceId)}BILL#${billId}`;
export type BillList = 'live' | 'paid' | 'cancelled';
export const billsPartition = (
  practiceId: string,
  list: BillList | 'partially_paid' | 'awaiting_insurance' | 'needs_attention',
) => `${scope(practiceId)}BILLS#${list}`;

/** The head that an item of a bills' pointer means: a head's own pointer, or an attention item that names its bill. */
export const billKeyOfPointer = (practiceId: string, { pk, sk, dsk }: Item): Key =>
  sk === 'A' ? { pk, sk } : { pk: billPartition(practiceId, String(dsk).slice(String(dsk).indexOf('#') + 1)), sk: 'A' };

const billList = ({ status }: BillHead): BillList => (status === 'paid' || status === 'cancelled' ? status : 'live');

export const billHeadEntity = entity<BillHead, { billId: string }>({
  name: 'bill',
  key: (practiceId, { billId }) => ({ pk: billPartition(practiceId, billId), sk: 'A' }),
  index: (practiceId, head) => {
    const list = billList(head);
    const listed =
      list !== 'live'
        ? `${head.issuedOn}#${head.billId}`
        : `${head.clientBalanceCents > 0 ? '' : '~'}${head.dueOn}#${head.billId}`;
    const pointed = head.status === 'partially_paid' || head.status === 'awaiting_insurance';
    return {
      ...(head.hidden ? {} : { lpk: billsPartition(practiceId, list), lsk: listed }),
      ...(head.hidden
        ? {}
        : { cpk: clientPartition(practiceId, head.clientId), csk: `DOC#${head.issuedOn}#${head.billId}` }),
      ...(pointed
        ? { dpk: billsPartition(practiceId, head.status as 'partially_paid'), dsk: `${head.dueOn}#${head.billId}` }
        : {}),
    };
  },
  short: {
    number: 'n',
    clientId: 'c',
    clientName: 'cn',
    practitionerIds: 'pr',
    responsibility: 'rs',
    payerId: 'py',
    policyId: 'po',
    origin: 'o',
    status: 's',
    issuedOn: 'io',
    dueOn: 'do',
    createdAt: 'ca',
    totalCents: 't',
    clientPortionCents: 'cp',
    clientPaidCents: 'cd',
    clientBalanceCents: 'cb',
    insurerPortionCents: 'ip',
    insurerPaidCents: 'id',
    insurerBalanceCents: 'ib',
    writeOffCents: 'w',
    discountCents: 'dc',
    reservedCents: 'rv',
    disputed: 'di',
    hidden: 'h',
    version: 'v',
    hold: 'ho',
    sharing: 'sh',
    attention: 'at',
    checkoutId: 'ck',
  },
  // A hidden bill is in no list of its client, so its key says no client.
  pack: head => packHead({ ...head, ...(head.hidden ? {} : { clientId: undefined }) }),
  unpack: (fields, { pk, cpk }) => ({
    ...(cpk === undefined ? {} : { clientId: lastPart(cpk) }),
    ...unpackHead(fields),
    billId: lastPart(pk),
  }),
});

export const billTextEntity = entity<BillText, { billId: string }>({
  name: 'billText',
  key: (practiceId, { billId }) => ({ pk: billPartition(practiceId, billId), sk: 'B' }),
  index: (practiceId, text) => ({ dpk: numberPointer(text.number), dsk: practiceId }),
  short: {
    number: 'n',
    lines: 'l',
    comments: 'c',
    footer: 'f',
    accessCode: 'a',
    recipient: 'to',
    letterhead: 'lh',
  },
  pack: packText,
  unpack: (fields, { pk }) => ({ ...unpackText(fields), billId: lastPart(pk) }),
});
/** Not scoped: a guest gives a number and no practice, so numbers are unique over all practices. */
export const numberPointer = (number: string): string => `NUMBER#${number.toUpperCase()}`;

/** With its bill; a prepayment and a refund of one, which have none, with the client. */
export const attemptEntity = entity<Attempt, { billId: string; clientId: string; attemptId: string }>({
  name: 'attempt',
  key: (practiceId, { billId, clientId, attemptId }) => ({
    pk: billId ? billPartition(practiceId, billId) : clientPartition(practiceId, clientId),
    sk: `ATTEMPT#${attemptId}`,
  }),
  index: (practiceId, attempt) => due(practiceId, attempt.dueAt, attempt.attemptId),
});
export const checkoutEntity = entity<Checkout, { billId: string; checkoutId: string }>({
  name: 'checkout',
  key: (practiceId, { billId, checkoutId }) => ({
    pk: billPartition(practiceId, billId),
    sk: `CHECKOUT#${checkoutId}`,
  }),
  index: (practiceId, checkout) => due(practiceId, checkout.dueAt, checkout.checkoutId),
});
export const sharesPrefix = 'SHARE#';
export const shareEntity = entity<Share, { document: DocumentRef; shareId: string }>({
  name: 'share',
  key: (practiceId, { document, shareId }) => ({
    pk: documentPartition(practiceId, document),
    sk: `${sharesPrefix}${shareId}`,
  }),
  // While it is due the pointer serves the sweep; afterwards it finds the share of a link or a delivery event.
  index: (practiceId, share) => dueOrLinked(practiceId, share.dueAt, share.shareId),
  // Its key says of which document it is, but not whose.
  pack: ({ document, ...share }) => ({
    ...share,
    ...(document.kind === 'bill' ? {} : { clientId: document.clientId }),
  }),
  unpack: ({ clientId, ...fields }, { pk }) => ({ ...fields, document: documentAt(pk, String(clientId)) }),
});
/** Of a partition that `documentPartition` has named. */
function documentAt(pk: string, clientId: string): DocumentRef {
  const [, family, id] = /#(BILL|STATEMENT|SUPERBILL)#([^#]+)$/.exec(pk) ?? [];
  invariant(id, 'a share stands with its document');
  if (family === 'BILL') return { kind: 'bill', id };
  return { kind: family === 'STATEMENT' ? 'statement' : 'superbill', id, clientId };
}
export const noticeEntity = entity<Notice, Pick<Notice, 'billId' | 'clientId' | 'noticeId'>>({
  name: 'notice',
  key: (practiceId, { billId, clientId, noticeId }) => ({
    pk: noticePartition(practiceId, billId, clientId),
    sk: `NOTICE#${noticeId}`,
  }),
  index: (practiceId, notice) => dueOrLinked(practiceId, notice.dueAt, notice.noticeId),
});
/** With the bill or the client that it is about; mails to staff with the practice's nights. */
const noticePartition = (practiceId: string, billId: string, clientId: string | undefined): string => {
  if (billId) return billPartition(practiceId, billId);
  return clientId ? clientPartition(practiceId, clientId) : automationPartition(practiceId);
};
const dueOrLinked = (practiceId: string, dueAt: Instant | undefined, id: string): IndexKeys =>
  dueAt ? due(practiceId, dueAt, id) : { dpk: linkPointer(id), dsk: practiceId };
/** Not scoped: a link's token names a share or a notice and no practice. */
export const linkPointer = (id: string): string => `LINK#${id}`;

// ── Statements and superbills ────────────────────────────────────────────────────────────────────────────────────────

/** Whatever is shared has a partition, in which its shares stand. */
export const documentPartition = (practiceId: string, { kind, id }: DocumentRef): string =>
  kind === 'bill' ? billPartition(practiceId, id) : `${scope(practiceId)}${kind.toUpperCase()}#${id}`;

/** Begin the sort keys of a client's documents, the oldest first: behind the range that a client's money is read by. */
export const statementsPrefix = 'STATEMENT#';
export const superbillsPrefix = 'SUPERBILL#';

const documentKeys = (practiceId: string, { clientId, createdOn }: ClientDocument, id: string): IndexKeys => ({
  cpk: clientPartition(practiceId, clientId),
  csk: `${documentsPrefix}${createdOn}#${id}`,
});

export const statementEntity = entity<Statement, { clientId: string; statementId: string }>({
  name: 'statement',
  key: (practiceId, { clientId, statementId }) => ({
    pk: clientPartition(practiceId, clientId),
    sk: `${statementsPrefix}${statementId}`,
  }),
  index: (practiceId, statement) => documentKeys(practiceId, statement, statement.statementId),
});
export const superbillEntity = entity<Superbill, { clientId: string; superbillId: string }>({
  name: 'superbill',
  key: (practiceId, { clientId, superbillId }) => ({
    pk: clientPartition(practiceId, clientId),
    sk: `${superbillsPrefix}${superbillId}`,
  }),
  index: (practiceId, superbill) => documentKeys(practiceId, superbill, superbill.superbillId),
});
export const clientDocumentsEntity = entity<ClientDocuments, { clientId: string }>({
  name: 'clientDocuments',
  key: (practiceId, { clientId }) => ({ pk: clientPartition(practiceId, clientId), sk: 'PAPERS' }),
});

/** What a statement or superbill says, as JSON; or where it is kept, when it is too much for an item. */
export interface SnapshotRecord {
  readonly document: ClientDocumentRef;
  readonly text?: string;
  readonly keptAs?: string;
}
export const snapshotEntity = entity<SnapshotRecord, { document: ClientDocumentRef }>({
  name: 'snapshot',
  key: (practiceId, { document }) => ({ pk: documentPartition(practiceId, document), sk: 'B' }),
});

// ── Ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of a payment that belongs to no client yet. */
export const moneyPartition = (practiceId: string, paymentId: string): string =>
  `${scope(practiceId)}MONEY#${paymentId}`;

const homePartition = (practiceId: string, { kind, id }: Entry['home']): string => {
  if (kind === 'bill') return billPartition(practiceId, id);
  if (kind === 'client') return clientPartition(practiceId, id);
  return kind === 'stripe' ? `${scope(practiceId)}STRIPE#${id}` : moneyPartition(practiceId, id);
};

export const paymentPointer = (practiceId: string, paymentId: string): string =>
  `${scope(practiceId)}PAYMENT#${paymentId}`;
export const ledgerPartition = (practiceId: string, month: string): string => `${scope(practiceId)}LEDGER#${month}`;

export const refundPointer = (practiceId: string, refundId: string): string => `${scope(practiceId)}REFUND#${refundId}`;

/** An entry that has a source is keyed by it: a second one is a failed put. Only entries with postings are indexed, and disputes. */
export const entryEntity = entity<Entry, Pick<Entry, 'home' | 'entryId' | 'sourceId'>>({
  name: 'entry',
  key: (practiceId, entry) => ({
    pk: homePartition(practiceId, entry.home),
    sk: `L#${entry.sourceId ?? entry.entryId}`,
  }),
  index: (practiceId, entry) => ({ ...ledgerKeys(practiceId, entry), ...pointerKeys(practiceId, entry) }),
  short: {
    entryId: 'i',
    kind: 'k',
    clientId: 'c',
    postedOn: 'on',
    sourceId: 's',
    reason: 'w',
    unmatched: 'u',
    dispute: 'di',
    details: 'dt',
  },
  pack: packEntry,
  unpack: unpackEntry,
});

/** Begins the sort key of what a bank said of a client's disputes, oldest first for each. */
export const disputesPrefix = 'DISPUTE#';

const disputeKeys = (practiceId: string, { dispute, clientId, at, entryId }: Entry): IndexKeys =>
  dispute && clientId
    ? {
        cpk: clientPartition(practiceId, clientId),
        csk: `${disputesPrefix}${dispute.disputeId}#${at}#${entryId}`,
      }
    : {};

const ledgerKeys = (practiceId: string, entry: Entry): IndexKeys =>
  entry.postings.length === 0
    ? disputeKeys(practiceId, entry)
    : {
        lpk: ledgerPartition(practiceId, entry.at.slice(0, 7)),
        lsk: `${entry.at}#${entry.entryId}`,
        ...(entry.clientId
          ? { cpk: clientPartition(practiceId, entry.clientId), csk: `LEDGER#${entry.postedOn}#${entry.entryId}` }
          : {}),
      };

function pointerKeys(practiceId: string, { payment, unmatched, refund, at, home }: Entry): IndexKeys {
  const dsk = `${at}#${home.id}`;
  const received = payment ?? unmatched;
  if (received) return { dpk: paymentPointer(practiceId, received.paymentId), dsk };
  return refund ? { dpk: refundPointer(practiceId, refund.refundId), dsk } : {};
}

/** A charge in Stripe that nobody knew when it was found. Its revision is what two who move it at once lose to each other by. */
export interface UnmatchedRecord {
  readonly paymentId: string;
  readonly at: Instant;
  /** `closed`: nothing of it is left to attach, as it went back. */
  readonly status: 'open' | 'attached' | 'closed';
  /** Where its money stands then: no index has to tell, which may be a moment behind. */
  readonly attachedTo?: Entry['home'];
  readonly revision: number;
}
export const unmatchedPartition = (practiceId: string): string => `${scope(practiceId)}UNMATCHED`;
export const unmatchedEntity = entity<UnmatchedRecord, { paymentId: string }>({
  name: 'unmatched',
  key: (practiceId, { paymentId }) => ({ pk: moneyPartition(practiceId, paymentId), sk: 'A' }),
  index: (practiceId, { status, at, paymentId }) =>
    status === 'open' ? { lpk: unmatchedPartition(practiceId), lsk: `${at}#${paymentId}` } : {},
});

// ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ReplayRecord {
  readonly hash: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly ids: Readonly<Record<string, string>>;
  readonly at: Instant;
  readonly expiresAt: number;
}
export const replayEntity = entity<ReplayRecord, { hash: string }>({
  name: 'replay',
  key: (practiceId, { hash }) => ({ pk: `${scope(practiceId)}REPLAY#${hash}`, sk: 'A' }),
  expires: record => record.expiresAt,
});

export const attentionEntity = entity<Attention, { attentionId: string }>({
  name: 'attention',
  key: (practiceId, { attentionId }) => ({ pk: attentionPartition(practiceId), sk: attentionId }),
  index: (practiceId, attention) => ({
    lpk: attentionList(practiceId, attention.resolvedAt ? 'resolved' : 'open'),
    lsk: `${attention.at}#${attention.attentionId}`,
    ...(attention.billId && !attention.resolvedAt
      ? { dpk: billsPartition(practiceId, 'needs_attention'), dsk: `${attention.at}#${attention.billId}` }
      : {}),
  }),
});
export const attentionPartition = (practiceId: string): string => `${scope(practiceId)}ATTENTION`;
export const attentionList = (practiceId: string, state: 'open' | 'resolved'): string =>
  `${attentionPartition(practiceId)}#${state}`;

/** An address that bounced for good or complained, known by its SHA-256 only; of one practice, so nothing is told across. */
export interface SuppressionRecord {
  readonly addressHash: string;
  readonly reason: 'bounced' | 'complained';
  readonly at: Instant;
}
export const suppressionEntity = entity<SuppressionRecord, { addressHash: string }>({
  name: 'suppression',
  key: (practiceId, { addressHash }) => ({ pk: `${scope(practiceId)}SUPPRESSED#${addressHash}`, sk: 'A' }),
});

/** An opaque bearer token of a guest or a client, known by its SHA-256 only. */
export interface TokenRecord {
  readonly tokenHash: string;
  readonly kind: 'guest' | 'client';
  readonly practiceId: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly billId?: string;
  readonly verified?: boolean;
  readonly byLink?: boolean;
  /** Of a client's session: the account that it sees, and the address that it was signed in with. */
  readonly accountId?: string;
  readonly addressHash?: string;
  /** Of a client's session: it ends then, however much it is used. Seconds since the epoch, as below. */
  readonly endsAt?: number;
  readonly expiresAt: number;
}
export const tokenEntity = entity<TokenRecord, { tokenHash: string }>({
  name: 'token',
  key: (_, { tokenHash }) => ({ pk: `TOKEN#${tokenHash}`, sk: 'A' }),
  expires: record => record.expiresAt,
});

export const signInEntity = entity<SignIn, { addressHash: string }>({
  name: 'signIn',
  key: (_, { addressHash: hash }) => ({ pk: `${signInPrefix}${hash}`, sk: 'A' }),
  index: (_, { addressHash: hash, dueAt, signInId }) => due(hash, dueAt, signInId),
  expires: record => record.expiresAt,
});

/** Goes to Stripe's onboarding and comes back, once; known by its SHA-256 only. */
export interface ConnectState {
  readonly stateHash: string;
  readonly practiceId: string;
  readonly memberId: string;
  readonly accountId: string;
  readonly expiresAt: number;
}
export const connectStateEntity = entity<ConnectState, { stateHash: string }>({
  name: 'connectState',
  key: (practiceId, { stateHash }) => ({ pk: `${scope(practiceId)}CONNECT#${stateHash}`, sk: 'A' }),
  expires: record => record.expiresAt,
});

/** Which member a sign-in's subject is. */
export interface SubjectRecord {
  readonly subject: string;
  readonly practiceId: string;
  readonly memberId: string;
}
export const subjectEntity = entity<SubjectRecord, { subject: string }>({
  name: 'subject',
  key: (_, { subject }) => ({ pk: `SUBJECT#${subject}`, sk: 'A' }),
});

export interface StripeEventRecord {
  readonly eventId: string;
  readonly type: string;
  readonly at: Instant;
  readonly expiresAt: number;
}
export const stripeEventEntity = entity<StripeEventRecord, { eventId: string }>({
  name: 'stripeEvent',
  key: (_, { eventId }) => ({ pk: `STRIPE#EVENT#${eventId}`, sk: 'A' }),
  expires: record => record.expiresAt,
});

/** The practice of a Stripe account: never taken from metadata (clarification 10). */
export interface StripeAccountRecord {
  readonly accountId: string;
  readonly practiceId: string;
}
export const stripeAccountEntity = entity<StripeAccountRecord, { accountId: string }>({
  name: 'stripeAccount',
  key: (_, { accountId }) => ({ pk: `STRIPE#ACCOUNT#${accountId}`, sk: 'A' }),
});

/** A counter of wrong tries in a window of time. */
export const rateKey = (subject: string, window: string) => ({ pk: `RATE#${subject}#${window}`, sk: 'A' });

// ── Reconciliation ───────────────────────────────────────────────────────────────────────────────────────────────────

export const reconciliationPartition = (practiceId: string): string => `${scope(practiceId)}RECONCILIATION`;
export const reconciliationEntity = entity<Reconciliation, { reconciliationId: string }>({
  name: 'reconciliation',
  key: (practiceId, { reconciliationId }) => ({ pk: reconciliationPartition(practiceId), sk: reconciliationId }),
  index: (practiceId, run) => due(practiceId, run.dueAt, run.reconciliationId),
});

/** When the practice's charges are held against Stripe next; moved on in the transaction that begins a night's run. */
export interface NextReconciliation {
  readonly dueAt: Instant;
  readonly revision: number;
}
/** Its sort key, and its id among the due work. */
export const nextReconciliation = 'NEXT';
export const nextReconciliationEntity = entity<NextReconciliation, object>({
  name: 'nextReconciliation',
  key: practiceId => ({ pk: reconciliationPartition(practiceId), sk: nextReconciliation }),
  index: (practiceId, next) => due(practiceId, next.dueAt, `${practiceId}.${nextReconciliation}`),
});

export const differencesPartition = (practiceId: string, reconciliationId: string): string =>
  `${reconciliationPartition(practiceId)}#${reconciliationId}`;
export const differenceEntity = entity<Difference, Pick<Difference, 'reconciliationId' | 'paymentIntentId'>>({
  name: 'difference',
  key: (practiceId, { reconciliationId, paymentIntentId }) => ({
    pk: differencesPartition(practiceId, reconciliationId),
    sk: paymentIntentId,
  }),
});

/** Up to where the account was held against the ledger without a gap. */
export interface ReconciliationMark {
  readonly accountId?: string;
  readonly to: Instant;
}
export const reconciliationMarkEntity = entity<ReconciliationMark, Pick<ReconciliationMark, 'accountId'>>({
  name: 'reconciliationMark',
  key: (practiceId, { accountId }) => ({
    pk: reconciliationPartition(practiceId),
    sk: `MARK#${accountId ?? 'own'}`,
  }),
});

/** Of the platform key's own account, which has no id: `own`. */
export const openDisputesPartition = (practiceId: string, accountId: string | undefined): string =>
  `${scope(practiceId)}DISPUTES#${accountId ?? 'own'}`;
export const openDisputeEntity = entity<OpenDispute, Pick<OpenDispute, 'disputeId' | 'accountId'>>({
  name: 'openDispute',
  key: (practiceId, { disputeId, accountId }) => ({ pk: openDisputesPartition(practiceId, accountId), sk: disputeId }),
});

export const payoutsPartition = (practiceId: string, reconciliationId: string): string =>
  `${scope(practiceId)}PAYOUTS#${reconciliationId}`;
export const payoutEntity = entity<PayoutBooks, Pick<PayoutBooks, 'reconciliationId' | 'payoutId' | 'createdAt'>>({
  name: 'payout',
  key: (practiceId, { reconciliationId, payoutId, createdAt }) => ({
    pk: payoutsPartition(practiceId, reconciliationId),
    sk: `${createdAt}#${payoutId}`,
  }),
});

// ── Automation ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const automationPartition = (practiceId: string): string => `${scope(practiceId)}AUTOMATION`;
/** Begins the sort key of every run: they sort by the date they stand for. */
export const runsPrefix = 'RUN#';

export const nextRunEntity = entity<NextRun, { job: Job }>({
  name: 'nextRun',
  key: (practiceId, { job }) => ({ pk: automationPartition(practiceId), sk: `NEXT#${job}` }),
  index: (practiceId, next) => due(practiceId, next.dueAt, `${practiceId}.${next.job}`),
});
export const runEntity = entity<Run, { runId: string }>({
  name: 'run',
  key: (practiceId, { runId }) => ({ pk: automationPartition(practiceId), sk: `${runsPrefix}${runId}` }),
  index: (practiceId, run) => due(practiceId, run.dueAt, run.runId),
});
export const partsPartition = (practiceId: string, runId: string): string =>
  `${automationPartition(practiceId)}#${runId}`;
/** A part that charges cards has a key of its own kind: it waits for Stripe in a queue of its own. */
export const runPartEntity = entity<RunPart, Pick<RunPart, 'runId' | 'part' | 'job'>>({
  name: 'runPart',
  key: (practiceId, { runId, part, job }) => ({
    pk: partsPartition(practiceId, runId),
    sk: numbered(job === 'autopay' ? 'CHARGES' : 'PART', part),
  }),
  index: (practiceId, part) => due(practiceId, part.dueAt, `${part.runId}.${part.part}`),
});

// ── Import ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const importPartition = (practiceId: string, importId: string): string => `${scope(practiceId)}IMPORT#${importId}`;
const numbered = (family: string, part: number): string => `${family}#${String(part).padStart(4, '0')}`;

export const importEntity = entity<ImportRecord, { importId: string }>({
  name: 'import',
  key: (practiceId, { importId }) => ({ pk: importPartition(practiceId, importId), sk: 'A' }),
  index: (practiceId, record) => due(practiceId, record.dueAt, record.importId),
});
export const importPartEntity = entity<ImportPart, { importId: string; part: number }>({
  name: 'importPart',
  key: (practiceId, { importId, part }) => ({
    pk: importPartition(practiceId, importId),
    sk: numbered('PART', part),
  }),
  expires: record => record.expiresAt,
});
export const importResultsEntity = entity<ImportResults, { importId: string; part: number }>({
  name: 'importResults',
  key: (practiceId, { importId, part }) => ({
    pk: importPartition(practiceId, importId),
    sk: numbered('ROWS', part),
  }),
});
/** Begins the sort key of every part of results. */
export const importResultsPrefix = 'ROWS#';

/** The bill that an item of the number pointer belongs to: its keys say which. */
export function billOfNumberItem({ pk, dsk }: Item): { practiceId: string; billId: string } {
  const practiceId = String(dsk);
  return { practiceId, billId: pk.slice(billPartition(practiceId, '').length) };
}
