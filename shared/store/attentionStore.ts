import type { Attention } from '../domain/attention';
import { invalidInput, Problem } from '../domain/problem';
import { added, replaced } from './changes';
import { decideAnew, getItem, LostRace, queryAll, queryPage, transact, type Write } from './kernel';
import { attentionEntity, attentionList } from './table';

type State = 'open' | 'resolved';

export const attentionStore = {
  async find(practiceId: string, attentionId: string): Promise<Attention | undefined> {
    const item = await getItem(attentionEntity.key(practiceId, { attentionId }));
    return item && attentionEntity.record(item);
  },

  async load(practiceId: string, attentionId: string): Promise<Attention> {
    const attention = await attentionStore.find(practiceId, attentionId);
    if (!attention) throw new Problem('not_found', { what: 'attention' });
    return attention;
  },

  /** Open ones first, the newest of each first. */
  async page(practiceId: string, { limit, cursor }: { limit: number; cursor: string | undefined }) {
    const place = readPlace(cursor);
    const first = await pageOf(practiceId, place.state, { limit, cursor: place.cursor });
    const left = limit - first.items.length;
    if (place.state === 'resolved' || first.nextCursor !== null || left === 0) {
      // Open ones that fill the page to the last place are followed by the resolved ones, from their beginning.
      const full = place.state === 'open' && first.nextCursor === null;
      return {
        items: first.items,
        nextCursor: full ? writePlace('resolved', '') : next(place.state, first.nextCursor),
      };
    }
    const second = await pageOf(practiceId, 'resolved', { limit: left, cursor: undefined });
    return { items: [...first.items, ...second.items], nextCursor: next('resolved', second.nextCursor) };
  },

  /** All that is open, of whatever kind; a practice has few. */
  async allOpen(practiceId: string): Promise<Attention[]> {
    const items = await queryAll({ index: 'lists', partition: attentionList(practiceId, 'open') });
    return items.map(attentionEntity.record);
  },

  add: (practiceId: string, attention: Attention): Write => added(attentionEntity, practiceId, attention),
  /** Once, however often its cause is met: an id that derives from the cause is there already. */
  raiseOnce: (practiceId: string, attention: Attention): Promise<void> =>
    decideAnew(() => transact([attentionStore.add(practiceId, attention)]).catch(knownAlready)),
  replace: (practiceId: string, attention: Attention): Write => replaced(attentionEntity, practiceId, attention),
};
const knownAlready = (error: unknown): void => {
  if (!(error instanceof LostRace) || !error.failed.some(({ found }) => found)) throw error;
};
export type AttentionStore = typeof attentionStore;

async function pageOf(practiceId: string, state: State, page: { limit: number; cursor: string | undefined }) {
  const found = await queryPage({
    index: 'lists',
    partition: attentionList(practiceId, state),
    newestFirst: true,
    ...page,
  });
  return { items: found.items.map(attentionEntity.record), nextCursor: found.nextCursor };
}

const writePlace = (state: State, cursor: string): string => `${state}.${cursor}`;
const next = (state: State, cursor: string | null): string | null =>
  cursor === null ? null : writePlace(state, cursor);

function readPlace(cursor: string | undefined): { state: State; cursor: string | undefined } {
  if (cursor === undefined) return { state: 'open', cursor };
  const [, state, inner] = /^(open|resolved)\.(.*)$/.exec(cursor) ?? [];
  if (state === undefined) throw invalidInput('/cursor', 'is not a cursor of this list');
  return { state: state as State, cursor: inner || undefined };
}
