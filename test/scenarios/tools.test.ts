import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Cloud } from '../../local/cloud/cloud';
import { startCloud } from '../../local/cloud/startCloud';

/** The programs that an owner runs, as the owner runs them. */
const root = path.resolve(__dirname, '../..');
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ port: 0, seed: 'none', clock: '2026-11-20T15:00:00Z' });
}, 120_000);
afterAll(async () => cloud?.close());

/** In another process, while this one goes on: the cloud lives here. */
async function run(program: string, args: readonly string[], port = new URL(cloud.urls.portal).port) {
  const env = { ...process.env, PORT: port };
  const child = spawn(process.execPath, ['tools/run.mjs', `tools/${program}.ts`, ...args], { cwd: root, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  return { code, said };
}

const willow = [
  ...['--name', 'Willow Practice', '--code', 'WIL', '--zone', 'Europe/Berlin', '--currency', 'EUR'],
  ...['--admin', 'Sol@willow.example.com', '--admin-name', 'Sol Winter', '--paper', 'a4', '--stripe', 'test'],
];

test('a practice is founded with its first admin, who can sign in and work', async () => {
  const { code, said } = await run('found', willow);
  expect([code, said]).toEqual([0, expect.stringContaining('Willow Practice is founded as prac_')]);
  const authorization = `Bearer ${await cloud.token('sol@willow.example.com')}`;
  const practice = await fetch(`${cloud.urls.api}/practice`, { headers: { authorization } });
  expect([practice.status, await practice.json()]).toEqual([
    200,
    expect.objectContaining({ name: 'Willow Practice', timeZone: 'Europe/Berlin', currency: 'EUR' }),
  ]);
});

test('a taken short code, or an admin of another practice, founds nothing and says why', async () => {
  const again = await run('found', willow);
  expect([again.code, again.said]).toEqual([2, expect.stringContaining('has this --code already')]);
  const elsewhere = await run('found', [...willow, '--code', 'ELM']);
  expect([elsewhere.code, elsewhere.said]).toEqual([2, expect.stringContaining('signs in to another practice')]);
});

test('wrong input names each option and what it wants', async () => {
  const { code, said } = await run('found', [
    '--name',
    ' ',
    '--code',
    'oak',
    '--zone',
    'Mars/Base',
    '--currency',
    'XXQ',
  ]);
  expect(code).toBe(2);
  for (const option of ['--name', '--code', '--zone', '--currency', '--admin', '--admin-name'])
    expect(said).toContain(option);
});

test('verify holds the practice against its ledger and finds nothing', async () => {
  const { code, said } = await run('verify', []);
  expect([code, said]).toEqual([0, expect.stringContaining('Every stored balance is what the ledger says.')]);
});

test('verify holds it against Stripe as well: fees enter the ledger, and nothing differs', async () => {
  const { code, said } = await run('verify', ['--stripe']);
  expect([code, said]).toEqual([0, expect.stringContaining('Every cent at Stripe is what the ledger says.')]);
});

test('replay finds each queue’s dead letters, and knows the queues by name', async () => {
  const [none, unknown] = await Promise.all([run('replay', ['--queue', 'stripe']), run('replay', ['--queue', 'post'])]);
  expect([none.code, none.said]).toEqual([0, expect.stringContaining('No dead letter of stripe waits.')]);
  expect([unknown.code, unknown.said]).toEqual([2, expect.stringContaining('--queue is one of mail, stripe')]);
});

test('where nothing runs, it says how to start', async () => {
  const { code, said } = await run('verify', [], '9');
  expect([code, said]).toEqual([2, expect.stringContaining('npm start')]);
});
