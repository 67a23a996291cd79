import * as z from 'zod';
import type { ImportedRow, ImportRecord, RowResult } from '../domain/importing';
import { isProblem } from '../domain/problem';
import { issuesIn } from '../http/inputIssues';
import type { Needs } from '../needs';
import { decideAnew } from '../store/kernel';
import { importClient } from './importClient';
import { type ImportScene, RowRefused, rowOf } from './importScene';
import { importService } from './importService';
import { importSession } from './importSession';

interface OneRow {
  readonly record: ImportRecord;
  readonly row: ImportedRow;
  readonly number: number;
}

const writers = { clients: importClient, services: importService, sessions: importSession };

type RowError = NonNullable<RowResult['errors']>[number];
/** What is told of one row fits beside those of its part. */
const mostErrors = 5;
const mostLetters = 100;

/** One row, judged and written; whatever is wrong with it is told by field and stops nobody else's row. */
export async function importRow(scene: ImportScene, { record, row, number }: OneRow, needs: Needs): Promise<RowResult> {
  try {
    const outcome = await decideAnew(() => writers[record.kind](scene, rowOf(record, { row, number }, needs)));
    return { row: number, ...outcome };
  } catch (error) {
    const errors = wrongIn(error).slice(0, mostErrors);
    if (errors.length === 0) throw error;
    return {
      row: number,
      result: 'failed',
      errors: errors.map(({ field, reason }) => ({ field: field.slice(0, mostLetters), reason })),
    };
  }
}

/** What a refusal says by field; nothing when it is no refusal. */
function wrongIn(error: unknown): RowError[] {
  if (error instanceof RowRefused) return [{ field: error.field, reason: error.reason.slice(0, 2 * mostLetters) }];
  if (error instanceof z.ZodError) return error.issues.flatMap(columnsIn);
  if (isProblem(error, 'invalid_input')) {
    return error.facts.errors.map(({ pointer, message }) => ({ field: pointer.slice(1), reason: message }));
  }
  if (isProblem(error, 'session_state')) {
    return [
      { field: 'externalId', reason: `is a session that is ${error.facts.billing} and does not change any more` },
    ];
  }
  return [];
}

/** A column's name and what it must be. */
const columnsIn = (issue: z.core.$ZodIssue): RowError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map(field => ({ field, reason: 'is no column of this kind of import' }))
    : issuesIn([issue]).map(({ pointer, message }) => ({ field: pointer.slice(1), reason: message }));
