import { cancelBill } from '../domain/bill';
import type { BillHead, BillRecord, Share } from '../domain/billRecord';
import { type Movement, noMovement } from '../domain/book';
import { Problem } from '../domain/problem';
import { actOf, type Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import { checkVersion, commit, type Loaded, recordOf, shareWrite } from './billStore';
import { getItems, type Write } from './kernel';
import { sessionStore } from './sessionStore';
import { clientEntity, sessionEntity } from './table';

export interface Cancel {
  readonly billId: string;
  readonly reason?: string | undefined;
  readonly sessions: 'return_to_pending' | 'waive';
  readonly payments: 'refuse' | 'convert_to_credit';
  readonly ifMatch: number | undefined;
  readonly writes: readonly Write[];
}

/** Cancels (R56 to R58): its sessions return to pending or are waived, a scheduled share ends, links die. */
export async function cancelLoaded(loaded: Loaded, cancel: Cancel, caller: StaffCaller, needs: Needs): Promise<Loaded> {
  checkVersion(loaded, cancel.billId, cancel.ifMatch);
  return end(loaded, { ...cancel, hidden: false }, caller, needs);
}

/** Cancels what is not cancelled yet, and hides the bill. Its number is never used again (rule 50). */
export async function hideLoaded(loaded: Loaded, cancel: Cancel, caller: StaffCaller, needs: Needs): Promise<Loaded> {
  checkVersion(loaded, cancel.billId, cancel.ifMatch);
  return end(loaded, { ...cancel, hidden: true }, caller, needs);
}

async function end(loaded: Loaded, cancel: Cancel & { hidden: boolean }, caller: StaffCaller, needs: Needs) {
  const { billId, reason, payments, hidden } = cancel;
  const record = recordOf(loaded, billId);
  const cancelled = record.head.status === 'cancelled';
  if (cancelled && !hidden) throw new Problem('bill_cancelled');
  const act = actOf(caller, needs);
  const movement: Movement = cancelled
    ? noMovement
    : cancelBill(loaded.book, { billId, payments, ...(reason ? { reason } : {}) }, act);
  const heads = new Map<string, Partial<BillHead>>([[billId, { hidden, ...sharingAfter(record) }]]);
  return commit(loaded, movement, {
    heads,
    newId: needs.newId,
    writes: [
      ...(cancelled ? [] : await sessionWrites(loaded.practiceId, record, cancel.sessions)),
      ...record.shares.filter(share => share.status === 'scheduled').map(share => withdrawn(loaded.practiceId, share)),
      ...cancel.writes,
    ],
  });
}

const sharingAfter = ({ head }: BillRecord): Partial<BillHead> =>
  head.sharing.status === 'scheduled' ? { sharing: { status: 'not_shared', delivery: head.sharing.delivery } } : {};

function withdrawn(practiceId: string, share: Share): Write {
  const { dueAt: _, ...rest } = share;
  return shareWrite(practiceId, { ...rest, status: 'withdrawn', revision: share.revision + 1 });
}

async function sessionWrites(
  practiceId: string,
  { head, text }: BillRecord,
  choice: Cancel['sessions'],
): Promise<Write[]> {
  const ids = [...new Set(text.lines.flatMap(line => line.sessionId ?? []))];
  if (ids.length === 0) return [];
  const items = await getItems([
    clientEntity.key(practiceId, { clientId: head.clientId }),
    ...ids.map(sessionId => sessionEntity.key(practiceId, { sessionId })),
  ]);
  const client = items.filter(clientEntity.is).map(clientEntity.record)[0];
  if (!client) throw new Problem('not_found', { what: 'client' });
  return items
    .filter(sessionEntity.is)
    .map(sessionEntity.record)
    .map(session =>
      choice === 'waive'
        ? sessionStore.waivedWrite(practiceId, session)
        : sessionStore.returnedWrite(practiceId, session, client),
    );
}
