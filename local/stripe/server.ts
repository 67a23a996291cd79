import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { noFaults, type Part, type PartOptions } from '../parts';
import { ensurePlatform } from './accounts';
import { type Answer, Api, type Outcome } from './api';
import { Books } from './books';
import { type BookRow, bookRows, control } from './control';
import { Desk, platformId, type Webhook, type World } from './desk';
import { settleDue } from './due';
import { parseForm } from './form';
import { checkoutPage } from './hosted/checkout';
import { dashboardHome, paymentPage } from './hosted/dashboard';
import { onboardingPage } from './hosted/onboarding';
import { notFoundPage, seeOther } from './hosted/page';
import { threeDSecurePage } from './hosted/threeDSecure';
import { RequestRecord } from './requestRecord';
import { Webhooks } from './webhooks';

export interface StripeOptions extends PartOptions {
  /** Hears every account's events, signed with the secret. */
  readonly webhook?: Webhook;
  /** The only keys let in; absent: any `sk_test_…`. */
  readonly platformKeys?: readonly string[];
}

export interface StripePart extends Part {
  /** The account behind the platform's keys. */
  readonly platformId: string;
  /** Names the place that hears events, once its port is known. */
  deliverTo(webhook: Webhook): void;
  pendingWebhooks(): number;
  /** When the next delivery is due, in milliseconds by the clock. */
  nextWebhookAt(): number | undefined;
  /** Sends what is due now; how many were sent. */
  deliverDue(): Promise<number>;
  /** Resolves when nothing is due any more and nothing is under way. */
  idle(): Promise<void>;
  /** What was captured, refunded and disputed, by Stripe's own account. */
  books(): BookRow[];
  /** The requests since the start, head and body. */
  sent(): readonly string[];
  /** How many were sent before the oldest of these. */
  forgotten(): number;
}

const longestBody = 1024 * 1024;
const silence = 60_000;

/** Starts the stand-in for Stripe: its API, hosted pages, dashboard, webhooks. */
export async function startStripe(options: StripeOptions): Promise<StripePart> {
  const books = new Books(options.folder);
  const world: World = { books, clock: options.clock, url: '', webhook: options.webhook };
  const api = new Api(world, options.faults ?? noFaults, options.platformKeys);
  const webhooks = new Webhooks(world);
  const record = new RequestRecord();
  const server = createServer((request, response) => {
    void serve({ world, api, webhooks, record, options }, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ensurePlatform(world);
  books.commit();
  return {
    url: world.url,
    platformId,
    deliverTo: webhook => {
      world.webhook = webhook;
    },
    pendingWebhooks: () => webhooks.pending().length,
    nextWebhookAt: () => webhooks.nextAt(),
    deliverDue: () => webhooks.deliverDue(),
    idle: () => webhooks.idle(),
    books: () => bookRows(world),
    sent: () => record.sent(),
    forgotten: () => record.forgotten,
    close: async () => {
      await webhooks.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      books.close();
    },
  };
}

interface Serving {
  world: World;
  api: Api;
  webhooks: Webhooks;
  record: RequestRecord;
  options: StripeOptions;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    serving.record.add(request, body);
    const outcome = await outcomeOf(serving, request, body);
    if (typeof outcome === 'string') loseConnection(serving, request, outcome);
    else response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  } catch (thrown) {
    serving.world.books.rollback();
    console.error('stripe stand-in:', thrown);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
  if (request.method !== 'GET') void serving.webhooks.deliverDue();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > longestBody) throw new Error('The request is longer than a megabyte.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function outcomeOf(serving: Serving, request: IncomingMessage, body: string): Promise<Outcome> {
  const { world, api } = serving;
  const url = new URL(request.url ?? '/', world.url);
  const method = request.method ?? 'GET';
  if (!isOwn(world, request)) return plain(403, 'This server answers on its own address only.');
  if (url.pathname.startsWith('/v1/') || url.pathname.startsWith('/v2/')) {
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return api.answer({ method, url, header, body });
  }
  if (url.pathname.startsWith('/_stand-in/')) return control(serving, method, url.pathname, body);
  settleDue(world);
  const answer = hostedPage(world, url, method === 'POST' ? parseForm(body) : undefined);
  world.books.commit();
  return answer;
}

/** Against DNS rebinding, and against other sites' pages that post here. */
function isOwn(world: World, { headers, method }: IncomingMessage): boolean {
  const { host, port } = new URL(world.url);
  const ownHosts = [host, `localhost:${port}`];
  if (!ownHosts.includes(headers.host ?? '')) return false;
  const { origin } = headers;
  return method === 'GET' || origin === undefined || ownHosts.some(own => origin === `http://${own}`);
}

function hostedPage(
  world: World,
  { pathname, searchParams }: URL,
  form: ReturnType<typeof parseForm> | undefined,
): Answer {
  const [area, account = '', id = ''] = pathname
    .replace(/^\/c\/pay\//, '/pay/')
    .slice(1)
    .split('/');
  if (area === 'pay') return checkoutPage(new Desk(world, account), id, form);
  if (area === '3d-secure') return threeDSecurePage(new Desk(world, account), id, form);
  if (area === 'connect') return onboardingPage(world, account, searchParams, form);
  if (pathname === '/') return seeOther('/dashboard');
  if (/^\/dashboard(\/test\/payments)?\/?$/.test(pathname)) return dashboardHome(world);
  const payment = /^(?:\/dashboard)?(?:\/(acct_\w+))?\/test\/payments\/(pi_\w+)$/.exec(pathname);
  if (payment) return paymentPage(new Desk(world, payment[1] ?? platformId), payment[2] ?? '', form);
  return notFoundPage('There is nothing here');
}

const plain = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body });

/** A caller that is left waiting gives up by itself; one that crashes is ended by the machine. */
function loseConnection({ options }: Serving, request: IncomingMessage, how: 'silence' | 'crash'): void {
  if (how === 'silence') {
    setTimeout(() => request.socket.destroy(), silence).unref();
    return;
  }
  const caller = request.headers['x-caller-access-key'];
  if (typeof caller === 'string') options.crashCaller?.(caller);
  request.socket.destroy();
}
