import { measureManyBills } from '../../bench/manyBills';
import { newId } from '../../shared/ids';
import { billHeadEntity } from '../../shared/store/table';
import { type OpenStore, openStore } from '../fixtures/store';
import { bytesOf } from '../fixtures/weight';

/** So many bills in one practice: twenty thousand in `npm run test:full` and `npm run bench`. */
const howMany = process.env.FULL ? 20_000 : 2000;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** What one page of a query holds at most. */
const MB = 1024 * 1024;
const pagesOf = (bills: number, headBytes: number): number => Math.ceil(bills / Math.floor(MB / headBytes));

test(`${howMany} bills in one practice change no operation’s requests; the summary reads a page for each MB of heads`, async () => {
  const { few, many, summary, counted, heads } = await measureManyBills(store, howMany);
  expect(many).toEqual(few);
  expect(counted.open + counted.paid).toBe(howMany + heads.length);
  const headBytes = Math.max(...heads.map(head => bytesOf(billHeadEntity.item(newId('prac'), head))));
  // And one each for the cancelled bills and those that need attention, of which there are few.
  const most = pagesOf(counted.open, headBytes) + pagesOf(counted.paid, headBytes) + 2;
  const [, queries] = /^Query (\d+)$/.exec(summary) ?? [];
  expect(Number(queries)).toBeLessThanOrEqual(most);
  expect(most).toBeLessThanOrEqual(Math.ceil(howMany / 1300) + 3);
}, 300_000);
