import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../parts';
import { Authorizers, type Invoke } from './authorizer';
import { type Door, gatewayMessage, type WebAnswer, type WebRequest } from './exchange';
import { type EventContext, proxyEvent } from './gatewayEvent';
import { type Matched, matcher, type Route } from './routes';

export interface HttpApiOptions {
  readonly apiId: string;
  readonly routes: readonly Route[];
  readonly clock: LocalClock;
  readonly invoke: Invoke;
}

const internalError = gatewayMessage(500, 'Internal Server Error');
const unavailable = gatewayMessage(503, 'Service Unavailable');

interface ProxyResult {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** Without a `statusCode` the whole value is the body of a 200, as payload format 2.0 has it. */
function answerOf(result: unknown): WebAnswer {
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded } = (result ?? {}) as ProxyResult;
  if (statusCode === undefined) {
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
  }
  if (!Number.isInteger(statusCode) || typeof body !== 'string') return internalError;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(named),
      ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

function within<T>(promise: Promise<T>, milliseconds: number, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** API Gateway's HTTP API: routes, its Lambda authorizer, and the answers that are its own. */
export function httpApi(options: HttpApiOptions): Door {
  const match = matcher(options.routes);
  const authorizers = new Authorizers(options.clock, options.invoke);

  async function callFunction(request: WebRequest, matched: Matched, context: EventContext): Promise<WebAnswer> {
    const { functionArn, timeoutMs } = matched.route;
    const called = options
      .invoke(functionArn, proxyEvent(request, matched, context))
      .then(answerOf, () => internalError);
    return within(called, timeoutMs, unavailable);
  }

  return async request => {
    if (request.tooLarge) return gatewayMessage(413, 'Request Entity Too Large');
    const matched = match(request.method, request.rawPath);
    if (matched === undefined) return gatewayMessage(404, 'Not Found');
    const context: EventContext = { apiId: options.apiId, now: options.clock.now(), requestId: randomUUID() };
    const { authorizer } = matched.route;
    const verdict =
      authorizer === undefined ? undefined : await authorizers.judge(authorizer, request, matched, context);
    if (verdict !== undefined && 'refusal' in verdict) return verdict.refusal;
    const answer = await callFunction(
      request,
      matched,
      verdict === undefined ? context : { ...context, authorizer: verdict.context },
    );
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': context.requestId ?? '' } };
  };
}
