import type { Instant } from '../domain/calendar';
import type { Entry } from '../domain/ledger';
import { entriesOf } from './billStore';
import { queryPage } from './kernel';
import { ledgerPartition } from './table';

/** Entries with postings by when they were added, from an instant up to but without another, page by page. */
export async function* ledgerBetween(practiceId: string, from: Instant, to: Instant): AsyncGenerator<Entry> {
  for (const month of monthsBetween(from, to)) {
    let cursor: string | undefined;
    do {
      const partition = ledgerPartition(practiceId, month);
      const page = await queryPage({ index: 'lists', partition, from, to, limit: 100, cursor });
      yield* entriesOf(page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}

/** `2026-03`, …: the partitions are of UTC months. */
function monthsBetween(from: Instant, to: Instant): string[] {
  const months: string[] = [];
  const at = new Date(`${from.slice(0, 7)}-01T00:00:00Z`);
  while (at.toISOString().slice(0, 7) <= to.slice(0, 7)) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
