import type { ImportPart, ImportRecord, ImportResults } from '../domain/importing';
import { Problem } from '../domain/problem';
import { added, replaced } from './changes';
import { getItem, queryPage, transact, type Write } from './kernel';
import { importEntity, importPartEntity, importResultsEntity, importResultsPrefix } from './table';

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

  async results(practiceId: string, importId: string, cursor: string | undefined) {
    const { pk: partition } = importEntity.key(practiceId, { importId });
    const page = await queryPage({ partition, prefix: importResultsPrefix, limit: 1, cursor });
    return { items: page.items.map(importResultsEntity.record), nextCursor: page.nextCursor };
  },
};
