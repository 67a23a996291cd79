import type { BillHead } from '../domain/billRecord';
import { addDays, type CalendarDate } from '../domain/calendar';
import { getItems, type ItemPage, queryPage, type Range } from './kernel';
import { billHeadEntity, billKeyOfPointer, billsPartition, clientPartition, documentsPrefix } from './table';

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

  /** Everything of the live list, page by page: counts and sums of the sections. */
  async *live(practiceId: string): AsyncGenerator<ListedBill> {
    let cursor: string | undefined;
    do {
      const page = await queryPage({ index: 'lists', partition: billsPartition(practiceId, 'live'), cursor });
      for (const item of page.items) yield billHeadEntity.record(item);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  },

  /** How many were issued in the last 365 days. */
  async countSince(practiceId: string, list: 'paid' | 'cancelled', today: CalendarDate): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const range = {
        index: 'lists',
        partition: billsPartition(practiceId, list),
        from: addDays(today, -365),
      } as const;
      const page = await queryPage({ ...range, cursor });
      count += page.items.length;
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return count;
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
  return distinct.flatMap(({ pk }) => found.get(pk) ?? []);
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
