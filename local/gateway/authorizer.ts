import type { LocalClock } from '../parts';
import { gatewayMessage, type WebAnswer, type WebRequest } from './exchange';
import { type EventContext, requestPart } from './gatewayEvent';
import type { AuthorizerSpec, Matched } from './routes';

export type Invoke = (functionArn: string, event: unknown) => Promise<unknown>;

interface SimpleResponse {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
}

type Verdict = { readonly context: Readonly<Record<string, unknown>> } | { readonly refusal: WebAnswer };

interface Kept extends SimpleResponse {
  readonly until: number;
}

/** `$request.header.Authorization`, `$request.querystring.x`, `$context.routeKey`: nothing when it is missing or empty. */
function identityOf(source: string, request: WebRequest, { route }: Matched): string | undefined {
  const [, place = '', name = ''] = /^\$(request\.header|request\.querystring|context)\.(.+)$/.exec(source) ?? [];
  if (place === 'request.header') return request.headers[name.toLowerCase()] || undefined;
  if (place === 'request.querystring') return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
  return name === 'routeKey' ? route.routeKey : undefined;
}

/** Asks the authorizer's function, as seldom as its time to live allows; time is the moved clock's. */
export class Authorizers {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly clock: LocalClock,
    private readonly invoke: Invoke,
  ) {}

  async judge(spec: AuthorizerSpec, request: WebRequest, matched: Matched, context: EventContext): Promise<Verdict> {
    const identity = spec.identitySources.map(source => identityOf(source, request, matched));
    if (identity.includes(undefined)) return { refusal: gatewayMessage(401, 'Unauthorized') };
    const key = JSON.stringify([spec.id, identity]);
    const now = this.clock.now();
    const kept = this.#kept.get(key);
    const answer = kept !== undefined && kept.until > now ? kept : await this.#ask(spec, request, matched, context);
    if (answer === undefined) return { refusal: gatewayMessage(500, 'Internal Server Error') };
    if (answer !== kept && spec.ttlSeconds > 0) this.#keep(key, { ...answer, until: now + spec.ttlSeconds * 1000 });
    if (!answer.isAuthorized) return { refusal: gatewayMessage(403, 'Forbidden') };
    return { context: answer.context ?? {} };
  }

  #keep(key: string, answer: Kept): void {
    if (this.#kept.size > 10_000) this.#kept.clear();
    this.#kept.set(key, answer);
  }

  async #ask(
    spec: AuthorizerSpec,
    request: WebRequest,
    matched: Matched,
    context: EventContext,
  ): Promise<SimpleResponse | undefined> {
    const part = requestPart(request, matched, context);
    const event = {
      ...part,
      type: 'REQUEST',
      routeArn: `arn:aws:execute-api:us-east-1:${part.requestContext.accountId}:${context.apiId}/$default/${request.method}${request.rawPath}`,
      identitySource: spec.identitySources.map(source => identityOf(source, request, matched)),
    };
    const answer = await this.invoke(spec.functionArn, event).catch(() => undefined);
    const { isAuthorized, context: told } = (answer ?? {}) as Partial<SimpleResponse>;
    if (typeof isAuthorized !== 'boolean') return undefined;
    return { isAuthorized, ...(told === undefined ? {} : { context: told }) };
  }
}
