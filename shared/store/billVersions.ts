import type { BillVersions, Superbill } from '../domain/superbill';
import { getItems } from './kernel';
import { billHeadEntity } from './table';

/** The bills of these superbills as they stand: one batch read, none without any. A deleted bill counts as changed. */
export async function billVersions(practiceId: string, superbills: readonly Superbill[]): Promise<BillVersions> {
  const billIds = new Set(superbills.flatMap(superbill => Object.keys(superbill.billVersions)));
  const items = await getItems([...billIds].map(billId => billHeadEntity.key(practiceId, { billId })));
  const heads = items.map(billHeadEntity.record).filter(({ hidden }) => !hidden);
  return new Map(heads.map(({ billId, version }) => [billId, version]));
}
