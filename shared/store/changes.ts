import type { Entity } from './entity';
import { revisionOf } from './entity';
import { decideAnew, transact, type Write } from './kernel';

/** Puts a record that must not be there yet. */
export const added = <R extends object, Id extends object>(
  entity: Entity<R, Id>,
  practiceId: string,
  record: R & Id,
): Write => ({ as: entity.name, put: entity.item(practiceId, record, 1), when: 'absent' });

/** Puts a record whole in the place of the one that was read; fails when somebody wrote it meanwhile. */
export const replaced = <R extends object, Id extends object>(
  entity: Entity<R, Id>,
  practiceId: string,
  record: R & Id,
): Write => {
  const revision = revisionOf(record);
  return { as: entity.name, put: entity.item(practiceId, record, revision + 1), when: { revision } };
};

/** For records that exist only once somebody has changed them (settings). */
export const addedOrReplaced = <R extends object, Id extends object>(
  entity: Entity<R, Id>,
  practiceId: string,
  record: R & Id,
): Write => ('revision' in record ? replaced(entity, practiceId, record) : added(entity, practiceId, record));

export const removed = <R extends object, Id extends object>(
  entity: Entity<R, Id>,
  practiceId: string,
  record: R & Id,
): Write => ({ as: entity.name, remove: entity.key(practiceId, record), when: { revision: revisionOf(record) } });

/** Fails the transaction when this record was written since it was read. */
export const unchanged = <R extends object, Id extends object>(
  entity: Entity<R, Id>,
  practiceId: string,
  record: R & Id,
): Write => ({ as: entity.name, check: entity.key(practiceId, record), when: { revision: revisionOf(record) } });

/** A request's record, where it belongs into no transaction of the operation; nothing for a request without a key. */
export const remember = async (record: readonly Write[]): Promise<void> => {
  if (record.length > 0) await decideAnew(() => transact(record));
};
