import type * as z from 'zod';
import type { Statement } from '../domain/statement';
import type { statementObject, statementSummaryObject } from '../operations/statements';
import type { StatementRecord } from '../store/statementStore';
import { shareView } from './billView';

/** A statement in a list. */
export const statementSummary = (statement: Statement): z.input<typeof statementSummaryObject> => ({
  ...statement,
  status: statement.supersededBy === undefined ? 'current' : 'superseded',
});

export const statementView = ({ statement, text, shares }: StatementRecord): z.input<typeof statementObject> => ({
  ...statementSummary(statement),
  comments: text.comments,
  entries: text.entries,
  shares: shares.map(shareView),
});
