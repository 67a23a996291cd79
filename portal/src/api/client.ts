import type { Row } from '../../../shared/operations/row';
import { Intent } from './intent';
import { refusal, Unanswered } from './refused';
import type { Api, Circumstances, Route } from './route';

export interface ClientOptions {
  /** Where the API is; a page's own origin unless told. */
  readonly origin?: string;
  readonly token?: () => string | undefined;
  readonly timeoutMs?: number;
}

interface AnyAsked extends Circumstances {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | object;
  readonly key?: Intent | string;
}

/**
 * Calls operations by their routes, in a browser as in Node. Answers and bodies are typed by the rows. It throws `Refused`
 * where the API says no, `Unanswered` where nobody knows, and the signal's own reason where the caller gave up.
 */
export function apiClient(options: ClientOptions = {}): Api {
  const call = async (route: Route<Row>, asked: AnyAsked = {}): Promise<unknown> => {
    const url = `${options.origin ?? ''}/api${filled(route.path, asked)}`;
    const body = bodyOf(asked);
    const key = asked.key instanceof Intent ? asked.key.keyFor(`${route.method} ${url}\n${body}`) : asked.key;
    const request = {
      method: route.method,
      cache: 'no-store',
      headers: headersOf(asked, key, options),
      ...(body === undefined ? {} : { body }),
    } as const;
    const answer = await answered(url, request, { signal: asked.signal, timeoutMs: options.timeoutMs ?? 35_000 });
    const refused = answer.ok ? undefined : refusal(answer.status, answer.content);
    if (asked.key instanceof Intent && !refused?.repeatable) asked.key.settled();
    if (refused) throw refused;
    const version = /^(?:W\/)?"(\d+)"$/.exec(answer.headers.get('ETag') ?? '')?.[1];
    return {
      status: answer.status,
      body: answer.content,
      version: version && Number(version),
      replayed: answer.headers.get('Idempotent-Replayed') === 'true',
    };
  };
  // The server parses what it takes and what it gives by the same rows, so their types are what comes and goes.
  return call as Api;
}

function filled(path: string, { path: values = {}, query = {} }: AnyAsked): string {
  const filledIn = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? filledIn : `${filledIn}?${new URLSearchParams(given)}`;
}

const bodyOf = ({ body }: AnyAsked): string | Uint8Array<ArrayBuffer> | undefined =>
  body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);

function headersOf(asked: AnyAsked, key: string | undefined, { token }: ClientOptions): Record<string, string> {
  const bearer = 'token' in asked ? asked.token : token?.();
  return {
    Accept: 'application/json',
    ...(asked.body === undefined ? {} : { 'Content-Type': asked.contentType ?? 'application/json' }),
    ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    ...(asked.ifMatch === undefined ? {} : { 'If-Match': `"${asked.ifMatch}"` }),
  };
}

interface Answered {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly content: unknown;
}

/** Whole, within the time: an answer that stops half-way is none. */
async function answered(
  url: string,
  request: RequestInit,
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
): Promise<Answered> {
  // `AbortSignal.any` is younger than the browsers that people pay with.
  const ending = new AbortController();
  const giveUp = () => ending.abort();
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener('abort', giveUp);
  try {
    signal?.throwIfAborted();
    const response = await fetch(url, { ...request, signal: ending.signal });
    const { ok, status, headers } = response;
    return { ok, status, headers, content: await contentOf(response) };
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof Unanswered ? error : new Unanswered(undefined, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

async function contentOf(response: Response): Promise<unknown> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  if (!/[/+]json\b/.test(response.headers.get('Content-Type') ?? '')) return bytes;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Unanswered(response.status, error);
  }
}
