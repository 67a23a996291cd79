import type { ImportPart, ImportRecord, ImportResults, RowResult } from '../domain/importing';
import { invalidInput, Problem } from '../domain/problem';
import { added, replaced } from './changes';
import { getItem, queryPage, transact, type Write } from './kernel';
import { readPosition, writePosition } from './position';
import { importEntity, importPartEntity, importResultsEntity, importResultsPrefix } from './table';

const partsAtOnce = 5;

function readPlace(cursor: string | undefined): { part: number; index: number } {
  const position = readPosition(cursor) ?? '0.0';
  const [, part, index] = /^(\d{1,4})\.(\d{1,4})$/.exec(position) ?? [];
  if (part === undefined) throw invalidInput('/cursor', 'is not a cursor of this list');
  return { part: Number(part), index: Number(index) };
}

export const importStore = {
  /** The rows first, each part on its own; the head, which makes the import due, last: half of one never runs. */
  async add(
    practiceId: string,
    record: ImportRecord,
    parts: readonly ImportPart[],
    more: readonly Write[],
  ): Promise<void> {
    for (const part of parts) {
      await transact([{ as: 'part', put: importPartEntity.item(practiceId, part), when: 'anyway' }]);
    }
    await transact([added(importEntity, practiceId, record), ...more]);
  },

  async load(practiceId: string, importId: string): Promise<ImportRecord> {
    const item = await getItem(importEntity.key(practiceId, { importId }));
    if (!item) throw new Problem('not_found', { what: 'import' });
    return importEntity.record(item);
  },

  async part(practiceId: string, importId: string, part: number): Promise<ImportPart | undefined> {
    const item = await getItem(importPartEntity.key(practiceId, { importId, part }));
    return item && importPartEntity.record(item);
  },

  /** What became of a part, and how far the import is, in one transaction: a part is never counted twice. */
  finishPart: (practiceId: string, record: ImportRecord, results: ImportResults): Promise<void> =>
    transact([
      replaced(importEntity, practiceId, record),
      { as: 'results', put: importResultsEntity.item(practiceId, results), when: 'anyway' },
    ]),

  /** What became of the rows that are worked off, from the place of the cursor on; a page may be shorter than its limit. */
  async results(
    practiceId: string,
    importId: string,
    page: { keep: (row: RowResult) => boolean; limit: number; cursor: string | undefined },
  ): Promise<{ rows: RowResult[]; nextCursor: string | null }> {
    const place = readPlace(page.cursor);
    const from = importResultsEntity.key(practiceId, { importId, part: place.part });
    const to = `${importResultsPrefix}~`;
    const { items, nextCursor } = await queryPage({ partition: from.pk, from: from.sk, to, limit: partsAtOnce });
    const parts = items.map(importResultsEntity.record);
    const rows: RowResult[] = [];
    for (const { part, results } of parts) {
      for (const [index, row] of results.entries()) {
        if ((part === place.part && index < place.index) || !page.keep(row)) continue;
        if (rows.length === page.limit) return { rows, nextCursor: writePosition(`${part}.${index}`) };
        rows.push(row);
      }
    }
    const last = parts.at(-1);
    return { rows, nextCursor: nextCursor !== null && last ? writePosition(`${last.part + 1}.0`) : null };
  },
};
