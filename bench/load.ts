import { quantile } from './figures';
import { type Json, type Office, textIn } from './office';

export interface Latency {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

/** Milliseconds that one client waits, one request after the other: a bill made, paid in cash, read. */
export async function measureLatency(office: Office, rounds: number): Promise<readonly Latency[]> {
  const warmUp = Math.ceil(rounds / 5);
  const wanted = await billsToMake(office, rounds + warmUp);
  const times: Record<string, number[]> = { 'create + pay + read': [], create: [], pay: [], read: [] };
  for (const [round, body] of wanted.entries()) {
    const started = performance.now();
    const billId = textIn(await office.post('/bills', body), 'billId');
    const created = performance.now();
    await office.post(`/bills/${billId}/payments`, { type: 'cash_check', amountCents: 16500 });
    const paid = performance.now();
    await office.get(`/bills/${billId}`);
    const read = performance.now();
    if (round < warmUp) continue;
    const steps = {
      'create + pay + read': read - started,
      create: created - started,
      pay: paid - created,
      read: read - paid,
    };
    for (const [name, took] of Object.entries(steps)) times[name]?.push(took);
  }
  return Object.entries(times).map(([name, all]) => ({ name, p50: quantile(all, 0.5), p95: quantile(all, 0.95) }));
}

/** Bills made a second by so many clients at once. */
export async function measureThroughput(
  office: Office,
  { clients, bills }: { readonly clients: number; readonly bills: number },
): Promise<number> {
  const warmUp = await billsToMake(office, clients * 2);
  const wanted = await billsToMake(office, bills);
  const make = (body: Json) => office.post('/bills', body);
  await atOnce(clients, warmUp, make);
  const started = performance.now();
  await atOnce(clients, wanted, make);
  return (wanted.length * 1000) / (performance.now() - started);
}

/** Bodies of bills, each of a completed session of its own; twenty sessions a client. */
async function billsToMake(office: Office, howMany: number): Promise<Json[]> {
  const serviceId = await office.service();
  const charts = Array.from({ length: Math.ceil(howMany / 20) }, (_, chart) => Math.min(20, howMany - chart * 20));
  const bodies = await atOnce(8, charts, async sessions => {
    const clientId = await office.client();
    const ids = await office.sessions({ clientId, serviceId }, sessions);
    return ids.map(sessionId => ({ clientId, sessions: [{ sessionId }] }));
  });
  return bodies.flat();
}

/** Does it for all, so many at a time. */
async function atOnce<T, R>(howMany: number, all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = all.entries();
  const worker = async () => {
    for (const [at, one] of waiting) results[at] = await act(one);
  };
  await Promise.all(Array.from({ length: howMany }, worker));
  return results;
}
