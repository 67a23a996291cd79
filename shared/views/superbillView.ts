import type * as z from 'zod';
import type { DocumentStatus } from '../domain/clientDocument';
import type { Superbill } from '../domain/superbill';
import { missingOf } from '../domain/superbillTelling';
import type { superbillObject, superbillSummaryObject } from '../operations/superbills';
import { statusOf } from '../store/documentStatus';
import type { SuperbillRecord } from '../store/superbillStore';
import { shareView } from './billView';

/** A superbill in a list; whether it is out of date is told by its bills as they stand. */
export const superbillSummary = (
  superbill: Superbill,
  status: DocumentStatus,
): z.input<typeof superbillSummaryObject> => ({ ...superbill, status });

/** The superbill as it stands, with one read of its bills. */
export async function shownSuperbill(
  practiceId: string,
  record: SuperbillRecord,
): Promise<z.input<typeof superbillObject>> {
  const { superbill, text, shares } = record;
  const { provider, treatedBy, payee, lines } = text;
  return {
    ...superbillSummary(superbill, await statusOf(practiceId, superbill)),
    provider: { ...provider, treatedBy: Object.values(treatedBy) },
    ...(payee ? { payee } : {}),
    lines,
    missing: missingOf(text),
    shares: shares.map(shareView),
  };
}
