import type { Client } from '../domain/client';
import { Problem } from '../domain/problem';
import { billed, named, type Session, withoutBilling } from '../domain/session';
import { maySee, type StaffCaller } from '../operations/caller';
import { added, replaced, unchanged } from './changes';
import { getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import { clientEntity, clientPartition, documentsPrefix, sessionEntity, sessionsPointer } from './table';

export const sessionStore = {
  async load(caller: StaffCaller, sessionId: string): Promise<Session> {
    const session = await sessionStore.find(caller.practiceId, sessionId);
    if (!session || !maySee(caller, session.practitionerId)) throw new Problem('not_found', { what: 'session' });
    return session;
  },

  async find(practiceId: string, sessionId: string): Promise<Session | undefined> {
    const item = await getItem(sessionEntity.key(practiceId, { sessionId }));
    return item && sessionEntity.record(item);
  },

  async findAll(practiceId: string, sessionIds: readonly string[]): Promise<Session[]> {
    const items = await getItems(sessionIds.map(sessionId => sessionEntity.key(practiceId, { sessionId })));
    return items.map(sessionEntity.record);
  },

  /** The client must not have changed since it was read: the session carries its name, and it must be active. */
  add: (practiceId: string, session: Session, client: Client, more: readonly Write[] = []): Promise<void> =>
    transact([added(sessionEntity, practiceId, session), unchanged(clientEntity, practiceId, client), ...more]),

  replace: (practiceId: string, session: Session, more: readonly Write[] = []): Promise<void> =>
    transact([replaced(sessionEntity, practiceId, session), ...more]),

  /** As `replace`, and the client must be as it was read, so that the pending list keeps its sessions together. */
  replaceNamed: (practiceId: string, session: Session, client: Client, more: readonly Write[] = []): Promise<void> =>
    transact([
      replaced(sessionEntity, practiceId, named(session, client)),
      unchanged(clientEntity, practiceId, client),
      ...more,
    ]),

  /** For the transaction that creates the bill: fails when the session was written since it was read. */
  billedWrite: (practiceId: string, session: Session, billId: string): Write => ({
    ...replaced(sessionEntity, practiceId, billed(session, billId)),
    as: 'session',
  }),

  /** For the transaction that cancels a bill: the session is pending again, under the client's name of today. */
  returnedWrite: (practiceId: string, session: Session, client: Pick<Client, 'firstName' | 'lastName'>): Write => ({
    ...replaced(sessionEntity, practiceId, named(withoutBilling(session), client)),
    as: 'session',
  }),

  /** For the transaction that cancels a bill whose sessions shall not be billed again. */
  waivedWrite: (practiceId: string, session: Session): Write => ({
    ...replaced(sessionEntity, practiceId, { ...session, billing: { state: 'waived' } }),
    as: 'session',
  }),

  /** Those of one client that wait for a bill, by date. */
  async unbilledOf(practiceId: string, clientId: string): Promise<Session[]> {
    const partition = clientPartition(practiceId, clientId);
    const items = await queryAll({ index: 'people', partition, prefix: documentsPrefix });
    return items.filter(sessionEntity.is).map(sessionEntity.record);
  },

  /** By instant of start, the newest first: keys of the page, then one batch read. */
  async pageByStart(
    practiceId: string,
    page: { from: string | undefined; to: string | undefined; limit: number; cursor: string | undefined },
  ): Promise<{ sessions: Session[]; nextCursor: string | null }> {
    const { from = '0', to = '9', limit, cursor } = page;
    const partition = sessionsPointer(practiceId);
    const keys = await queryPage({ index: 'pointers', partition, from, to, newestFirst: true, limit, cursor });
    const items = await getItems(keys.items.map(({ pk, sk }) => ({ pk, sk })));
    const sessions = items.map(sessionEntity.record).sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
    return { sessions, nextCursor: keys.nextCursor };
  },
};
export type SessionStore = typeof sessionStore;

const placeOf = (session: Session): string => `${session.startsAt}#${session.sessionId}`;
