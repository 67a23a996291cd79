import type { BillRecord } from '../domain/billRecord';
import type { Book } from '../domain/book';
import { assertWhole } from '../domain/invariants';
import { sumCents } from '../domain/money';
import { attentionStore } from './attentionStore';
import { loadClientMoney, loadedOf, moneyOfHead, readBill, readClientLedger, reservedBy } from './billStore';
import { queryPage } from './kernel';
import { clientEntity, clientsPartition } from './table';

/** What one client's ledger was held against, and what did not agree. */
export interface Verified {
  readonly clientId: string;
  readonly bills: number;
  readonly entries: number;
  /** Cents by account, debits positive. */
  readonly sums: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** The client or bill that it is about. */
  readonly id: string;
  readonly what: string;
  readonly stored?: unknown;
  readonly ledger?: unknown;
}

/**
 * Holds every stored projection of a practice against its ledger, a client at a time, so that memory stays small:
 * every entry balances, lines and payments add up, lots and the heads of bills are what the entries say
 * (`ledger.md` section 8, invariants 1 to 4 and 6). Reads only, by the usual keys; what changes meanwhile may show as a
 * difference that a second look does not find.
 */
export async function* verifyPractice(practiceId: string): AsyncGenerator<Verified> {
  const open = await attentionByBill(practiceId);
  for await (const clientId of everyClient(practiceId)) yield verifyClient(practiceId, clientId, open);
}

async function verifyClient(
  practiceId: string,
  clientId: string,
  open: ReadonlyMap<string, number>,
): Promise<Verified> {
  const [ledger, own] = await Promise.all([
    readClientLedger(practiceId, clientId),
    loadClientMoney(practiceId, clientId),
  ]);
  const billIds = new Set(ledger.flatMap(({ home }) => (home.kind === 'bill' ? [home.id] : [])));
  const records: BillRecord[] = [];
  for (const billId of billIds) records.push(await readBill(practiceId, billId));
  const { book } = loadedOf(practiceId, records, own.book.lots, { entries: own.book.entries, attempts: [] });
  const differences = [...notWhole(clientId, book), ...records.flatMap(record => headDifferences(book, record, open))];
  return { clientId, bills: records.length, entries: book.entries.length, sums: sumsOf(book), differences };
}

function notWhole(clientId: string, book: Book): Difference[] {
  try {
    assertWhole(book);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ id: clientId, what: error.message }];
  }
}

function headDifferences(book: Book, { head, attempts }: BillRecord, open: ReadonlyMap<string, number>): Difference[] {
  const { billId } = head;
  const told = {
    ...moneyOfHead(book, billId),
    reservedCents: reservedBy(attempts),
    attention: open.get(billId) ?? 0,
  };
  return Object.entries(told).flatMap(([field, ledger]) => {
    const stored = head[field as keyof typeof told];
    return stored === ledger ? [] : [{ id: billId, what: field, stored, ledger }];
  });
}

function sumsOf({ entries }: Book): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { postings } of entries) {
    for (const { account, amountCents } of postings) sums.set(account, sumCents([sums.get(account) ?? 0, amountCents]));
  }
  return sums;
}

async function* everyClient(practiceId: string): AsyncGenerator<string> {
  for (const status of ['active', 'archived'] as const) {
    let cursor: string | undefined;
    do {
      const page = await queryPage({ index: 'lists', partition: clientsPartition(practiceId, status), cursor });
      for (const item of page.items) yield clientEntity.record(item).clientId;
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}

/** How many open attention items name each bill. */
async function attentionByBill(practiceId: string): Promise<Map<string, number>> {
  const open = new Map<string, number>();
  for (const { billId } of await attentionStore.allOpen(practiceId)) {
    if (billId) open.set(billId, (open.get(billId) ?? 0) + 1);
  }
  return open;
}
