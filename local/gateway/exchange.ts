import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Part } from '../parts';

/** A request as it reaches a door, its header names in lower case, repeated ones joined by commas. */
export interface WebRequest {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Who talks to this door. */
  readonly address: string;
  /** The body went over the limit and was not kept. */
  readonly tooLarge: boolean;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

export type Door = (request: WebRequest) => Promise<WebAnswer>;

/** What an HTTP API takes. */
const BODY_LIMIT = 10 * 1024 * 1024;

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A page of the internet may point its own name at 127.0.0.1; the Host header gives it away (DNS rebinding). */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && loopbackHosts.has(host.replace(/:\d+$/, ''));

export const jsonAnswer = (status: number, body: unknown): WebAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const gatewayMessage = (status: number, message: string): WebAnswer => jsonAnswer(status, { message });

export const htmlAnswer = (status: number, body: string, headers: Record<string, string> = {}): WebAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body,
});

async function readRequest(request: http.IncomingMessage): Promise<WebRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= BODY_LIMIT) chunks.push(chunk as Buffer);
  }
  const [rawPath = '/', ...query] = (request.url ?? '/').split('?');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')] as const);
  return {
    method: request.method ?? 'GET',
    rawPath,
    rawQuery: query.join('?'),
    headers: Object.fromEntries(headers),
    body: bytes <= BODY_LIMIT ? Buffer.concat(chunks) : Buffer.alloc(0),
    address: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    tooLarge: bytes > BODY_LIMIT,
  };
}

function send(response: http.ServerResponse, answer: WebAnswer, method: string): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  const bodiless = answer.status === 204 || answer.status === 304;
  if (!bodiless) response.setHeader('content-length', Buffer.byteLength(answer.body));
  response.end(method === 'HEAD' || bodiless ? undefined : answer.body);
}

/** Opens a door on 127.0.0.1; a request for another host is refused before anybody sees it. */
export async function openDoor(port: number, door: Door): Promise<Part> {
  const server = http.createServer((incoming, response) => {
    if (!isLoopbackHost(incoming.headers.host)) {
      incoming.resume();
      return send(response, gatewayMessage(403, 'Only this machine may ask.'), 'GET');
    }
    readRequest(incoming)
      .then(request => door(request))
      .catch((error: unknown) => {
        console.error(error);
        return gatewayMessage(500, 'Internal Server Error');
      })
      .then(answer => send(response, answer, incoming.method ?? 'GET'))
      .catch(() => response.destroy());
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
