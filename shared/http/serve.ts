import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod';
import { config } from '../config';
import { Problem } from '../domain/problem';
import { logger } from '../logger';
import type { Caller, ClientCaller, GuestCaller, StaffCaller } from '../operations/caller';
import { type AnswerSchemas, defaultMaxBodyBytes, type Role, type Row } from '../operations/row';
import type { ReplayRecord } from '../store/table';
import { lostToRepeat, noKey, type Once, onceFor, Repeated } from './once';
import { problemDocument } from './problemJson';

type ParsedAt<R, Part extends string> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;
type CallerOf<R extends Row> = {
  staff: StaffCaller;
  guest: GuestCaller;
  client: ClientCaller;
  none: undefined;
}[R['auth']];

export interface Input<R extends Row> {
  readonly path: ParsedAt<R, 'pathParams'>;
  readonly query: ParsedAt<R, 'query'>;
  readonly body: ParsedAt<R, 'body'>;
  readonly caller: CallerOf<R>;
  readonly once: Once;
  /** The bill version that `If-Match` names. */
  readonly ifMatch: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Uint8Array;
  /** The caller's own address, behind CloudFront. */
  readonly address: string;
  readonly requestId: string;
}

type BodyOf<S> = S extends z.ZodType ? z.input<S> : S extends 'bytes' ? Uint8Array : undefined;
export type Output<R extends Row> = {
  [S in keyof R['answers'] & number]: {
    readonly status: S;
    readonly body: BodyOf<R['answers'][S]>;
    readonly headers?: Record<string, string>;
  };
}[keyof R['answers'] & number];

export type Run<R extends Row> = (input: Input<R>) => Promise<Output<R>>;
/** Answers a repeat: same status and ids, the objects as they stand now. */
export type Replay<R extends Row> = (record: ReplayRecord, input: Input<R>) => Promise<Output<R>>;
export interface Operation<R extends Row> {
  readonly run: Run<R>;
  readonly replay: Replay<R>;
}

export const reply = <S extends number, B>(status: S, body: B, headers?: Record<string, string>) =>
  headers ? { status, body, headers } : { status, body };

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** The one way a request walks: origin, caller, role, size, parse, replay, run, render. Default is refusal. */
export function serve<R extends Row>(row: R, operation: Run<R> | Operation<R>): Handler {
  const { run, replay } = typeof operation === 'function' ? { run: operation, replay: undefined } : operation;
  const handle = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const input = readInput(row, event);
    try {
      const answer = await run(input);
      return render(row, answer);
    } catch (error) {
      const record = await repeatedRecord(error, input.once);
      if (!record || !replay) throw error;
      const answer = await replay(record, input);
      const { headers, ...rest } = answer as { status: number; body: unknown; headers?: Record<string, string> };
      return render(row, { ...rest, headers: { ...headers, 'idempotent-replayed': 'true' } } as Output<R>);
    }
  };
  return middy(handle).use({ before: logContext(row), onError: problems }) as unknown as Handler;
}

async function repeatedRecord(error: unknown, once: Once): Promise<ReplayRecord | undefined> {
  if (error instanceof Repeated) return error.record;
  if (!lostToRepeat(error)) return undefined;
  const found = error.failed.find(({ write }) => write.as === 'replay')?.found;
  return once.recordIn(found);
}

const logContext = (row: Row) => async (request: { event: APIGatewayProxyEventV2 }) => {
  logger.resetKeys();
  logger.appendKeys({ operation: row.operation, requestId: request.event.requestContext?.requestId });
};

const problems = async (request: {
  event: APIGatewayProxyEventV2;
  error: Error | null;
  response: unknown;
}): Promise<void> => {
  const document = problemDocument(request.error, request.event.requestContext?.requestId ?? 'none');
  if (request.error instanceof Problem) logger.info('refused', { code: request.error.code, status: document.status });
  else logger.error('failed', { error: request.error as Error });
  request.response = {
    statusCode: document.status,
    headers: document.headers,
    body: JSON.stringify(document.body),
  } satisfies APIGatewayProxyStructuredResultV2;
};

function readInput<R extends Row>(row: R, event: APIGatewayProxyEventV2): Input<R> {
  const headers = event.headers;
  if (headers['x-origin-verify'] !== config.originSecret())
    throw new Problem('forbidden', { roles: ['the web address of this system'] });
  const caller = readCaller(row, event);
  const rawBody = bodyBytes(event);
  if (rawBody.length > (row.maxBodyBytes ?? defaultMaxBodyBytes)) {
    throw new Problem('body_too_large', { maxBodyBytes: row.maxBodyBytes ?? defaultMaxBodyBytes });
  }
  if (row.bodyFormat === 'raw') checkMediaType(row, headers);
  const json = row.bodyFormat === 'raw' ? undefined : readJson(row, headers, rawBody);
  const key = readKey(row, headers);
  const issues: Issue[] = [];
  const path = parsePart(row.pathParams, event.pathParameters ?? {}, '/path', issues);
  const query = parsePart(row.query, event.queryStringParameters ?? {}, '', issues);
  const body = row.bodyFormat === 'raw' ? undefined : parsePart(row.body, json, '', issues);
  if (issues.some(issue => issue.pointer.startsWith('/path'))) throw new Problem('not_found', { what: 'record' });
  if (issues.length > 0) throw new Problem('invalid_input', { errors: issues });
  return {
    path,
    query,
    body,
    caller,
    headers,
    rawBody,
    once: caller && key !== undefined ? onceFor(row, caller, key, { path: event.rawPath, body: rawBody }) : noKey,
    ifMatch: readIfMatch(headers),
    address: callerAddress(headers),
    requestId: event.requestContext.requestId,
  } as Input<R>;
}

/** The second from the right is who talked to CloudFront; what stands further left anybody can write. */
function callerAddress(headers: Record<string, string | undefined>): string {
  const chain = (headers['x-forwarded-for'] ?? '').split(',').map(part => part.trim());
  return chain.at(-2) ?? chain.at(-1) ?? 'unknown';
}

interface AuthorizerContext {
  caller?: string;
  refusal?: string;
}

function readCaller(row: Row, event: APIGatewayProxyEventV2): Caller | undefined {
  if (row.auth === 'none') return undefined;
  const { authorizer } = event.requestContext as { authorizer?: { lambda?: AuthorizerContext } };
  const { caller: text, refusal } = authorizer?.lambda ?? {};
  if (!text) throw new Problem('unauthenticated', { reason: refusal ?? 'no token' });
  const caller = JSON.parse(text) as Caller;
  if (caller.kind !== row.auth) throw new Problem('forbidden', { roles: row.roles ?? [row.auth] });
  if (caller.kind === 'staff') {
    const roles: readonly Role[] = row.roles ?? [];
    const allowed = caller.roles.some(role => roles.includes(role));
    // A member whose billing is switched off keeps only what a scheduler may do.
    if (!allowed || (!caller.billing && !roles.includes('scheduler'))) throw new Problem('forbidden', { roles });
  }
  return caller;
}

const bodyBytes = (event: APIGatewayProxyEventV2): Uint8Array =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');

const mediaType = (headers: Record<string, string | undefined>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function checkMediaType(row: Row, headers: Record<string, string | undefined>): void {
  const accepted = row.accepts ?? [];
  if (accepted.length > 0 && !accepted.includes(mediaType(headers))) {
    throw new Problem('unsupported_media_type', { accepted });
  }
}

function readJson(row: Row, headers: Record<string, string | undefined>, raw: Uint8Array): unknown {
  if (!row.body) return undefined;
  if (raw.length === 0) return {};
  if (mediaType(headers) !== 'application/json') {
    throw new Problem('unsupported_media_type', { accepted: ['application/json'] });
  }
  try {
    return JSON.parse(Buffer.from(raw).toString('utf8'));
  } catch {
    throw new Problem('malformed_json');
  }
}

function readKey(row: Row, headers: Record<string, string | undefined>): string | undefined {
  if (!row.idempotency) return undefined;
  const key = headers['idempotency-key'];
  if (key === undefined && row.idempotency === 'accepted') return undefined;
  if (key === undefined || !/^[\x20-\x7e]{8,255}$/.test(key)) throw new Problem('idempotency_key_required');
  return key;
}

function readIfMatch(headers: Record<string, string | undefined>): number | undefined {
  const value = headers['if-match'];
  if (value === undefined || value === '*') return undefined;
  const match = /^(?:W\/)?"(\d+)"$/.exec(value.trim());
  if (!match)
    throw new Problem('invalid_input', {
      errors: [{ pointer: '/headers/if-match', message: 'must be an ETag that this API gave' }],
    });
  return Number(match[1]);
}

interface Issue {
  pointer: string;
  message: string;
}

function parsePart(schema: z.ZodType | undefined, value: unknown, prefix: string, issues: Issue[]): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const at = `${prefix}/${issue.path.map(part => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
    if (issue.code === 'unrecognized_keys') {
      for (const unknown of issue.keys)
        issues.push({ pointer: `${at === '/' ? '' : at}/${unknown}`, message: 'is not a field of this request' });
    } else issues.push({ pointer: at, message: issue.message });
  }
  return undefined;
}

function render<R extends Row>(row: R, answer: Output<R>): APIGatewayProxyStructuredResultV2 {
  const { status, body, headers = {} } = answer as { status: number; body: unknown; headers?: Record<string, string> };
  const schema = (row.answers as AnswerSchemas)[status];
  const common = { 'cache-control': 'no-store', ...headers };
  if (schema === 'bytes' || body instanceof Uint8Array) {
    return {
      statusCode: status,
      headers: common,
      body: Buffer.from(body as Uint8Array).toString('base64'),
      isBase64Encoded: true,
    };
  }
  if (schema === null || schema === undefined) return { statusCode: status, headers: common };
  // Parsed by the row on the way out as well: a field that the contract does not list cannot leak.
  const shown = schema.parse(body) as Record<string, unknown>;
  const version = versionOf(shown);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      ...(version === undefined ? {} : { etag: `"${version}"` }),
      ...common,
    },
    body: JSON.stringify(shown),
  };
}

function versionOf(body: Record<string, unknown>): number | undefined {
  if (typeof body.billId === 'string' && typeof body.version === 'number') return body.version;
  const bill = body.bill as { version?: number } | undefined;
  return bill?.version;
}
