import type { Session } from '../domain/session';
import { queryPage } from './kernel';
import { readPosition, writePosition } from './position';
import { pendingPartition, sessionEntity } from './table';

export interface PendingClient {
  readonly clientId: string;
  readonly clientName: string;
  readonly sessions: readonly Session[];
}

const mostReads = 5;

/**
 * Pages over whole clients (clarification 16). The list is sorted by client, so a client is complete as soon as the next
 * one begins; the cursor names the last session of the last complete client.
 */
export async function pendingPage(
  practiceId: string,
  page: { limit: number; cursor: string | undefined; keep: (session: Session) => boolean },
): Promise<{ clients: PendingClient[]; nextCursor: string | null }> {
  const { limit, keep } = page;
  const complete: PendingClient[] = [];
  let current: { clientId: string; clientName: string; sessions: Session[] } | undefined;
  let position = readPosition(page.cursor);
  let endOfComplete = position;
  const close = () => {
    // Who has nothing for this caller takes no place on the page.
    if (current && current.sessions.length > 0) complete.push(current);
    current = undefined;
  };
  for (let reads = 0; reads < mostReads || complete.length === 0; reads += 1) {
    const { items, nextCursor } = await readFrom(practiceId, position, limit);
    for (const item of items) {
      if (item.lsk === position) continue;
      const session = sessionEntity.record(item);
      if (current && current.clientId !== session.clientId) {
        close();
        endOfComplete = position;
        if (complete.length === limit) break;
      }
      current ??= { clientId: session.clientId, clientName: session.clientName, sessions: [] };
      if (keep(session)) current.sessions.push(session);
      position = String(item.lsk);
    }
    if (complete.length === limit) break;
    if (nextCursor !== null) continue;
    close();
    return { clients: complete, nextCursor: null };
  }
  return { clients: complete, nextCursor: writePosition(endOfComplete ?? '') };
}
export type PendingPage = typeof pendingPage;

function readFrom(practiceId: string, position: string | undefined, limit: number) {
  return queryPage({
    index: 'lists',
    partition: pendingPartition(practiceId),
    ...(position === undefined ? {} : { from: position }),
    // Clients have a handful of unbilled sessions each: one read is the rule.
    limit: Math.min(1000, limit * 8 + 2),
  });
}
