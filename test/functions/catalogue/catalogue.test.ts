import { handler as changePayer } from '../../../functions/catalogue/changePayer';
import { handler as changeProduct } from '../../../functions/catalogue/changeProduct';
import { handler as changeService } from '../../../functions/catalogue/changeService';
import { handler as createPayer } from '../../../functions/catalogue/createPayer';
import { handler as createProduct } from '../../../functions/catalogue/createProduct';
import { handler as createService } from '../../../functions/catalogue/createService';
import { handler as hidePayer } from '../../../functions/catalogue/hidePayer';
import { handler as hideProduct } from '../../../functions/catalogue/hideProduct';
import { handler as hideService } from '../../../functions/catalogue/hideService';
import { handler as listPayers } from '../../../functions/catalogue/listPayers';
import { handler as listProducts } from '../../../functions/catalogue/listProducts';
import { handler as listServices } from '../../../functions/catalogue/listServices';
import * as rows from '../../../shared/operations/catalogue';
import { asking } from '../../fixtures/apiEvent';
import { pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

/** The three lists of the catalogue, each with one entry to add and a change of it. */
const shelves = [
  {
    name: '/services',
    id: 'serviceId',
    entry: { code: '90834', kind: 'cpt', name: '45 minutes', description: '45 minutes', priceCents: 14000 },
    change: { name: 'Three quarters of an hour', priceCents: 14500 },
    list: asking(listServices, rows.listServicesRow),
    create: asking(createService, rows.createServiceRow),
    patch: asking(changeService, rows.changeServiceRow),
    hide: asking(hideService, rows.hideServiceRow),
  },
  {
    name: '/products',
    id: 'productId',
    entry: { title: 'Workbook', priceCents: 2500 },
    change: { priceCents: 0 },
    list: asking(listProducts, rows.listProductsRow),
    create: asking(createProduct, rows.createProductRow),
    patch: asking(changeProduct, rows.changeProductRow),
    hide: asking(hideProduct, rows.hideProductRow),
  },
  {
    name: '/payers',
    id: 'payerId',
    entry: { name: 'Headway', kind: 'external_platform' },
    change: { name: 'Headway Inc.' },
    list: asking(listPayers, rows.listPayersRow),
    create: asking(createPayer, rows.createPayerRow),
    patch: asking(changePayer, rows.changePayerRow),
    hide: asking(hidePayer, rows.hidePayerRow),
  },
] as const;

describe.each(shelves)('POST $name 201', ({ id, entry, list, create }) => {
  it('adds it for everybody who may see it, active', async () => {
    const made = await create({ caller: oak.biller, body: entry });
    expect(made).toMatchObject({ status: 201, body: { ...entry, active: true } });
    const listed = (await list({ caller: oak.practitioner })).body.items;
    expect(listed).toContainEqual(made.body);
  });

  it('a repeat under the same key answers with the same one and adds no second', async () => {
    const before = (await list({ caller: oak.admin })).body.items.length;
    const asked = { caller: oak.admin, body: entry, key: 'added once' };
    const [first, second] = [await create(asked), await create(asked)];
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
    expect((await list({ caller: oak.admin })).body.items).toHaveLength(before + 1);
    expect(first.body[id]).toBe(second.body[id]);
  });
});

describe.each(shelves)('PATCH and DELETE $name by id 200, 204', ({ id, entry, change, list, create, patch, hide }) => {
  it('changes what is named; hidden it stays listed as inactive, and can be taken back', async () => {
    const made = (await create({ caller: oak.admin, body: entry })).body;
    const path = { [id]: made[id] };
    const changed = { ...made, ...change };
    expect(await patch({ caller: oak.biller, path, body: change })).toMatchObject({ status: 200, body: changed });
    const activeIds = async (active: string) =>
      (await list({ caller: oak.admin, query: { active } })).body.items.map((item: Record<string, string>) => item[id]);
    for (const _ of [1, 2]) expect((await hide({ caller: oak.biller, path })).status).toBe(204);
    expect((await list({ caller: oak.admin })).body.items).toContainEqual({ ...changed, active: false });
    expect(await activeIds('true')).not.toContain(made[id]);
    expect(await activeIds('false')).toEqual([made[id]]);
    const back = await patch({ caller: oak.admin, path, body: { active: true } });
    expect(back.body).toEqual(changed);
    expect(await activeIds('true')).toContain(made[id]);
  });
});

describe.each(shelves)('GET $name 200', ({ id, entry, list, create }) => {
  it('pages hold at most the limit, in one order, and lose or double nobody', async () => {
    for (let n = 0; n < 5; n += 1) await create({ caller: oak.admin, body: entry });
    const whole = (await list({ caller: oak.admin })).body.items.map((item: Record<string, string>) => item[id]);
    const pages = await pagesOf<Record<string, string>>(list, { caller: oak.admin }, 2);
    expect(pages.every(page => page.length <= 2)).toBe(true);
    expect(pages.flat().map(item => item[id])).toEqual(whole);
  });

  it('shows nothing of another practice', async () => {
    const elm = await openPractice();
    await create({ caller: oak.admin, body: entry });
    const known = (await list({ caller: elm.admin })).body.items.length;
    await create({ caller: oak.admin, body: entry });
    expect((await list({ caller: elm.admin })).body.items).toHaveLength(known);
  });
});

describe.each(shelves)('PATCH and DELETE $name by id 404', ({ id, entry, change, create, patch, hide }) => {
  it('an id that nobody has, and one of another practice', async () => {
    const elm = await openPractice();
    const made = (await create({ caller: elm.admin, body: entry })).body;
    const nobody = String(made[id]).replace(/.$/, last => (last === '0' ? '1' : '0'));
    for (const unknown of [nobody, made[id]]) {
      const path = { [id]: unknown };
      expect(await patch({ caller: oak.admin, path, body: change })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
      expect((await hide({ caller: oak.admin, path })).status).toBe(404);
    }
  });
});
