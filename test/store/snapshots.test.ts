import { snapshotIn, snapshotWrite } from '../../shared/store/clientDocumentStore';
import { queryAll, transact } from '../../shared/store/kernel';
import { documentPartition } from '../../shared/store/table';
import { MemoryDocuments } from '../fakes/memoryDocuments';
import { type OpenStore, openStore } from '../fixtures/store';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const kept = async (id: string, text: object, files: MemoryDocuments) => {
  const document = { kind: 'statement', id, clientId: 'cli_1' } as const;
  await transact([await snapshotWrite('prac_1', document, { text, files })]);
  return snapshotIn(await queryAll({ partition: documentPartition('prac_1', document) }), files);
};

it('what a document says is read as it was written, in its item or, beyond 100 KB, in a file of its practice', async () => {
  const files = new MemoryDocuments();
  const short = { entries: ['é'.repeat(49_000)] };
  const long = { entries: ['é'.repeat(51_000)] };
  expect(await kept('stm_1', short, files)).toEqual(short);
  expect([...files.kept.keys()]).toEqual([]);
  expect(await kept('stm_2', long, files)).toEqual(long);
  expect([...files.kept.keys()]).toEqual(['P/prac_1/statements/stm_2.json']);
});

it('what a document says is written once, for good', async () => {
  const files = new MemoryDocuments();
  await kept('stm_3', { entries: [] }, files);
  await expect(kept('stm_3', { entries: ['other'] }, files)).rejects.toThrow('Lost a race on snapshot');
});
