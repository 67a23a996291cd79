import { handler as changeClient } from '../../../functions/clients/changeClient';
import { handler as createClient } from '../../../functions/clients/createClient';
import { handler as listClients } from '../../../functions/clients/listClients';
import type { StaffCaller } from '../../../shared/operations/caller';
import { changeClientRow, createClientRow, listClientsRow } from '../../../shared/operations/clients';
import { asking } from '../../fixtures/apiEvent';
import { newClient, supervisorOf } from '../../fixtures/chart';
import { amountsIn, pagesOf } from '../../fixtures/pages';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const list = asking(listClients, listClientsRow);
const create = asking(createClient, createClientRow);
const change = asking(changeClient, changeClientRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

const namesOf = (items: { firstName: string; lastName: string }[]) =>
  items.map(({ firstName, lastName }) => `${lastName}, ${firstName}`);
const names = async (query: Record<string, string>, caller: StaffCaller = oak.admin) =>
  namesOf((await list({ caller, query })).body.items);

describe('GET /clients 200', () => {
  const people = [
    ['Zoë', 'Álvarez'],
    ['Ann', 'Abel'],
    ['Maya', 'Okafor'],
    ['Mary-Jane', 'van der Berg'],
  ] as const;
  beforeEach(async () => {
    for (const [firstName, lastName] of people) await newClient(oak, { firstName, lastName });
  });

  it('stands in the order of last names as people read them, over pages, none lost or doubled', async () => {
    const pages = await pagesOf<{ firstName: string; lastName: string }>(list, { caller: oak.admin }, 3);
    expect(pages.map(({ length }) => length)).toEqual([3, 1]);
    expect(namesOf(pages.flat())).toEqual(['Abel, Ann', 'Álvarez, Zoë', 'Okafor, Maya', 'van der Berg, Mary-Jane']);
  });

  it('finds words of a name by their beginnings, whatever order, case and accents', async () => {
    expect(await names({ query: 'alv zo' })).toEqual(['Álvarez, Zoë']);
    expect(await names({ query: 'JANE' })).toEqual(['van der Berg, Mary-Jane']);
    expect(await names({ query: 'okafor, m' })).toEqual(['Okafor, Maya']);
    expect(await names({ query: 'kafor' })).toEqual([]);
  });

  it('a page whose matches are few is complete: the search does not stop at what it skipped', async () => {
    const pages = await pagesOf<{ firstName: string; lastName: string }>(
      list,
      { caller: oak.admin, query: { query: 'ma' } },
      1,
    );
    expect(namesOf(pages.flat())).toEqual(['Okafor, Maya', 'van der Berg, Mary-Jane']);
  });

  it('a practitioner sees own clients, a supervisor also the supervised ones’, the office all', async () => {
    await newClient(oak, { firstName: 'Col', lastName: 'League', practitionerId: oak.colleague.memberId });
    await create({ caller: oak.admin, body: { firstName: 'No', lastName: 'Body' } });
    const supervisor = await supervisorOf(oak, oak.practitioner);
    await newClient(oak, { firstName: 'Su', lastName: 'Per', practitionerId: supervisor.memberId });
    expect(await names({}, oak.colleague)).toEqual(['League, Col']);
    expect(await names({}, oak.practitioner)).toHaveLength(4);
    expect((await names({}, supervisor)).filter(name => name === 'Per, Su')).toHaveLength(1);
    expect(await names({}, supervisor)).toHaveLength(5);
    for (const caller of [oak.admin, oak.biller, oak.scheduler]) expect(await names({}, caller)).toHaveLength(7);
    expect(await names({ practitionerId: oak.colleague.memberId })).toEqual(['League, Col']);
    expect(await names({}, oak.unbilling)).toEqual([]);
  });

  it('archived ones stand in a list of their own, and nobody is told an amount in either', async () => {
    const { clientId } = await newClient(oak, { firstName: 'Old', lastName: 'Timer' });
    await change({ caller: oak.admin, path: { clientId }, body: { status: 'archived' } });
    expect(await names({})).not.toContain('Timer, Old');
    expect(await names({ status: 'archived' })).toEqual(['Timer, Old']);
    expect(amountsIn((await list({ caller: oak.admin })).body)).toEqual([]);
  });

  it('shows nobody of another practice', async () => {
    const elm = await openPractice();
    expect(await names({}, elm.admin)).toEqual([]);
  });
});
