import type { SnapshotFiles } from '../store/clientDocumentStore';

const store = async () => (await import('./documentStore')).documentStore;

/** Where long snapshots are kept. Few are, so the client of the bucket is loaded when one is. */
export const snapshotFiles: SnapshotFiles = {
  keep: async (key, bytes, contentType) => (await store()).keep(key, bytes, contentType),
  find: async key => (await store()).find(key),
};
