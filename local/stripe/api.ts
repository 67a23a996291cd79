import { randomBytes } from 'node:crypto';
import type { Fault, FaultBook } from '../parts';
import { accountOf } from './accounts';
import { lineItemsOf } from './checkoutSessions';
import { Desk, type World } from './desk';
import { settleDue } from './due';
import { type Form, parseForm } from './form';
import { IdempotencyKeys, type Keyed } from './idempotency';
import { expand, page } from './lists';
import { checkParameters, Parameters } from './parameters';
import { type Route, routeOf } from './routes';
import { StripeProblem, tooMany, unexpectedError, unrecognized } from './stripeError';

export interface Request {
  method: string;
  /** With its query. */
  url: URL;
  header(name: string): string | undefined;
  body: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** False: no idempotency key keeps this answer. */
  kept?: false;
}

/** What becomes of the connection instead of an answer. */
export type Outcome = Answer | 'silence' | 'crash';

/** Stripe's own API, one call at a time; each call is one unit in the books. */
export class Api {
  private readonly keys: IdempotencyKeys;
  /** How long a call takes, in milliseconds of real time, so that calls with one key can meet. */
  latency = 0;

  constructor(
    private readonly world: World,
    private readonly faults: FaultBook,
    private readonly platformKeys: readonly string[] | undefined,
  ) {
    this.keys = new IdempotencyKeys(world);
  }

  async answer(request: Request): Promise<Outcome> {
    const requestId = `req_${randomBytes(7).toString('hex')}`;
    try {
      const key = this.keyOf(request);
      const account = accountOf(this.world, key, request.header('stripe-account'));
      const found = routeOf(request.method, request.url.pathname);
      if (!found) throw unrecognized(request.method, request.url.pathname);
      return await this.called({ request, requestId, account, ...found });
    } catch (thrown) {
      return this.refusal(thrown, requestId);
    }
  }

  private async called(call: Call): Promise<Outcome> {
    const { route, request, account, requestId } = call;
    const form = parseForm(request.method === 'POST' ? request.body : request.url.search.slice(1));
    const key = request.method === 'POST' ? request.header('idempotency-key') : undefined;
    const keyed = this.keys.keyed(account, key, { path: request.url.pathname, form });
    const fault = this.faults.next('stripe', `${route.method} ${route.path}`);
    if (fault?.when === 'before') {
      const spoiled = this.spoiled(fault, keyed, requestId);
      if (spoiled !== undefined) return spoiled;
    }
    settleDue(this.world);
    this.keys.prune();
    const kept = keyed && this.keys.kept(keyed);
    if (kept)
      return fault
        ? this.lost(fault, requestId)
        : { ...toAnswer(kept.status, kept.body, requestId), headers: replayed(kept.requestId, requestId) };
    if (keyed) this.keys.begin(keyed);
    try {
      if (this.latency > 0) await new Promise(resolve => setTimeout(resolve, this.latency));
      return this.run(call, { form, keyed, fault });
    } finally {
      if (keyed) this.keys.end(keyed);
    }
  }

  private run(call: Call, { form, keyed, fault }: Given): Outcome {
    const { requestId } = call;
    const answer = this.attempt(call, form, keyed?.key ?? null);
    // After a 500 that hides an effect, the key replays the 500, as Stripe's does; otherwise what really happened.
    const shown = fault?.error === '500' ? this.refusal(unexpectedError(), requestId) : answer;
    if (keyed && answer.kept !== false) this.keys.keep(keyed, { status: shown.status, body: shown.body, requestId });
    this.world.books.commit();
    return fault ? this.lost(fault, requestId) : answer;
  }

  /** A decline or a refusal is an answer too, and what it wrote stays; a fault of our own undoes what it wrote. */
  private attempt({ route, request, requestId, account, id }: Call, form: Form, key: string | null): Answer {
    const written = request.method === 'GET' ? null : { id: requestId, idempotency_key: key };
    const desk = new Desk(this.world, account, written);
    try {
      checkParameters(form, route.takes);
      const object = route.run(desk, form, id);
      const paths = new Parameters<{ expand: string[] }>(form).texts('expand');
      return toAnswer(200, JSON.stringify(expand(desk, object, paths, included), null, 2), requestId);
    } catch (thrown) {
      if (!(thrown instanceof StripeProblem) || !thrown.kept) this.world.books.rollback();
      return this.refusal(thrown, requestId);
    }
  }

  /** A call that did not take effect. A 500 is kept for the key all the same. */
  private spoiled(fault: Fault, keyed: Keyed | undefined, requestId: string): Outcome | undefined {
    if (fault.error === '500' && keyed) {
      const kept = this.keys.kept(keyed);
      const { status, body } = this.refusal(unexpectedError(), requestId);
      if (!kept) this.keys.keep(keyed, { status, body, requestId });
      this.world.books.commit();
    }
    return this.lost(fault, requestId);
  }

  private lost({ error }: Fault, requestId: string): Outcome {
    if (error === 'timeout') return 'silence';
    if (error === 'crash') return 'crash';
    return this.refusal(error === 'throttle' ? tooMany() : unexpectedError(), requestId);
  }

  private refusal(thrown: unknown, requestId: string): Answer {
    if (!(thrown instanceof StripeProblem)) console.error('stripe stand-in:', thrown);
    const problem = thrown instanceof StripeProblem ? thrown : unexpectedError().notKept();
    const answer = toAnswer(problem.status, JSON.stringify(problem.body(requestId), null, 2), requestId);
    return problem.kept ? answer : { ...answer, kept: false };
  }

  private keyOf(request: Request): string {
    const given = request.header('authorization') ?? '';
    const basic = /^Basic (.+)$/.exec(given)?.[1];
    const key = basic ? (Buffer.from(basic, 'base64').toString().split(':')[0] ?? '') : given.replace(/^Bearer /, '');
    if (key === '')
      throw new StripeProblem(
        401,
        'invalid_request_error',
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      ).notKept();
    const known = this.platformKeys ? this.platformKeys.includes(key) : key.startsWith('sk_test_');
    if (!known)
      throw new StripeProblem(
        401,
        'invalid_request_error',
        `Invalid API Key provided: ${key.slice(0, 8)}****`,
      ).notKept();
    return key;
  }
}

interface Call {
  request: Request;
  requestId: string;
  account: string;
  route: Route;
  id: string;
}

interface Given {
  form: Form;
  keyed: Keyed | undefined;
  fault: Fault | undefined;
}

/** `refunds` of a charge and `line_items` of a hosted page are shown only when they are asked for. */
function included(desk: Desk, object: Record<string, unknown>, name: string): object | undefined {
  const id = String(object.id);
  if (object.object === 'charge' && name === 'refunds')
    return page(
      desk.all('refund').filter(({ charge }) => charge === id),
      {},
      `/v1/charges/${id}/refunds`,
    );
  if (object.object === 'checkout.session' && name === 'line_items')
    return page(
      lineItemsOf(desk, desk.get('checkout.session', id)).reverse(),
      {},
      `/v1/checkout/sessions/${id}/line_items`,
    );
  return undefined;
}

const toAnswer = (status: number, body: string, requestId: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'request-id': requestId },
  body,
});

const replayed = (original: string, requestId: string): Record<string, string> => ({
  'content-type': 'application/json',
  'idempotent-replayed': 'true',
  'original-request': original,
  'request-id': requestId,
});
