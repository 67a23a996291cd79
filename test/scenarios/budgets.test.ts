import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../local/cloud/cloud';
import { startCloud } from '../../local/cloud/startCloud';

/** What each operation asks of DynamoDB, by the meter of the engine (`docs/decisions`): exact, so gated. */
let cloud: Cloud;
let token: string;

beforeAll(async () => {
  cloud = await startCloud({ port: 0, seed: 'demo', clock: '2026-11-20T15:00:00Z' });
  token = await cloud.token('admin@oak.example.com');
  await call('GET', '/practice');
}, 120_000);
afterAll(async () => cloud?.close());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${cloud.urls.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': randomUUID(),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

interface Metered extends Answer {
  /** Operations in the order of their names, e.g. `GetItem 1, Query 1`. */
  readonly requests: string;
}

async function metered(method: string, path: string, body?: object): Promise<Metered> {
  await cloud.settle();
  cloud.startCounting();
  const answer = await call(method, path, body);
  const counted = cloud.stopCounting();
  const counts = new Map<string, number>();
  for (const { operation } of counted) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  const requests = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
  return { ...answer, requests };
}

interface Pending {
  readonly clientId: string;
  readonly sessions: readonly { readonly sessionId: string }[];
}

async function pendingClients(): Promise<readonly Pending[]> {
  const { body } = await call('GET', '/billing/pending?limit=100');
  return body.items as readonly Pending[];
}

const idOf = (answer: Answer, name: string): string => String(answer.body[name]);

test('a bill costs a batch read, the replay record, the lots, a number and one transaction to create; one query to read', async () => {
  const client = (await pendingClients()).find(({ sessions }) => sessions.length >= 2);
  const [first] = client?.sessions ?? [];
  const made = await metered('POST', '/bills', {
    clientId: client?.clientId,
    sessions: [{ sessionId: first?.sessionId }],
  });
  expect([made.status, made.requests]).toEqual([
    201,
    'BatchGetItem 1, GetItem 1, Query 1, TransactWriteItems 1, UpdateItem 1',
  ]);
  const read = await metered('GET', `/bills/${idOf(made, 'billId')}`);
  expect([read.status, read.requests]).toEqual([200, 'Query 1']);

  const billId = idOf(made, 'billId');
  const paid = await metered('POST', `/bills/${billId}/payments`, { type: 'cash_check', amountCents: 1000 });
  expect([paid.status, paid.requests]).toEqual([201, 'GetItem 1, Query 1, TransactWriteItems 1']);
  const { paymentId } = paid.body.payment as { paymentId: string };
  const refunded = await metered('POST', `/payments/${paymentId}/refunds`, { reason: 'Test' });
  const cancelled = await metered('POST', `/bills/${billId}/cancel`, { reason: 'Test' });
  expect(refunded.requests).toBe('GetItem 1, Query 2, TransactWriteItems 1');
  expect(cancelled.requests).toBe('BatchGetItem 1, GetItem 1, Query 1, TransactWriteItems 1');
  expect([refunded.status, cancelled.status]).toEqual([201, 200]);
});

test('a section of Client Billing is one query, whatever the practice holds', async () => {
  const open = await metered('GET', '/bills?section=open');
  expect([open.status, open.requests]).toEqual([200, 'Query 1']);
  const partly = await metered('GET', '/bills?section=partially_paid');
  expect([partly.status, partly.requests]).toEqual([200, 'BatchGetItem 1, Query 1']);
});
