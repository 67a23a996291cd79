import { serviceStore } from '../../../shared/store/catalogueStore';
import { Importer, refusals } from '../../fixtures/importing';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

let store: OpenStore;
let oak: TestPractice;
let imports: Importer;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  imports = new Importer(oak);
});

const send = async (lines: readonly string[]) =>
  imports.done(await imports.csv('services', ['code,name,price,durationMinutes', ...lines]));
const known = async (code: string) => (await serviceStore.all(oak.practiceId)).filter(service => service.code === code);

describe('an import of services', () => {
  it('makes a service of each new code, its price in cents as written', async () => {
    const { counts } = await send(['90834,45 minutes,140.5,45', 'INTAKE,Intake call,0,']);
    expect(counts).toBe('done: 2 created, 0 updated, 0 unchanged, 0 failed');
    expect(await known('90834')).toMatchObject([
      { priceCents: 14_050, durationMinutes: 45, kind: 'custom', active: true },
    ]);
    expect(await known('INTAKE')).toMatchObject([{ priceCents: 0, description: 'Intake call' }]);
  });

  it('refuses an amount that is none', async () => {
    const { rows } = await send(['A,A,12.345,', 'B,B,-1,', 'C,C,1e3,', 'D,D,"1,50",', 'E,E,,']);
    expect(refusals(rows).map(line => line.slice(0, 7))).toEqual([
      '1 price',
      '2 price',
      '3 price',
      '4 price',
      '5 price',
    ]);
    expect(await serviceStore.all(oak.practiceId)).toHaveLength(1);
  });

  it('a new price list prices the codes that are there; the same list again leaves what staff changed since', async () => {
    const list = ['90837,Individual therapy,180,60'];
    expect((await send(list)).counts).toBe('done: 0 created, 1 updated, 0 unchanged, 0 failed');
    const [service] = await known('90837');
    expect(service).toMatchObject({ serviceId: oak.service.serviceId, priceCents: 18_000, name: 'Individual therapy' });
    if (service) await serviceStore.replace(oak.practiceId, { ...service, priceCents: oak.service.priceCents });
    expect((await send(list)).counts).toBe('done: 0 created, 0 updated, 1 unchanged, 0 failed');
    expect(await known('90837')).toMatchObject([{ priceCents: 16_500 }]);
  });

  it('three workers at once make each code once', async () => {
    const taken = await imports.csv('services', ['code,name,price', 'A,A,1', 'B,B,2']);
    writeTogether(store, 3);
    await Promise.all([1, 2, 3].map(() => imports.run(taken.body.importId)));
    expect((await imports.done(taken)).counts).toBe('done: 2 created, 0 updated, 0 unchanged, 0 failed');
    expect(await serviceStore.all(oak.practiceId)).toHaveLength(3);
  });
});
