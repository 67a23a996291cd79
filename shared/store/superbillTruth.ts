import { createHash } from 'node:crypto';
import type { Session } from '../domain/session';
import type { Superbill } from '../domain/superbill';
import { type SuperbillLine, superbillLines } from '../domain/superbillLines';
import { notesOf, tellingOf } from '../domain/superbillTelling';
import { getItems, queryAll } from './kernel';
import { billsOf } from './superbillScene';
import { billHeadEntity, rootPartition, serviceEntity, sessionEntity } from './table';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** What a new superbill keeps of what it says, so that it can be told later whether it is still so. */
export const toldBy = (
  lines: readonly SuperbillLine[],
  sessions: readonly Session[],
): Pick<Superbill, 'told' | 'noted'> => {
  const ids = new Set(lines.map(({ sessionId }) => sessionId));
  return {
    told: digest(tellingOf(lines)),
    noted: digest(notesOf(sessions.filter(({ sessionId }) => ids.has(sessionId)))),
  };
};

/**
 * Which of these superbills would say the same if they were made now. One batch read of bills and sessions, none without
 * superbills; only those of which something has changed are made anew, to see whether it shows (clarification 52).
 */
export async function trueSuperbills(
  practiceId: string,
  superbills: readonly Superbill[],
): Promise<ReadonlySet<string>> {
  const billIds = new Set(superbills.flatMap(superbill => Object.keys(superbill.billVersions)));
  const sessionIds = new Set(superbills.flatMap(superbill => superbill.sessionIds));
  const items = await getItems([
    ...[...billIds].map(billId => billHeadEntity.key(practiceId, { billId })),
    ...[...sessionIds].map(sessionId => sessionEntity.key(practiceId, { sessionId })),
  ]);
  const versions = new Map(
    items
      .filter(billHeadEntity.is)
      .map(billHeadEntity.record)
      .map(({ billId, version }) => [billId, version]),
  );
  const sessions = new Map(
    items
      .filter(sessionEntity.is)
      .map(sessionEntity.record)
      .map(session => [session.sessionId, session]),
  );
  const own = ({ sessionIds: ids }: Superbill): Session[] => ids.flatMap(id => sessions.get(id) ?? []);
  const isUntouched = (superbill: Superbill): boolean =>
    Object.entries(superbill.billVersions).every(([billId, version]) => versions.get(billId) === version) &&
    digest(notesOf(own(superbill))) === superbill.noted;
  const touched = superbills.filter(superbill => !isUntouched(superbill));
  const changed = await changedOnes(
    practiceId,
    touched.map(superbill => ({ superbill, sessions: own(superbill) })),
  );
  return new Set(superbills.map(({ superbillId }) => superbillId).filter(id => !changed.has(id)));
}

interface Touched {
  readonly superbill: Superbill;
  readonly sessions: readonly Session[];
}

async function changedOnes(practiceId: string, touched: readonly Touched[]): Promise<ReadonlySet<string>> {
  if (touched.length === 0) return new Set();
  const [bills, catalogue] = await Promise.all([
    billsOf(
      practiceId,
      touched.flatMap(({ sessions }) => sessions),
    ),
    queryAll({ partition: rootPartition(practiceId), prefix: serviceEntity.key(practiceId, { serviceId: '' }).sk }),
  ]);
  const services = catalogue.map(serviceEntity.record);
  const isChanged = ({ superbill, sessions }: Touched): boolean =>
    digest(tellingOf(superbillLines({ sessions, bills, services }))) !== superbill.told;
  return new Set(touched.filter(isChanged).map(({ superbill }) => superbill.superbillId));
}
