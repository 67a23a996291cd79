import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { LocalClock } from '../parts';
import type { Books } from './books';
import type { Delivery, Due, KeptEvent, Shown, Tables } from './model';
import { missing } from './stripeError';

/** The SDK's own version: what its types describe. */
const apiVersion: Stripe.LatestApiVersion = '2026-10-28.endive';

/** The account to which every `sk_test_…` key belongs. */
export const platformId = 'acct_1PlatformOwn00000';

export interface Webhook {
  url: string;
  secret: string;
  /** Of the endpoint that hears connected accounts, which has a secret of its own; absent: the same. */
  connectSecret?: string;
}

/** What every account shares. */
export interface World {
  readonly books: Books;
  readonly clock: LocalClock;
  /** Where the stand-in listens. */
  url: string;
  /** Hears every account's events. */
  webhook: Webhook | undefined;
}

const nouns: Partial<Record<Shown, string>> = { payment_method: 'PaymentMethod', setup_intent: 'setupintent' };

/** One account's side of the stand-in, during one request. */
export class Desk {
  constructor(
    readonly world: World,
    readonly account: string,
    private readonly request: Stripe.Event.Request | null = null,
  ) {}

  /** Seconds, as Stripe's `created`. */
  now(): number {
    return Math.floor(this.world.clock.now() / 1000);
  }

  /** The same history gives the same ids: 24 characters from a counter that the journal keeps. */
  newId(prefix: string): string {
    const last = (this.world.books.find('all', 'counter', 'ids')?.last ?? 0) + 1;
    this.world.books.put('all', 'counter', 'ids', { last });
    const random = createHash('sha256')
      .update(`${prefix} ${last}`)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, 'x');
    return `${prefix}_${random.slice(0, 24)}`;
  }

  find<T extends keyof Tables>(table: T, id: string): Tables[T] | undefined {
    return this.world.books.find(this.account, table, id);
  }

  /** The object, or Stripe's refusal: 404 for one in the path, 400 for one in the parameter `param`. */
  get<T extends Shown>(table: T, id: string, param?: string): Tables[T] {
    const found = this.find(table, id);
    if (found === undefined) throw missing(nouns[table] ?? table.replace('.', ' '), id, param);
    return found;
  }

  customer(id: string, param?: string): Stripe.Customer {
    const customer = this.get('customer', id, param);
    if (customer.deleted) throw missing('customer', id, param);
    return customer;
  }

  /** Oldest first. */
  all<T extends keyof Tables>(table: T): Tables[T][] {
    return this.world.books.all(this.account, table);
  }

  put<T extends Shown, V extends Tables[T]>(table: T, object: V): V {
    this.world.books.put(this.account, table, object.id, object);
    return object;
  }

  keep<T extends Exclude<keyof Tables, Shown>>(table: T, id: string, facts: Tables[T]): void {
    this.world.books.put(this.account, table, id, facts);
  }

  later(id: string, seconds: number, what: Due['what']): void {
    this.world.books.put('all', 'due', id, { id, account: this.account, at: this.now() + seconds, what });
  }

  notLater(id: string): void {
    this.world.books.put('all', 'due', id, null);
  }

  emit(type: Stripe.Event.Type, object: object): void {
    const id = this.newId('evt');
    const endpoints = this.endpointsFor(type);
    const event: KeptEvent = {
      id,
      object: 'event',
      ...(this.account === platformId ? {} : { account: this.account }),
      api_version: apiVersion,
      created: this.now(),
      data: { object },
      livemode: false,
      pending_webhooks: endpoints.length,
      request: this.request,
      type,
    };
    this.world.books.put(this.account, 'event', id, event);
    for (const endpoint of endpoints) this.queue(id, endpoint);
  }

  private queue(eventId: string, endpoint: string): void {
    const delivery: Delivery = {
      id: `${eventId}/${endpoint}`,
      eventId,
      eventAccount: this.account,
      endpoint,
      attempts: 0,
      dueAt: this.world.clock.now(),
    };
    this.world.books.put('all', 'delivery', delivery.id, delivery);
  }

  /** An account's own endpoints, the platform's for connected accounts, and the one given at the start. */
  private endpointsFor(type: string): string[] {
    const { books, webhook } = this.world;
    const platform = books.all(platformId, 'webhook_endpoint').filter(({ id }) => {
      const connect = books.find(platformId, 'endpointFacts', id)?.connect ?? false;
      return connect === (this.account !== platformId);
    });
    const own = this.account === platformId ? [] : this.all('webhook_endpoint');
    const heard = [...platform, ...own].filter(
      ({ enabled_events: types }) => types.includes('*') || types.includes(type),
    );
    return [...(webhook ? ['configured'] : []), ...heard.map(({ id }) => id)];
  }
}
