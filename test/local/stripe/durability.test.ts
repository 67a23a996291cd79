import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { clientOf, goodCard, listen, MovedClock, startStandIn, submitForm } from './standIn';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stripe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a restart keeps objects, keys, hosted pages and events that were not heard', async () => {
  const clock = new MovedClock();
  const first = await startStandIn({ folder, clock });
  first.part.deliverTo({ url: 'http://127.0.0.1:9/nobody', secret: 'whsec_x' });
  const params = { amount: 4000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true };
  const intent = await first.stripe.paymentIntents.create(params, { idempotencyKey: 'k' });
  const session = await first.stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'usd',
    success_url: 'http://127.0.0.1:9/saved',
  });
  await first.part.close();

  const listener = await listen();
  const port = Number(new URL(first.part.url).port);
  const second = await startStandIn({ folder, clock, port, webhook: { url: listener.url, secret: 'whsec_x' } });
  expect((await second.stripe.paymentIntents.create(params, { idempotencyKey: 'k' })).id).toBe(intent.id);
  expect((await second.stripe.refunds.create({ payment_intent: intent.id })).status).toBe('succeeded');
  expect((await submitForm(session.url ?? '', goodCard)).status).toBe(303);
  clock.advance(5000);
  await second.part.idle();
  expect(listener.types()).toEqual(expect.arrayContaining(['payment_intent.succeeded', 'charge.refunded']));
  expect(second.part.pendingWebhooks()).toBe(0);
  await second.part.close();
  await listener.close();
});

test('a line that was cut short by a crash was never answered and is left out', async () => {
  const first = await startStandIn({ folder });
  const { id } = await first.stripe.customers.create({ name: 'Rosa' });
  await first.part.close();
  appendFileSync(path.join(folder, 'journal.jsonl'), '[["acct_1","customer","cus_half",{"id":"cus_');
  const second = await startStandIn({ folder });
  expect((await second.stripe.customers.list()).data.map(customer => customer.id)).toEqual([id]);
  await second.part.close();
});

test('kill -9 at any moment loses nothing that was answered', async () => {
  const program = path.join(folder, 'program.cjs');
  await build({
    entryPoints: [path.join(__dirname, 'program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const answered: string[] = [];
  for (const killAfter of [40, 90]) {
    const { child, url } = await run(program, path.join(folder, 'state'));
    const stripe = clientOf(url);
    setTimeout(() => child.kill('SIGKILL'), killAfter);
    for (;;) {
      const customer = await stripe.customers.create({ name: 'Rosa' }).catch(() => undefined);
      if (customer === undefined) break;
      answered.push(customer.id);
    }
  }
  const { child, url } = await run(program, path.join(folder, 'state'));
  const kept = await clientOf(url).customers.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  child.kill('SIGKILL');
  expect(answered.length).toBeGreaterThan(1);
  expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
});

async function run(program: string, state: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program, state], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>(resolve => child.stdout.once('data', bytes => resolve(String(bytes).trim())));
  return { child, url };
}
