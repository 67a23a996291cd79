import { clientStore } from '../../../shared/store/clientStore';
import { sessionStore } from '../../../shared/store/sessionStore';
import { newClient } from '../../fixtures/chart';
import { Importer, refusals } from '../../fixtures/importing';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let oak: TestPractice;
let imports: Importer;
let writes = 0;
beforeAll(async () => {
  store = await openStore();
  store.engine.onRequest(operation => {
    if (/Put|Update|Delete|Write/.test(operation)) writes += 1;
  });
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  imports = new Importer(oak);
  writes = 0;
});

const json = { 'content-type': 'application/json' };
const csv = { 'content-type': 'text/csv' };
const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
const oneClient = JSON.stringify({ kind: 'clients', rows: [{ firstName: 'Ann', lastName: 'Abel' }] });

describe('the form of an import', () => {
  it('5 MB are taken, one byte more is 413', async () => {
    expect((await imports.send({ raw: oneClient.padEnd(5_000_000), headers: json })).status).toBe(202);
    writes = 0;
    const over = await imports.send({ raw: oneClient.padEnd(5_000_001), headers: json });
    expect(over).toMatchObject({ status: 413, body: { code: 'body_too_large', maxBodyBytes: 5_000_000 } });
    expect(writes).toBe(0);
  });

  it('10,000 rows are taken, 10,001 refused, in CSV and in JSON', async () => {
    const lines = Array.from({ length: 10_001 }, (_, index) => `Ann,Abel ${index}`);
    const some = await imports.csv('clients', ['firstName,lastName', ...lines.slice(1)]);
    expect(some).toMatchObject({ status: 202, body: { total: 10_000 } });
    writes = 0;
    const many = await imports.csv('clients', ['firstName,lastName', ...lines]);
    expect(many).toMatchObject({ status: 422, body: { errors: [{ pointer: '' }] } });
    const rows = lines.map(lastName => ({ firstName: 'Ann', lastName }));
    const listed = await imports.json({ kind: 'clients', rows });
    expect(listed).toMatchObject({ status: 422, body: { errors: [{ pointer: '/rows' }] } });
    expect(writes).toBe(0);
  });

  it('another kind of content is 415; what is no list of rows is refused whole, by its place', async () => {
    const base64 = Buffer.from('firstName,lastName\nZo\u00eb,Abel\n', 'latin1').toString('base64');
    const query = { kind: 'clients' };
    const wrong = [
      [{ raw: oneClient, headers: { 'content-type': 'text/plain' } }, 415, undefined],
      [{ raw: oneClient, headers: { 'content-type': '' } }, 415, undefined],
      [{ raw: '{"kind":', headers: json }, 400, undefined],
      [
        { base64: Buffer.from(oneClient.replace('Ann', 'Zo\u00eb'), 'latin1').toString('base64'), headers: json },
        400,
        undefined,
      ],
      [{ base64, headers: csv, query }, 422, ''],
      [{ raw: 'firstName,lastName,firstName\nAnn,Abel,Bea\n', headers: csv, query }, 422, ''],
      [{ raw: 'firstName,lastName\n"Ann,Abel\n', headers: csv, query }, 422, ''],
      [{ raw: oneClient, headers: json, query: { kind: 'sessions' } }, 422, '/kind'],
      [{ raw: '[]', headers: json }, 422, ''],
      [{ raw: '{"kind":"clients","rows":[7]}', headers: json }, 422, '/rows/0'],
      [{ raw: '{"kind":"clients","rows":{}}', headers: json }, 422, '/rows'],
      [{ raw: '{"kind":"clients","rows":[{"lastName":{"first":"x"}}]}', headers: json }, 422, '/rows/0/lastName'],
      [{ raw: `{"kind":"clients","rows":[{"lastName":${deep}}]}`, headers: json }, 422, '/rows/0/lastName'],
      [{ raw: '{"kind":"clients","rows":[{}],"mapping":{"firstName":7}}', headers: json }, 422, '/mapping/firstName'],
    ] as const;
    for (const [asked, status, pointer] of wrong) {
      const answer = await imports.send(asked);
      expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([status, pointer]);
    }
    expect(writes).toBe(0);
  });

  it('what a parser says of a file is not told, since it quotes people', async () => {
    const answer = await imports.csv('clients', ['firstName,lastName', 'Canary "quoted" name,Abel']);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer: '', message: 'is not CSV with a header row: look at line 2' }]);
  });
});

/** Each of these rows is wrong in one column; a good one stands on either side of it. */
const wrongClients: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{ firstName: '' }, 'firstName'],
  [{ firstName: 'A\nB' }, 'firstName'],
  [{ firstName: 'A\u0000' }, 'firstName'],
  [{ lastName: 'x'.repeat(81) }, 'lastName'],
  [{ lastName: 7 }, 'lastName'],
  [{ email: 'ann' }, 'email'],
  [{ email: 'ann@example.com,bea@example.com' }, 'email'],
  [{ emailAllowed: 'perhaps' }, 'emailAllowed'],
  [{ dateOfBirth: '1990-02-31' }, 'dateOfBirth'],
  [{ dateOfBirth: '31.12.1990' }, 'dateOfBirth'],
  [{ dateOfBirth: '1090-12-31' }, 'dateOfBirth'],
  [{ dateOfBirth: '2098-12-31' }, 'dateOfBirth'],
  [{ practitionerId: 'mem_01KAB3N5R8W2E7T4Y9V6M1C0XQ' }, 'practitionerId'],
  [{ practitionerEmail: 'nobody@example.com' }, 'practitionerId'],
  [{ petName: 'Rex' }, 'petName'],
  [{ externalId: 'x'.repeat(121) }, 'externalId'],
];

const wrongServices: typeof wrongClients = [
  [{ code: '' }, 'code'],
  [{ code: 'x'.repeat(21) }, 'code'],
  [{ name: '\u200b' }, 'name'],
  [{ price: '-1' }, 'price'],
  [{ price: '1.234' }, 'price'],
  [{ price: '1e3' }, 'price'],
  [{ price: '1000000' }, 'price'],
  [{ price: 'free' }, 'price'],
  [{ price: true }, 'price'],
  [{ kind: 'CPT' }, 'kind'],
  [{ durationMinutes: 'long' }, 'durationMinutes'],
  [{ durationMinutes: '0' }, 'durationMinutes'],
];

const wrongSessions: typeof wrongClients = [
  [{ clientId: 'x'.repeat(3000) }, 'clientId'],
  [{ clientId: 'cli_01KAB3N5R8W2E7T4Y9V6M1C0XQ' }, 'clientId'],
  [{ clientId: '' }, 'clientExternalId'],
  [{ startsAt: '' }, 'startsAt'],
  [{ startsAt: '2026-02-31T09:00' }, 'startsAt'],
  [{ startsAt: '2026-02-31T09:00:00-05:00' }, 'startsAt'],
  [{ startsAt: '2026-02-03T24:00' }, 'startsAt'],
  [{ startsAt: '2026-02-03T09:60' }, 'startsAt'],
  [{ startsAt: '1026-02-03T09:00' }, 'startsAt'],
  [{ startsAt: '2026-02-03' }, 'startsAt'],
  [{ startsAt: '2026-02-03T09:00+25:00' }, 'startsAt'],
  [{ status: 'done' }, 'status'],
  [{ services: '99999' }, 'services'],
  [{ services: '90837:0' }, 'services'],
  [{ services: '90837:1.5' }, 'services'],
  [{ services: '90837:1:free' }, 'services'],
  [{ services: 'x'.repeat(1001) }, 'services'],
  [{ noShowFee: '-5' }, 'noShowFee'],
  [{ noteSigned: 'maybe' }, 'noteSigned'],
];

describe('the rows of an import', () => {
  async function judged(kind: string, good: Record<string, unknown>, wrong: typeof wrongClients) {
    const rows = wrong.flatMap(([fault], index) => [
      { ...good, externalId: `wrong${index}`, ...fault },
      { ...good, externalId: `good${index}` },
    ]);
    const named = kind === 'services' ? rows.map(({ externalId, ...row }) => ({ code: externalId, ...row })) : rows;
    const told = await imports.done(await imports.json({ kind, rows: named }));
    const refused = refusals(told.rows).map(line => line.slice(0, line.indexOf(':')));
    expect(refused).toEqual(wrong.map(([, field], index) => `${2 * index + 1} ${field}`));
    expect(refusals(told.rows).filter(line => /invalid|undefined|object Object/i.test(line))).toEqual([]);
    const half = wrong.length;
    expect(told.counts).toBe(`done: ${half} created, 0 updated, 0 unchanged, ${half} failed`);
  }

  it('of clients: each wrong column is told by row and name, the good rows are taken', async () => {
    await judged('clients', { firstName: 'Ann', lastName: 'Abel' }, wrongClients);
    const { clients } = await clientStore.page(oak.practiceId, {
      status: 'active',
      keep: () => true,
      limit: 100,
      cursor: undefined,
    });
    expect(clients.map(({ externalId }) => externalId).sort()).toEqual(wrongClients.map((_, i) => `good${i}`).sort());
  });

  it('of services: each wrong column is told by row and name, the good rows are taken', () =>
    judged('services', { name: 'Group', price: '80' }, wrongServices));

  it('of sessions: each wrong column is told by row and name, the good rows are taken', async () => {
    const { clientId } = await newClient(oak);
    await judged('sessions', { clientId, startsAt: '2026-02-03T09:00', services: '90837' }, wrongSessions);
    const all = { from: undefined, to: undefined, limit: 100, cursor: undefined };
    const { sessions } = await sessionStore.pageByStart(oak.practiceId, all);
    expect(sessions).toHaveLength(wrongSessions.length);
  });

  it('a row of another practice’s client or practitioner is refused as nobody’s', async () => {
    const elm = await openPractice();
    const { clientId } = await newClient(elm);
    const practitionerId = elm.practitioner.memberId;
    const [startsAt, mine] = ['2026-02-03T09:00', (await newClient(oak)).clientId];
    const rows = [
      { clientId, startsAt },
      { clientId: mine, startsAt, practitionerId },
      {
        clientId: mine,
        startsAt,
        practitionerEmail: elm.practice.email ?? `practitioner@${elm.practiceId}.example.com`,
      },
    ];
    const told = await imports.done(await imports.json({ kind: 'sessions', rows }));
    expect(told.counts).toBe('done: 0 created, 0 updated, 0 unchanged, 3 failed');
  });
});
