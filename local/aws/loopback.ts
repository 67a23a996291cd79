import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Part, PartOptions } from '../parts';
import { NoAnswer } from './faulty';

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Every SDK gives up before that; a socket must not outlive the test that made it wait. */
const UNANSWERED_MS = 60_000;

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A page of the internet may point its own name at 127.0.0.1; the Host header gives it away (DNS rebinding). */
function isLoopback(host: string | undefined): boolean {
  return host !== undefined && loopbackHosts.has(host.replace(/:\d+$/, ''));
}

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function write(response: http.ServerResponse, answer: Answer): void {
  const body = answer.body ?? '';
  // An answer to HEAD states the length of what GET would send.
  response.writeHead(answer.status, { 'content-length': Buffer.byteLength(body), ...answer.headers });
  response.end(body);
}

function leaveUnanswered(response: http.ServerResponse, reason: NoAnswer): void {
  const drop = () => response.destroy();
  if (reason.kind === 'crash') drop();
  else setTimeout(drop, UNANSWERED_MS).unref();
}

/**
 * Listens on 127.0.0.1 only. `answer` throws `NoAnswer` to leave the caller without one. Answers are dated by the moved
 * clock: by another date every SDK takes its own clock for wrong, and asks three more times what was refused.
 */
export async function listen(
  { port, clock }: Pick<PartOptions, 'port' | 'clock'>,
  answer: (call: Call) => Promise<Answer>,
): Promise<Part> {
  const server = http.createServer((request, response) => {
    response.setHeader('date', new Date(clock.now()).toUTCString());
    if (!isLoopback(request.headers.host)) return write(response, { status: 403, body: 'Only for this machine.' });
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    readBody(request)
      .then(body => answer({ method: request.method ?? 'GET', url, headers: request.headers, body }))
      .then(
        given => write(response, given),
        (error: unknown) => {
          if (error instanceof NoAnswer) return leaveUnanswered(response, error);
          console.error(error);
          write(response, { status: 500 });
        },
      );
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
