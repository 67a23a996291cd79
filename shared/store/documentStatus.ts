import type { DocumentStatus } from '../domain/clientDocument';
import { type Statement, statementStatus } from '../domain/statement';
import type { Superbill } from '../domain/superbill';
import { readLedgerTo } from './statementStore';
import { trueSuperbills } from './superbillTruth';

type Paper = Statement | Superbill;
export type StatusOf = (paper: Paper) => DocumentStatus;

const isStatement = (paper: Paper): paper is Statement => 'statementId' in paper;
const isSuperbill = (paper: Paper): paper is Superbill => !isStatement(paper);

/** How these papers of one client stand: a query of the ledger for statements, a batch read for superbills, none without. */
export async function statusesOf(practiceId: string, papers: readonly Paper[]): Promise<StatusOf> {
  const standing = papers.filter(({ supersededBy }) => supersededBy === undefined);
  const [ledger, stillTrue] = await Promise.all([
    ledgerOf(practiceId, standing.filter(isStatement)),
    trueSuperbills(practiceId, standing.filter(isSuperbill)),
  ]);
  return paper => (isStatement(paper) ? statementStatus(paper, ledger) : superbillStatus(paper, stillTrue));
}

const superbillStatus = ({ superbillId, supersededBy }: Superbill, stillTrue: ReadonlySet<string>): DocumentStatus => {
  if (supersededBy !== undefined) return 'superseded';
  return stillTrue.has(superbillId) ? 'current' : 'out_of_date';
};

/** As far as the last of them reaches. */
async function ledgerOf(practiceId: string, statements: readonly Statement[]) {
  const [latest] = [...statements].sort((a, b) => (a.to < b.to ? 1 : -1));
  return latest ? readLedgerTo(practiceId, latest) : [];
}

/** How one stands. */
export const statusOf = async (practiceId: string, paper: Paper): Promise<DocumentStatus> =>
  (await statusesOf(practiceId, [paper]))(paper);
