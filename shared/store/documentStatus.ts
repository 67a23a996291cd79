import type { DocumentStatus } from '../domain/clientDocument';
import { type Statement, statementStatus } from '../domain/statement';
import { type Superbill, superbillStatus } from '../domain/superbill';
import { billVersions } from './billVersions';
import { readLedgerTo } from './statementStore';

type Paper = Statement | Superbill;
export type StatusOf = (paper: Paper) => DocumentStatus;

const isStatement = (paper: Paper): paper is Statement => 'statementId' in paper;
const isSuperbill = (paper: Paper): paper is Superbill => !isStatement(paper);

/** How these papers of one client stand: a query of the ledger for statements, a batch read for superbills, none without. */
export async function statusesOf(practiceId: string, papers: readonly Paper[]): Promise<StatusOf> {
  const standing = papers.filter(({ supersededBy }) => supersededBy === undefined);
  const [ledger, versions] = await Promise.all([
    ledgerOf(practiceId, standing.filter(isStatement)),
    billVersions(practiceId, standing.filter(isSuperbill)),
  ]);
  return paper => (isStatement(paper) ? statementStatus(paper, ledger) : superbillStatus(paper, versions));
}

/** As far as the last of them reaches. */
async function ledgerOf(practiceId: string, statements: readonly Statement[]) {
  const [latest] = [...statements].sort((a, b) => (a.to < b.to ? 1 : -1));
  return latest ? readLedgerTo(practiceId, latest) : [];
}

/** How one stands. */
export const statusOf = async (practiceId: string, paper: Paper): Promise<DocumentStatus> =>
  (await statusesOf(practiceId, [paper]))(paper);
