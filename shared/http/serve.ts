import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { config } from '../config';
import { Problem } from '../domain/problem';
import { logger } from '../logger';
import type { Caller, ClientCaller, GuestCaller, StaffCaller } from '../operations/caller';
import { type AnswerSchemas, defaultMaxBodyBytes, type Role, type Row } from '../operations/row';
import type { ReplayRecord } from '../store/table';
import { type InputIssue, readPart } from './inputIssues';
import { lostToRepeat, noKey, type Once, onceFor, Repeated } from './once';
import { catalogue, problemDocument } from './problemJson';
import { bodyBytes, callerAddress, checkMediaType, readIfMatch, readJson, readKey } from './requestParts';

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

/**
 * The one way a request walks: origin, caller, size, form, role, fields, replay, run, render (the order of refusals of
 * clarification 2). Default is refusal.
 */
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
      const answer = await replay(record, input).catch(repeated);
      const { headers, ...rest } = answer as { status: number; body: unknown; headers?: Record<string, string> };
      return render(row, { ...rest, headers: { ...headers, 'idempotent-replayed': 'true' } } as Output<R>);
    }
  };
  return middy(handle).use({ before: logContext(row), onError: problems }) as unknown as Handler;
}

/** A refusal that is kept under its key is a repeat like any other answer; the header says so. */
const repeatedRefusals = new WeakSet<Error>();
function repeated(error: unknown): never {
  if (error instanceof Problem && isKept(error)) repeatedRefusals.add(error);
  throw error;
}

const isKept = ({ code }: Problem): boolean => catalogue[code].status === 402;
const isRepeated = (error: Error | null): boolean => error !== null && repeatedRefusals.has(error);

async function repeatedRecord(error: unknown, once: Once): Promise<ReplayRecord | undefined> {
  if (error instanceof Repeated) return error.record;
  // A rule may have seen what the same request did a moment ago, after its record was looked for: "nothing is owed".
  if (error instanceof Problem) return refusedByState(error) ? once.recordNow() : undefined;
  if (!lostToRepeat(error)) return undefined;
  const found = error.failed.find(({ write }) => write.as === 'replay')?.found;
  return once.recordIn(found);
}

/** Not a card's refusal, which is told after the record was written, nor what may be asked again with the same key. */
const refusedByState = (problem: Problem): boolean => [404, 409, 412, 422].includes(catalogue[problem.code].status);

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
    headers: { ...document.headers, ...(isRepeated(request.error) ? { 'idempotent-replayed': 'true' } : {}) },
    body: JSON.stringify(document.body),
  } satisfies APIGatewayProxyStructuredResultV2;
};

/** Fields for an operation that takes none would be lost silently. */
const noBody = z.strictObject({});

function readInput<R extends Row>(row: R, event: APIGatewayProxyEventV2): Input<R> {
  const headers = event.headers;
  if (headers['x-origin-verify'] !== config.originSecret())
    throw new Problem('forbidden', { roles: ['the web address of this system'] });
  const caller = readCaller(row, event);
  // Who calls is asked first, what the caller may do only once the request has a form.
  const rawBody = bodyBytes(row, event);
  if (rawBody.length > (row.maxBodyBytes ?? defaultMaxBodyBytes)) {
    throw new Problem('body_too_large', { maxBodyBytes: row.maxBodyBytes ?? defaultMaxBodyBytes });
  }
  if (row.bodyFormat === 'raw') checkMediaType(row, headers);
  const json = row.bodyFormat === 'raw' ? undefined : readJson(headers, rawBody);
  const key = readKey(row, headers);
  if (caller) checkRole(row, caller);
  const issues: InputIssue[] = [];
  const query = readPart(row.query, event.queryStringParameters ?? {}, issues);
  const body = row.bodyFormat === 'raw' ? undefined : readPart(row.body ?? noBody, json, issues);
  const ifMatch = readIfMatch(headers, issues);
  if (issues.length > 0) throw new Problem('invalid_input', { errors: issues });
  const path = readPart(row.pathParams, event.pathParameters ?? {}, issues);
  // An id of another form is an id of nothing.
  if (issues.length > 0) throw new Problem('not_found', { what: 'record' });
  return {
    path,
    query,
    body,
    caller,
    headers,
    rawBody,
    once: caller && key !== undefined ? onceFor(row, caller, key, { path: event.rawPath, body: rawBody }) : noKey,
    ifMatch,
    address: callerAddress(headers),
    requestId: event.requestContext.requestId,
  } as Input<R>;
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
  return JSON.parse(text) as Caller;
}

function checkRole(row: Row, caller: Caller): void {
  if (caller.kind !== row.auth) throw new Problem('forbidden', { roles: row.roles ?? [row.auth] });
  if (caller.kind !== 'staff') return;
  const roles: readonly Role[] = row.roles ?? [];
  const allowed = caller.roles.some(role => roles.includes(role));
  // A member whose billing is switched off keeps only what a scheduler may do.
  if (!allowed || (!caller.billing && !roles.includes('scheduler'))) throw new Problem('forbidden', { roles });
}

function render<R extends Row>(row: R, answer: Output<R>): APIGatewayProxyStructuredResultV2 {
  const { status, body, headers = {} } = answer as { status: number; body: unknown; headers?: Record<string, string> };
  const schema = (row.answers as AnswerSchemas)[status];
  const common = { 'cache-control': 'no-store', ...headers };
  if (schema === 'bytes' || body instanceof Uint8Array) {
    return {
      statusCode: status,
      headers: { ...(row.bytesAre === undefined ? {} : { 'content-type': row.bytesAre }), ...common },
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
