import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface FakeAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly delayMs?: number;
}

export interface SeenCall {
  readonly route: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

/** The built site under the policy that the distribution sends, with answers of the guest operations set by the test. */
export class GuestSite {
  readonly calls: SeenCall[] = [];
  readonly #answers = new Map<string, FakeAnswer[]>();
  readonly #server: Server;

  constructor(readonly folder: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request)
        .then(({ status = 200, body, headers = {}, bytes }) => {
          response.writeHead(status, { 'Content-Security-Policy': policy, ...headers });
          response.end(bytes ?? (body === undefined ? '' : JSON.stringify(body)));
        })
        .catch(() => response.writeHead(500).end());
    });
  }

  /** Answers of one route in turn; the last one stays. */
  on(route: string, ...answers: FakeAnswer[]): this {
    this.#answers.set(route, answers);
    return this;
  }

  reset(): void {
    this.calls.length = 0;
    this.#answers.clear();
  }

  callsOf(route: string): SeenCall[] {
    return this.calls.filter(call => call.route === route);
  }

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<FakeAnswer & { bytes?: Buffer }> {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname.startsWith('/api/guest/')) return this.#api(request, pathname.slice('/api/guest'.length));
    if (pathname === '/hosted')
      return { headers: { 'Content-Type': 'text/html' }, bytes: Buffer.from('<title>Stripe</title>') };
    const name = pathname === '/pay' ? '/pay.html' : pathname === '/' ? '/index.html' : pathname;
    const type = types[path.extname(name)] ?? 'application/octet-stream';
    return { headers: { 'Content-Type': type }, bytes: await readFile(path.join(this.folder, path.normalize(name))) };
  }

  async #api(request: IncomingMessage, route: string): Promise<FakeAnswer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    this.calls.push({ route, body: text ? JSON.parse(text) : undefined, headers: request.headers });
    const queue = this.#answers.get(route) ?? [];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? { status: 404, body: { code: 'not_found' } };
    if (answer.delayMs) await new Promise(resolve => setTimeout(resolve, answer.delayMs));
    return { ...answer, headers: { 'Content-Type': 'application/json', ...answer.headers } };
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
