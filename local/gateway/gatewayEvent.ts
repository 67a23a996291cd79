import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID } from '../aws/arns';
import type { WebRequest } from './exchange';
import type { Matched } from './routes';

export interface EventContext {
  readonly apiId: string;
  readonly now: number;
  readonly requestId?: string;
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/** What an HTTP API hands on as text; all else goes as base64. */
const textual = /^(text\/|application\/(json|javascript|xml|.+\+json|.+\+xml)\b)/i;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2026:19:03:58 +0000`, the common log form. */
function logTime(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

function queryOf(rawQuery: string): Record<string, string> | undefined {
  if (rawQuery === '') return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery))
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  return query;
}

/** What routes and authorizers are both told: payload format 2.0 without the body. */
export function requestPart(request: WebRequest, { route, pathParameters }: Matched, context: EventContext) {
  const { cookie, ...headers } = request.headers;
  const query = queryOf(request.rawQuery);
  const forwarded = [headers['x-forwarded-for'], request.address].filter(Boolean).join(', ');
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: request.rawPath,
    rawQueryString: request.rawQuery,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: { ...headers, 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: context.apiId,
      ...(context.authorizer === undefined ? {} : { authorizer: { lambda: context.authorizer } }),
      domainName: request.headers.host ?? '127.0.0.1',
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path: request.rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.address,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId ?? randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: logTime(context.now),
      timeEpoch: context.now,
    },
  };
}

export function proxyEvent(request: WebRequest, matched: Matched, context: EventContext) {
  const isBase64Encoded = request.body.length > 0 && !textual.test(request.headers['content-type'] ?? 'text/plain');
  return {
    ...requestPart(request, matched, context),
    ...(request.body.length === 0 ? {} : { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}
