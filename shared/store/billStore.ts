import type { Attention } from '../domain/attention';
import { billAmounts, billStatus } from '../domain/billAmounts';
import type { Attempt, BillHead, BillRecord, BillText, Checkout, Share } from '../domain/billRecord';
import { applyMovement, type BillFacts, type Book, type Movement } from '../domain/book';
import type { Client, ClientBilling } from '../domain/client';
import { given } from '../domain/given';
import { invariant } from '../domain/invariant';
import { assertBalanced, type Entry, type Lot } from '../domain/ledger';
import { sumCents } from '../domain/money';
import { findPayment, paymentState, paymentsOfBill, unmatchedBalance } from '../domain/paymentState';
import { Problem } from '../domain/problem';
import { maySee, type StaffCaller } from '../operations/caller';
import { autopaySeenTo } from './autopayTold';
import { added, replaced } from './changes';
import { revisionOf } from './entity';
import { type Item, queryAll, transact, type Write } from './kernel';
import {
  attemptEntity,
  attentionEntity,
  billHeadEntity,
  billPartition,
  billTextEntity,
  checkoutEntity,
  clientBillingEntity,
  clientEntity,
  clientMoneyRange,
  clientPartition,
  entryEntity,
  lotEntity,
  moneyPartition,
  paymentPointer,
  refundPointer,
  scope,
  shareEntity,
  type UnmatchedRecord,
  unmatchedEntity,
} from './table';

/** What was loaded to decide on: the records as stored and the book that the rules look at. */
export interface Loaded {
  readonly practiceId: string;
  readonly records: ReadonlyMap<string, BillRecord>;
  readonly book: Book;
  /** With the client: charges and refunds of payments that have no bill. */
  readonly clientAttempts: readonly Attempt[];
  /** Where the money has no client yet, or had none. */
  readonly unmatched: ReadonlyMap<string, UnmatchedRecord>;
  /** Where the account without a bill was loaded. */
  readonly client?: Client;
  readonly billingContact?: ClientBilling['billingContact'];
}

/** What a commit writes beside the movement itself. */
export interface Alongside {
  /** Sessions, replay record, attempts, shares …, in the same transaction. */
  readonly writes?: readonly Write[];
  /** Changes of heads or texts that no posting makes: due date, comments, hold, reservation, sharing. */
  readonly heads?: ReadonlyMap<string, Partial<BillHead>>;
  readonly texts?: ReadonlyMap<string, Partial<BillText>>;
  /** Delivery, view and share progress do not raise the version (clarification 2). */
  readonly keepVersion?: boolean;
  /** The bill whose hold staff release. */
  readonly dropHold?: string;
  readonly newId: (prefix: 'wrk') => string;
}

/** One query: the bill with its entries, attempts, shares, deleted or not. 404 for what is not there or another practice's. */
export async function readBill(practiceId: string, billId: string): Promise<BillRecord> {
  const items = await queryAll({ partition: billPartition(practiceId, billId) });
  const record = billRecord(items);
  if (!record) throw new Problem('not_found', { what: 'bill' });
  return record;
}

function billRecord(items: readonly Item[]): BillRecord | undefined {
  const head = items.find(billHeadEntity.is);
  const text = items.find(billTextEntity.is);
  if (!head || !text) return undefined;
  return {
    head: billHeadEntity.record(head),
    text: billTextEntity.record(text),
    entries: entriesOf(items),
    attempts: items.filter(attemptEntity.is).map(attemptEntity.record),
    checkouts: items.filter(checkoutEntity.is).map(checkoutEntity.record),
    shares: items.filter(shareEntity.is).map(shareEntity.record),
  };
}

export const entriesOf = (items: readonly Item[]): Entry[] =>
  oldestFirst(items.filter(entryEntity.is).map(entryEntity.record));

const oldestFirst = (entries: Entry[]): Entry[] =>
  entries.sort((a, b) => (a.at === b.at ? (a.entryId < b.entryId ? -1 : 1) : a.at < b.at ? -1 : 1));

/** The client's lots, oldest first. */
export async function readLots(practiceId: string, clientId: string): Promise<Lot[]> {
  return lotsOf(await queryAll({ partition: clientPartition(practiceId, clientId), prefix: 'LOT#' }));
}

const lotsOf = (items: readonly Item[]): Lot[] =>
  items
    .filter(lotEntity.is)
    .map(lotEntity.record)
    .sort((a, b) => (a.createdAt + a.lotId < b.createdAt + b.lotId ? -1 : 1));

/** What lives with a client beside bills. */
interface AtClient {
  readonly client?: Client;
  readonly billingContact?: ClientBilling['billingContact'];
  readonly entries: readonly Entry[];
  readonly attempts: readonly Attempt[];
  readonly lots: readonly Lot[];
}
const nothingAtClient: AtClient = { entries: [], attempts: [], lots: [] };

/** One query: the client, attempts without a bill, entries of prepayments and credit by hand, lots. */
async function readAtClient(practiceId: string, clientId: string): Promise<AtClient> {
  const items = await queryAll({ partition: clientPartition(practiceId, clientId), ...clientMoneyRange });
  const client = items.find(clientEntity.is);
  const billing = items.find(clientBillingEntity.is);
  return {
    ...(client ? { client: clientEntity.record(client) } : {}),
    ...given({ billingContact: billing && clientBillingEntity.record(billing).billingContact }),
    entries: entriesOf(items),
    attempts: items.filter(attemptEntity.is).map(attemptEntity.record),
    lots: lotsOf(items),
  };
}

const touchesCredit = (entries: readonly Entry[]): boolean =>
  entries.some(entry => entry.postings.some(posting => posting.lotId !== undefined));

/** As `loadBillMoney`, for people: a deleted bill is not there (404). */
export async function loadBill(practiceId: string, billId: string, withCredit = false): Promise<Loaded> {
  const loaded = await loadBillMoney(practiceId, billId, withCredit);
  if (recordOf(loaded, billId).head.hidden) throw new Problem('not_found', { what: 'bill' });
  return loaded;
}

/**
 * The bill and, where credit ever touched it or `withCredit` asks, the client's lots: one query, or two. A deleted bill
 * too: money that arrives for it late is never lost.
 */
export async function loadBillMoney(practiceId: string, billId: string, withCredit = false): Promise<Loaded> {
  const record = await readBill(practiceId, billId);
  const lots = withCredit || touchesCredit(record.entries) ? await readLots(practiceId, record.head.clientId) : [];
  return loadedOf(practiceId, [record], lots);
}

/** As `loadBill`, for a member of staff: a practitioner finds only own clients' bills. */
export async function loadBillFor(caller: StaffCaller, billId: string, withCredit = false): Promise<Loaded> {
  const loaded = await loadBill(caller.practiceId, billId, withCredit);
  const head = loaded.records.get(billId)?.head;
  if (!head || !seesBill(caller, head)) throw new Problem('not_found', { what: 'bill' });
  return loaded;
}

export const seesBill = (caller: StaffCaller, { practitionerIds }: Pick<BillHead, 'practitionerIds'>): boolean =>
  caller.sees === 'all' || practitionerIds.some(id => maySee(caller, id));

/** The record of a bill that was loaded. */
export function recordOf(loaded: Loaded, billId: string): BillRecord {
  const record = loaded.records.get(billId);
  invariant(record, `bill ${billId} was not loaded`);
  return record;
}

/** 412 when the caller has seen an older version of the bill. */
export function checkVersion(loaded: Loaded, billId: string, ifMatch: number | undefined): void {
  const { version } = recordOf(loaded, billId).head;
  if (ifMatch !== undefined && ifMatch !== version) throw new Problem('version_conflict', { version });
}

/**
 * Every bill that the payment pays, its client's entries and lots, and the bills on which its credit was spent. `also`:
 * homes that the caller knows of, where the index may not lead yet.
 */
export async function loadPayment(practiceId: string, paymentId: string, also: readonly Home[] = []): Promise<Loaded> {
  const pointed = await homesOf(practiceId, paymentPointer(practiceId, paymentId));
  const homes = [
    ...pointed,
    ...also.filter(({ kind, id }) => !pointed.some(home => home.kind === kind && home.id === id)),
  ];
  const loaded = homes.length > 0 && (await loadHomes(practiceId, homes, paymentId));
  if (!loaded || !findPayment(loaded.book, paymentId)) throw new Problem('not_found', { what: 'payment' });
  return loaded;
}

/** Wherever the refund moved money: also bills whose credit it gave back, to which the payment itself leads no more. */
export const homesOfRefund = (practiceId: string, refundId: string): Promise<Home[]> =>
  homesOf(practiceId, refundPointer(practiceId, refundId));

/** The payment that a refund belongs to, with all that is needed to decide on it. */
export async function loadRefund(practiceId: string, refundId: string): Promise<Loaded> {
  const homes = await homesOfRefund(practiceId, refundId);
  if (homes.length === 0) throw new Problem('not_found', { what: 'refund' });
  const loaded = await loadHomes(practiceId, homes);
  const paymentId = loaded.book.entries.find(entry => entry.refund?.refundId === refundId)?.refund?.paymentId;
  invariant(paymentId, 'an entry of this refund was loaded');
  return loadPayment(practiceId, paymentId, homes);
}

export type Home = Entry['home'];

const homeKinds: Readonly<Record<string, Home['kind']>> = { BILL: 'bill', CLIENT: 'client', MONEY: 'practice' };

async function homesOf(practiceId: string, pointer: string): Promise<Home[]> {
  const keys = await queryAll({ index: 'pointers', partition: pointer });
  const homes = new Map<string, Home>();
  for (const { pk } of keys) {
    const rest = pk.slice(scope(practiceId).length);
    const split = rest.indexOf('#');
    const kind = homeKinds[rest.slice(0, split)];
    invariant(kind, 'a pointer leads to a bill, a client or unmatched money');
    homes.set(rest, { kind, id: rest.slice(split + 1) });
  }
  return [...homes.values()];
}

/** These homes and, of a payment, the bills that its credit paid: OUT may reach those, and no others. */
async function loadHomes(practiceId: string, pointed: readonly Home[], paymentId?: string): Promise<Loaded> {
  const unmatched = await readUnmatched(practiceId, pointed);
  const homes = withAttached(pointed, unmatched.records);
  const billIds = homes.filter(home => home.kind === 'bill').map(home => home.id);
  const records = await Promise.all(billIds.map(id => readBill(practiceId, id)));
  const clientId = records[0]?.head.clientId ?? homes.find(home => home.kind === 'client')?.id;
  const beside = clientId ? await readBeside(practiceId, clientId, { homes, records }) : nothingAtClient;
  const own = { ...beside, entries: [...beside.entries, ...unmatched.entries], unmatched: unmatched.records };
  const { lots } = own;
  const known = new Set(billIds);
  const its = lots.filter(({ sourcePaymentId: source }) => source !== undefined && source === paymentId);
  const spentOn = new Set(its.flatMap(lot => lot.spends.map(spend => spend.billId)).filter(id => !known.has(id)));
  const others = await Promise.all([...spentOn].map(id => readBill(practiceId, id)));
  return loadedOf(practiceId, [...records, ...others], lots, own);
}

/** Money that was attached a moment ago: the pointer may not lead to its bill or client yet, its own record does. */
function withAttached(pointed: readonly Home[], records: ReadonlyMap<string, UnmatchedRecord>): Home[] {
  const attached = [...records.values()].flatMap(({ attachedTo }) => attachedTo ?? []);
  const unknown = attached.filter(({ kind, id }) => !pointed.some(home => home.kind === kind && home.id === id));
  return [...pointed, ...unknown];
}

async function readUnmatched(
  practiceId: string,
  homes: readonly Home[],
): Promise<{ entries: Entry[]; records: ReadonlyMap<string, UnmatchedRecord> }> {
  const own = homes.filter(home => home.kind === 'practice');
  const found = await Promise.all(own.map(({ id }) => queryAll({ partition: moneyPartition(practiceId, id) })));
  const items = found.flat();
  const records = items.filter(unmatchedEntity.is).map(unmatchedEntity.record);
  return { entries: entriesOf(items), records: new Map(records.map(record => [record.paymentId, record])) };
}

/** What a payment needs from beside its bills: all of it when it was a prepayment, lots where credit touched a bill. */
async function readBeside(
  practiceId: string,
  clientId: string,
  { homes, records }: { homes: readonly Home[]; records: readonly BillRecord[] },
): Promise<AtClient> {
  if (homes.some(home => home.kind === 'client')) return readAtClient(practiceId, clientId);
  const touched = records.some(record => touchesCredit(record.entries));
  return touched ? { ...nothingAtClient, lots: await readLots(practiceId, clientId) } : nothingAtClient;
}

/** The client's own account: entries and attempts without a bill, and lots. One query; 404 for a client who is not there. */
export async function loadClientMoney(practiceId: string, clientId: string): Promise<Loaded> {
  const own = await readAtClient(practiceId, clientId);
  if (!own.client) throw new Problem('not_found', { what: 'client' });
  return loadedOf(practiceId, [], own.lots, own);
}

/** As `loadClientMoney`, for a member of staff: a practitioner finds only own clients. */
export async function loadClientMoneyFor(caller: StaffCaller, clientId: string): Promise<Loaded> {
  const loaded = await loadClientMoney(caller.practiceId, clientId);
  if (!maySee(caller, loaded.client?.practitionerId)) throw new Problem('not_found', { what: 'client' });
  return loaded;
}

/** As `loadPayment`, for a member of staff: a practitioner finds only what own clients paid. */
export async function loadPaymentFor(caller: StaffCaller, paymentId: string): Promise<Loaded> {
  const loaded = await loadPayment(caller.practiceId, paymentId);
  const heads = [...loaded.records.values()].map(record => record.head);
  const seen = heads.some(head => seesBill(caller, head)) || maySee(caller, loaded.client?.practitionerId);
  if (!seen) throw new Problem('not_found', { what: 'payment' });
  return loaded;
}

/** All of the client's ledger, of bills and without, oldest first. */
export async function readClientLedger(practiceId: string, clientId: string): Promise<Entry[]> {
  const partition = clientPartition(practiceId, clientId);
  return entriesOf(await queryAll({ index: 'people', partition, prefix: 'LEDGER#' }));
}

export function loadedOf(
  practiceId: string,
  records: readonly BillRecord[],
  lots: readonly Lot[] = [],
  atClient: Omit<AtClient, 'lots'> & { readonly unmatched?: Loaded['unmatched'] } = nothingAtClient,
): Loaded {
  const book: Book = {
    bills: new Map(records.map(record => [record.head.billId, billFacts(record)])),
    entries: oldestFirst([...records.flatMap(record => record.entries), ...atClient.entries]),
    lots,
  };
  return {
    practiceId,
    records: new Map(records.map(record => [record.head.billId, record])),
    book,
    clientAttempts: atClient.attempts,
    unmatched: atClient.unmatched ?? new Map(),
    ...given({ client: atClient.client, billingContact: atClient.billingContact }),
  };
}

const billFacts = ({ head, text, attempts }: BillRecord): BillFacts => ({
  billId: head.billId,
  clientId: head.clientId,
  ...(head.payerId === undefined ? {} : { payerId: head.payerId }),
  responsibility: head.responsibility,
  lines: text.lines,
  cancelled: head.status === 'cancelled',
  reservedCents: reservedBy(attempts),
});

/** What attempts under way have reserved of the client's balance (RESERVE). */
export const reservedBy = (attempts: readonly Attempt[]): BillHead['reservedCents'] =>
  sumCents(
    attempts
      .filter(({ kind, status }) => kind === 'charge' && (status === 'processing' || status === 'requires_action'))
      .map(attempt => attempt.amountCents),
  );

/** DynamoDB's limit of one transaction. */
const mostWrites = 100;

/**
 * Writes a movement: entries, lots, the heads as they stand after it, attention, and what goes along, in one transaction.
 * Every head is replaced under its revision, so whoever read an older one loses and decides anew. Returns the new state.
 */
export async function commit(loaded: Loaded, movement: Movement, along: Alongside): Promise<Loaded> {
  const after = applyMovement(loaded.book, movement);
  const touched = billsTouched(movement, along);
  const changed = await Promise.all(
    touched.map(async billId => {
      const seenTo = await seenToBy(movement, recordOf(loaded, billId), { loaded, after });
      return changedBill(loaded, { billId, movement, after, along, seenTo });
    }),
  );
  for (const entry of movement.entries) assertBalanced(entry);
  const writes = [
    ...changed.flatMap(bill => bill.writes),
    ...movement.entries.map(entry => entryWrite(loaded.practiceId, entry)),
    ...lotWrites(loaded.practiceId, loaded.book.lots, movement.lots),
    ...unmatchedWrites(loaded, movement, after),
    ...attentionWrites(loaded.practiceId, movement, along),
    ...(along.writes ?? []),
  ];
  if (writes.length > mostWrites) throw new Problem('too_much_at_once', { limit: mostWrites });
  await transact(writes);
  const records = new Map(loaded.records);
  for (const { record } of changed) records.set(record.head.billId, record);
  const others = after.entries.filter(entry => entry.home.kind !== 'bill');
  const { client, billingContact, clientAttempts: attempts } = loaded;
  const atClient = { ...given({ client, billingContact }), entries: others, attempts };
  const lots = after.lots.map(lot => (movement.lots.includes(lot) ? written(loaded.book.lots, lot) : lot));
  return loadedOf(loaded.practiceId, [...records.values()], lots, atClient);
}

function billsTouched(movement: Movement, along: Alongside): string[] {
  return [
    ...new Set([
      ...movement.entries.flatMap(entry => (entry.home.kind === 'bill' ? [entry.home.id] : [])),
      ...movement.holds.map(hold => hold.billId),
      ...(movement.releasesHold ?? []).map(hold => hold.billId),
      ...movement.attention.flatMap(({ billId }) => billId ?? []),
      ...(along.heads?.keys() ?? []),
      ...(along.texts?.keys() ?? []),
    ]),
  ];
}

/** Staff need not look at AutoPay's refusals any more where this movement of money left nothing to pay. */
const seenToBy = async (
  { entries }: Movement,
  record: BillRecord,
  { loaded, after }: { loaded: Loaded; after: Book },
): Promise<Attention[]> => {
  const moved = entries.find(({ home, postings }) => home.id === record.head.billId && postings.length > 0);
  if (!moved) return [];
  const told = await autopaySeenTo(loaded.practiceId, record, after);
  return told.map(item => ({ ...item, resolvedAt: moved.at, choice: 'nothing_owed' }));
};

interface Change {
  readonly billId: string;
  readonly movement: Movement;
  readonly after: Book;
  readonly along: Alongside;
  /** Attention of the bill that is resolved with it. */
  readonly seenTo: readonly Attention[];
}

function changedBill(loaded: Loaded, change: Change): { record: BillRecord; writes: Write[] } {
  const { billId, movement, after, along, seenTo } = change;
  const before = loaded.records.get(billId);
  invariant(before, `bill ${billId} was not loaded`);
  const facts = after.bills.get(billId);
  invariant(facts, `bill ${billId} is not in the book`);
  const head = headAfter(before.head, change);
  const linesChanged = facts.lines !== before.text.lines;
  const textChange = along.texts?.get(billId);
  const text: BillText = {
    ...before.text,
    ...(linesChanged ? { lines: facts.lines } : {}),
    ...textChange,
    revision: before.text.revision + 1,
  };
  const writes: Write[] = [
    { as: 'bill', put: billHeadEntity.item(loaded.practiceId, head), when: { revision: before.head.revision } },
    ...(linesChanged || textChange
      ? [
          {
            as: 'billText',
            put: billTextEntity.item(loaded.practiceId, text),
            when: { revision: before.text.revision },
          } as const,
        ]
      : []),
    ...seenTo.map(item => replaced(attentionEntity, loaded.practiceId, item)),
  ];
  const added = movement.entries.filter(entry => entry.home.kind === 'bill' && entry.home.id === billId);
  const closing = added.some(entry => entry.postings.length > 0) ? closedCheckouts(before, added, along) : [];
  writes.push(...closing.map(checkout => checkoutWrite(loaded.practiceId, checkout)));
  const checkouts = before.checkouts.map(known => closing.find(c => c.checkoutId === known.checkoutId) ?? known);
  const entries = [...before.entries, ...added];
  return {
    record: { ...before, head, text: linesChanged || textChange ? text : before.text, entries, checkouts },
    writes,
  };
}

/**
 * A hosted page reserves nothing, so whatever else moves the balance makes it stale: due work expires it at Stripe. One
 * that is paid nevertheless goes by IN, its surplus to credit (clarification 7).
 */
function closedCheckouts({ checkouts }: BillRecord, added: readonly Entry[], along: Alongside): Checkout[] {
  const handled = new Set((along.writes ?? []).flatMap(write => ('put' in write ? [write.put.sk] : [])));
  return checkouts
    .filter(({ status, checkoutId }) => status === 'open' && !handled.has(`CHECKOUT#${checkoutId}`))
    .map(checkout => ({
      ...checkout,
      status: 'closing' as const,
      dueAt: added[0]?.at ?? checkout.expiresAt,
      revision: checkout.revision + 1,
    }));
}

function headAfter(before: BillHead, { billId, movement, after, along, seenTo }: Change): BillHead {
  const hold = movement.holds.find(held => held.billId === billId);
  const released = movement.releasesHold?.some(
    release => release.billId === billId && release.refundId === before.hold?.refundId,
  );
  const { hold: held, payerId: _, policyId, ...rest } = before;
  const money = moneyOfHead(after, billId);
  const standing = hold
    ? { hold: { reason: hold.reason, ...(hold.refundId ? { refundId: hold.refundId } : {}) } }
    : held && !released && along.dropHold !== billId
      ? { hold: held }
      : {};
  const raised = movement.attention.filter(item => item.billId === billId).length;
  const changed = { attention: before.attention + raised, ...along.heads?.get(billId) };
  return {
    ...rest,
    ...standing,
    // Who pays changes with an edit: a bill that is the client's own names no insurer any more.
    ...(policyId !== undefined && money.responsibility === 'insurance' ? { policyId } : {}),
    ...money,
    version: before.version + (along.keepVersion ? 0 : 1),
    revision: before.revision + 1,
    ...changed,
    attention: changed.attention - seenTo.length,
  };
}

/** The projections of the ledger that a head carries. */
export function moneyOfHead(book: Book, billId: string) {
  const amounts = billAmounts(book, billId);
  const facts = book.bills.get(billId);
  const { cancelled, ...money } = amounts;
  const disputed = paymentsOfBill(book, billId).some(id => paymentState(book, id).status === 'disputed');
  return {
    ...money,
    ...(cancelled
      ? { clientPaidCents: sumCents([]), insurerPaidCents: sumCents([]), discountCents: sumCents([]) }
      : {}),
    status: billStatus(amounts),
    disputed,
    responsibility: facts?.responsibility ?? 'self_pay',
    ...(facts?.payerId === undefined ? {} : { payerId: facts.payerId }),
  };
}

export const entryWrite = (practiceId: string, entry: Entry): Write => ({
  as: entry.sourceId ? 'source' : 'entry',
  put: entryEntity.item(practiceId, entry),
  when: 'absent',
});

/** Lots as they stand after a movement; `before` are those that were read, with their revisions. */
export const lotWrites = (practiceId: string, before: readonly Lot[], after: readonly Lot[]): Write[] =>
  after.map(lot => {
    const known = before.find(({ lotId }) => lotId === lot.lotId);
    if (!known) return { as: 'lot', put: lotEntity.item(practiceId, lot, 0), when: 'absent' };
    const revision = revisionOf(known);
    return { as: 'lot', put: lotEntity.item(practiceId, lot, revision + 1), when: { revision } };
  });

/** A lot as it stands in the table now, so that a second commit need not read it anew. */
const written = (before: readonly Lot[], lot: Lot): Lot => {
  const known = before.find(({ lotId }) => lotId === lot.lotId);
  return Object.assign({ ...lot }, { revision: known ? revisionOf(known) + 1 : 0 });
};

/** Money of nobody: its record is written with every movement of it, so that no two of them overlook each other. */
function unmatchedWrites({ practiceId, unmatched }: Loaded, { entries }: Movement, after: Book): Write[] {
  const moved = entries.flatMap(({ home, at }) => (home.kind === 'practice' ? [{ paymentId: home.id, at }] : []));
  const fresh = moved.filter(({ paymentId }) => !unmatched.has(paymentId));
  const attachedTo = new Map(
    entries.flatMap(({ kind, payment, home }) =>
      kind === 'money_attached' && payment ? [[payment.paymentId, home] as const] : [],
    ),
  );
  return [
    ...fresh.map(({ paymentId, at }) =>
      added(unmatchedEntity, practiceId, { paymentId, at, status: 'open', revision: 0 }),
    ),
    ...[...unmatched.values()].flatMap(record => {
      const home = attachedTo.get(record.paymentId);
      if (home) return replaced(unmatchedEntity, practiceId, { ...record, status: 'attached', attachedTo: home });
      if (!moved.some(({ paymentId }) => paymentId === record.paymentId)) return [];
      const left = unmatchedBalance(after, record.paymentId) < 0;
      const status = record.status === 'attached' ? record.status : left ? 'open' : 'closed';
      return replaced(unmatchedEntity, practiceId, { ...record, status });
    }),
  ];
}

function attentionWrites(practiceId: string, movement: Movement, along: Alongside): Write[] {
  const [first] = movement.entries;
  return movement.attention.map(item => {
    invariant(first, 'attention comes with an entry');
    const attention: Attention = { attentionId: along.newId('wrk'), at: first.at, ...item };
    return { as: 'attention', put: attentionEntity.item(practiceId, attention), when: 'absent' };
  });
}

/** A new bill: nothing of it exists yet. */
export function newBillWrites(practiceId: string, record: BillRecord): Write[] {
  return [
    { as: 'bill', put: billHeadEntity.item(practiceId, record.head), when: 'absent' },
    { as: 'billText', put: billTextEntity.item(practiceId, record.text), when: 'absent' },
    ...record.shares.map(share => shareWrite(practiceId, share)),
  ];
}

export const attemptWrite = (practiceId: string, attempt: Attempt): Write => ({
  as: 'attempt',
  put: attemptEntity.item(practiceId, attempt),
  when: attempt.revision === 0 ? 'absent' : { revision: attempt.revision - 1 },
});
export const checkoutWrite = (practiceId: string, checkout: Checkout): Write => ({
  as: 'checkout',
  put: checkoutEntity.item(practiceId, checkout),
  when: checkout.revision === 0 ? 'absent' : { revision: checkout.revision - 1 },
});
export const shareWrite = (practiceId: string, share: Share): Write => ({
  as: 'share',
  put: shareEntity.item(practiceId, share),
  when: share.revision === 0 ? 'absent' : { revision: share.revision - 1 },
});
