import { type Item, queryPage } from './kernel';
import { clientPartition, documentsPrefix } from './table';

/** One read a page: everything that the client's Documents tab lists, the newest first. */
export const documentsPage = (
  practiceId: string,
  { clientId, limit, cursor }: { clientId: string; limit: number; cursor: string | undefined },
): Promise<{ items: Item[]; nextCursor: string | null }> =>
  queryPage({
    index: 'people',
    partition: clientPartition(practiceId, clientId),
    prefix: documentsPrefix,
    newestFirst: true,
    limit,
    cursor,
  });
export type DocumentsPage = typeof documentsPage;
