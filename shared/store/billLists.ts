import type { BillHead } from '../domain/billRecord';
import { addDays, type CalendarDate } from '../domain/calendar';
import { getItems, type ItemPage, queryPage, type Range } from './kernel';
import {
  billHeadEntity,
  billKeyOfPointer,
  billsPartition,
  billTextEntity,
  clientPartition,
  documentsPrefix,
  sessionEntity,
} from './table';

export type ListedBill = BillHead;

export type Section =
  | 'open'
  | 'overdue'
  | 'partially_paid'
  | 'awaiting_insurance'
  | 'paid'
  | 'cancelled'
  | 'needs_attention';

export interface ListQuery {
  readonly section: Section;
  readonly clientId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** After every date and its bill: `~` sorts behind digits and ids. */
const end = '\u007f';

export const billLists = {
  /** One query a page; the pointer sections need one batch read more. */
  async page(practiceId: string, query: ListQuery, today: CalendarDate) {
    const page = await queryPage({ ...rangeOf(practiceId, query, today), limit: query.limit, cursor: query.cursor });
    const pointed = isPointed(query);
    const bills = pointed
      ? await headsOf(practiceId, page)
      : page.items.filter(billHeadEntity.is).map(billHeadEntity.record);
    const shown = query.clientId === undefined ? bills : bills.filter(bill => inSection(bill, query.section, today));
    return { bills: shown, nextCursor: page.nextCursor };
  },

  /** Bills on which a client owes something, those due first; one query a page. */
  async owedByClients(practiceId: string, page: { limit: number; cursor: string | undefined; to?: CalendarDate }) {
    const { limit, cursor, to = '~' } = page;
    const found = await queryPage({ index: 'lists', partition: billsPartition(practiceId, 'live'), to, limit, cursor });
    return { bills: found.items.map(billHeadEntity.record), nextCursor: found.nextCursor };
  },

  async heads(practiceId: string, billIds: readonly string[]): Promise<BillHead[]> {
    const items = await getItems(billIds.map(billId => billHeadEntity.key(practiceId, { billId })));
    return items.map(billHeadEntity.record);
  },

  /** Those of them with a session whose claim needs review: what the client owes may still change. */
  async underReview(practiceId: string, billIds: readonly string[]): Promise<Set<string>> {
    const texts = await getItems(billIds.map(billId => billTextEntity.key(practiceId, { billId })));
    const billOf = new Map(
      texts
        .map(billTextEntity.record)
        .flatMap(({ billId, lines }) => lines.map(({ sessionId = '' }) => [sessionId, billId] as const)),
    );
    billOf.delete('');
    const sessions = await getItems([...billOf.keys()].map(sessionId => sessionEntity.key(practiceId, { sessionId })));
    const reviewed = sessions.map(sessionEntity.record).filter(({ claimReview }) => claimReview === 'needs_review');
    return new Set(reviewed.flatMap(({ sessionId }) => billOf.get(sessionId) ?? []));
  },

  /** Everything of the live list, page by page: counts and sums of the sections. */
  async *live(practiceId: string): AsyncGenerator<ListedBill> {
    let cursor: string | undefined;
    do {
      const page = await queryPage({ index: 'lists', partition: billsPartition(practiceId, 'live'), cursor });
      for (const item of page.items) yield billHeadEntity.record(item);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  },

  /** Those issued in the last 365 days. */
  async *ended(practiceId: string, list: 'paid' | 'cancelled', today: CalendarDate): AsyncGenerator<ListedBill> {
    const partition = billsPartition(practiceId, list);
    const from = addDays(today, -365);
    let cursor: string | undefined;
    do {
      const page = await queryPage({ index: 'lists', partition, from, cursor });
      for (const item of page.items) yield billHeadEntity.record(item);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  },

  /** Each bill with open attention once, also a paid or a cancelled one. */
  async *needingAttention(practiceId: string): AsyncGenerator<ListedBill> {
    const told = new Set<string>();
    let cursor: string | undefined;
    do {
      const partition = billsPartition(practiceId, 'needs_attention');
      const page = await queryPage({ index: 'pointers', partition, cursor });
      for (const bill of await headsOf(practiceId, page)) {
        if (!told.has(bill.billId)) yield bill;
        told.add(bill.billId);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  },
};

const isPointed = ({ section, clientId }: ListQuery): boolean =>
  clientId === undefined &&
  (section === 'partially_paid' || section === 'awaiting_insurance' || section === 'needs_attention');

function rangeOf(practiceId: string, query: ListQuery, today: CalendarDate): Range {
  const { section, clientId, from, to, sort } = query;
  const newestFirst =
    sort?.startsWith('-') ?? (section === 'paid' || section === 'cancelled' || clientId !== undefined);
  if (clientId !== undefined) {
    const [low, high] = [`${documentsPrefix}${from ?? ''}`, `${documentsPrefix}${to ?? ''}${end}`];
    return { index: 'people', partition: clientPartition(practiceId, clientId), from: low, to: high, newestFirst };
  }
  switch (section) {
    case 'open':
      return { index: 'lists', partition: billsPartition(practiceId, 'live'), newestFirst };
    case 'overdue':
      // Bills that wait for the insurer alone sort behind `~` and are never overdue.
      return { index: 'lists', partition: billsPartition(practiceId, 'live'), to: today, newestFirst };
    case 'paid':
    case 'cancelled':
      return {
        index: 'lists',
        partition: billsPartition(practiceId, section),
        from: from ?? '0',
        to: `${to ?? ''}${end}`,
        newestFirst,
      };
    default:
      return { index: 'pointers', partition: billsPartition(practiceId, section), newestFirst };
  }
}

async function headsOf(practiceId: string, page: ItemPage): Promise<BillHead[]> {
  const heads = page.items.map(item => billKeyOfPointer(practiceId, item));
  const distinct = [...new Map(heads.map(key => [key.pk, key])).values()];
  const found = new Map((await getItems(distinct)).map(item => [item.pk, billHeadEntity.record(item)]));
  // Attention may name a deleted bill, which no list of bills shows.
  return distinct.flatMap(({ pk }) => found.get(pk) ?? []).filter(({ hidden }) => !hidden);
}

export function inSection(bill: BillHead, section: Section, today: CalendarDate): boolean {
  switch (section) {
    case 'open':
      return bill.status !== 'cancelled' && bill.clientBalanceCents + bill.insurerBalanceCents > 0;
    case 'overdue':
      return bill.clientBalanceCents > 0 && bill.dueOn < today;
    case 'needs_attention':
      return bill.attention > 0;
    default:
      return bill.status === section;
  }
}
