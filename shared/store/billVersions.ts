import { type BillVersions, type Superbill, superbillStatus } from '../domain/superbill';
import { getItems } from './kernel';
import { billHeadEntity } from './table';

/** The bills of these superbills as they stand: one batch read, none without any. A deleted bill counts as changed. */
export async function billVersions(practiceId: string, superbills: readonly Superbill[]): Promise<BillVersions> {
  const standing = superbills.filter(({ supersededBy }) => supersededBy === undefined);
  const billIds = new Set(standing.flatMap(superbill => Object.keys(superbill.billVersions)));
  const items = await getItems([...billIds].map(billId => billHeadEntity.key(practiceId, { billId })));
  const heads = items.map(billHeadEntity.record).filter(({ hidden }) => !hidden);
  return new Map(heads.map(({ billId, version }) => [billId, version]));
}

/** A bill that it tells of has changed since: whoever claims by it would claim a wrong sum. */
export const isOutOfDate = async (practiceId: string, superbill: Superbill): Promise<boolean> =>
  superbillStatus(superbill, await billVersions(practiceId, [superbill])) === 'out_of_date';
