import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An HTTP server that answers by a script, in turn: a problem as a problem, `cut` by closing the line, `never` not at all. */
export class ScriptedApi {
  readonly seen: SeenRequest[] = [];
  readonly #script: (Scripted | 'cut' | 'never')[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    this.seen.push({ method, url, headers, text: Buffer.concat(chunks).toString() });
    for (const tell of this.#waiting.splice(0)) tell();
    const answer = this.#script.shift() ?? { status: 500 };
    if (answer === 'never') return;
    if (answer === 'cut') return void request.socket.destroy();
    const kind = answer.status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(answer.status, { 'content-type': kind, ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : answer.body && JSON.stringify(answer.body));
  });

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** When the next request is here. */
  arrival(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  script(...answers: (Scripted | 'cut' | 'never')[]): void {
    this.seen.length = 0;
    this.#script.splice(0, this.#script.length, ...answers);
  }
}
