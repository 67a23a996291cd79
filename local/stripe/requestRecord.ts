import type { IncomingMessage } from 'node:http';

const most = 2_000;

/** What callers sent, byte for byte as far as it matters for finding private data; the oldest are forgotten. */
export class RequestRecord {
  private readonly requests: string[] = [];
  /** How many there were before the oldest that is kept. */
  forgotten = 0;

  add(request: IncomingMessage, body: string): void {
    const headers: string[] = [];
    for (let index = 0; index < request.rawHeaders.length; index += 2)
      headers.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
    this.requests.push([`${request.method} ${request.url} HTTP/1.1`, ...headers, '', body].join('\r\n'));
    if (this.requests.length <= most) return;
    this.requests.shift();
    this.forgotten += 1;
  }

  sent(): readonly string[] {
    return [...this.requests];
  }
}
