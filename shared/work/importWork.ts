import { addMinutes } from '../domain/calendar';
import type { ImportRecord, ImportResults, RowResult } from '../domain/importing';
import { real } from '../needs';
import { importStore } from '../store/importStore';
import { decideAnew } from '../store/kernel';
import { importRow } from './importOneRow';
import { loadImportScene } from './importScene';

/** Longer than the worker takes for a part. */
const leaseMinutes = 5;
/** With one more part to go, still less than the worker is given. */
const patience = 25_000;

/**
 * Works one import off, part by part. Each row's id derives from what it says, so a part that is worked twice finds its
 * rows there; results and progress of a part are written together, so it is counted once. Ends before its function
 * would: what is left is due at once, and goes on by the next message.
 */
export async function runImport(practiceId: string, importId: string, patienceMilliseconds = patience): Promise<void> {
  const started = performance.now();
  const scene = await loadImportScene(practiceId);
  for (;;) {
    const record = await importStore.load(practiceId, importId);
    if (record.status === 'done' || record.status === 'failed') return;
    const part = await importStore.part(practiceId, importId, record.nextPart);
    if (!part) return finish(practiceId, record);
    const results: RowResult[] = [];
    for (const [index, row] of part.rows.entries()) {
      results.push(await importRow(scene, { record, row, number: part.firstRow + index }, real));
    }
    const late = performance.now() - started >= patienceMilliseconds;
    await decideAnew(() => save(practiceId, { read: record, late }, { importId, part: part.part, results }));
    if (late) return;
  }
}

async function save(
  practiceId: string,
  { read, late }: { read: ImportRecord; late: boolean },
  results: ImportResults,
): Promise<void> {
  const record = await importStore.load(practiceId, read.importId);
  // Another worker had the same message and was quicker.
  if (record.nextPart !== read.nextPart) return;
  const counted = (result: RowResult['result']) => results.results.filter(row => row.result === result).length;
  const nextPart = record.nextPart + 1;
  const { dueAt: _, ...rest } = record;
  const last = nextPart >= record.parts;
  const now = real.clock.now();
  await importStore.finishPart(
    practiceId,
    {
      ...rest,
      status: last ? 'done' : 'running',
      created: record.created + counted('created'),
      updated: record.updated + counted('updated'),
      unchanged: record.unchanged + counted('unchanged'),
      failed: record.failed + counted('failed'),
      nextPart,
      // As long as parts follow one another no sweep hands the import to a second worker.
      ...(last ? {} : { dueAt: late ? now : addMinutes(now, leaseMinutes) }),
    },
    results,
  );
}

/** Its rows are gone (kept a week): what is done stays, the rest is told as failed. */
async function finish(practiceId: string, record: ImportRecord): Promise<void> {
  const { dueAt: _, ...rest } = record;
  const done = record.created + record.updated + record.unchanged + record.failed;
  const ended: ImportRecord = { ...rest, status: done >= record.total ? 'done' : 'failed' };
  await importStore.finishPart(practiceId, ended, { importId: record.importId, part: record.nextPart, results: [] });
}
