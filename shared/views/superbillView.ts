import type * as z from 'zod';
import { type BillVersions, type Superbill, superbillStatus } from '../domain/superbill';
import type { superbillObject, superbillSummaryObject } from '../operations/superbills';
import { billVersions } from '../store/billVersions';
import type { SuperbillRecord } from '../store/superbillStore';
import { shareView } from './billView';

/** A superbill in a list; whether it is out of date is told by its bills as they stand. */
export const superbillSummary = (
  superbill: Superbill,
  versions: BillVersions,
): z.input<typeof superbillSummaryObject> => ({ ...superbill, status: superbillStatus(superbill, versions) });

export function superbillView(record: SuperbillRecord, versions: BillVersions): z.input<typeof superbillObject> {
  const { superbill, text, shares } = record;
  const { provider, treatedBy, payee, lines } = text;
  return {
    ...superbillSummary(superbill, versions),
    provider: { ...provider, treatedBy: Object.values(treatedBy) },
    ...(payee ? { payee } : {}),
    lines,
    shares: shares.map(shareView),
  };
}

/** The superbill as it stands, with one read of its bills. */
export async function shownSuperbill(
  practiceId: string,
  record: SuperbillRecord,
): Promise<z.input<typeof superbillObject>> {
  return superbillView(record, await billVersions(practiceId, [record.superbill]));
}
