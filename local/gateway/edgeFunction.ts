import { createContext, Script } from 'node:vm';
import type { WebAnswer, WebRequest } from './exchange';

interface EdgeValue {
  readonly value: string;
}

interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: Readonly<Record<string, EdgeValue>>;
  readonly headers: Readonly<Record<string, EdgeValue>>;
  readonly cookies: Readonly<Record<string, EdgeValue>>;
}

interface EdgeResponse {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, EdgeValue>>;
  readonly body?: string | { readonly data: string; readonly encoding?: 'text' | 'base64' };
}

export type EdgeOutcome = { readonly request: WebRequest } | { readonly answer: WebAnswer };

const valued = (entries: Iterable<readonly [string, string]>): Record<string, EdgeValue> =>
  Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));

function eventOf(request: WebRequest) {
  const cookies = (request.headers.cookie ?? '')
    .split(/; */)
    .filter(Boolean)
    .map(cookie => cookie.split('=', 2) as [string, string]);
  const edgeRequest: EdgeRequest = {
    method: request.method,
    uri: request.rawPath,
    querystring: valued(new URLSearchParams(request.rawQuery)),
    headers: valued(Object.entries(request.headers).filter(([name]) => name !== 'cookie')),
    cookies: valued(cookies),
  };
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: request.address },
    request: edgeRequest,
  };
}

function answerOf({ statusCode, headers = {}, body = '' }: EdgeResponse): WebAnswer {
  const named = Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value] as const);
  const given = typeof body === 'string' ? { data: body } : body;
  return {
    status: statusCode,
    headers: Object.fromEntries(named),
    body: 'encoding' in given && given.encoding === 'base64' ? Buffer.from(given.data, 'base64') : given.data,
  };
}

/** A CloudFront Function on viewer requests: plain JavaScript with a `handler`, without network, files or time to waste. */
export function edgeFunction(code: string, name: string): (request: WebRequest) => Promise<EdgeOutcome> {
  const context = createContext(
    { console: { log: () => undefined } },
    { codeGeneration: { strings: false, wasm: false } },
  );
  new Script(code, { filename: name }).runInContext(context, { timeout: 1000 });
  const call = new Script('Promise.resolve(handler(JSON.parse(event))).then(JSON.stringify)');
  return async request => {
    context.event = JSON.stringify(eventOf(request));
    const text = (await call.runInContext(context, { timeout: 100 })) as string;
    const given = JSON.parse(text) as EdgeRequest | EdgeResponse;
    if ('statusCode' in given) return { answer: answerOf(given) };
    const query = new URLSearchParams(Object.entries(given.querystring).map(([key, { value }]) => [key, value]));
    return { request: { ...request, rawPath: given.uri, rawQuery: query.toString() } };
  };
}
