import type * as z from 'zod';
import type { DocumentStatus } from '../domain/clientDocument';
import type { Statement } from '../domain/statement';
import type { statementObject, statementSummaryObject } from '../operations/statements';
import { statusOf } from '../store/documentStatus';
import type { StatementRecord } from '../store/statementStore';
import { shareView } from './billView';

/** A statement in a list; whether it is out of date is told by the ledger as it stands. */
export const statementSummary = (
  statement: Statement,
  status: DocumentStatus,
): z.input<typeof statementSummaryObject> => ({ ...statement, status });

/** The statement as it stands, with one read of the client's ledger. */
export async function shownStatement(
  practiceId: string,
  { statement, text, shares }: StatementRecord,
): Promise<z.input<typeof statementObject>> {
  return {
    ...statementSummary(statement, await statusOf(practiceId, statement)),
    comments: text.comments,
    entries: text.entries,
    shares: shares.map(shareView),
  };
}
