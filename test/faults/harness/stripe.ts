import Stripe from 'stripe';
import { type FaultBook, noFaults } from '../../../local/parts';
import { ensurePlatform, finishOnboarding, newAccount } from '../../../local/stripe/accounts';
import { Api, type Outcome } from '../../../local/stripe/api';
import { Books } from '../../../local/stripe/books';
import { type BookRow, bookRows } from '../../../local/stripe/control';
import { Desk, platformId, type World } from '../../../local/stripe/desk';
import { type DisputeStatus, decideDispute, openDispute } from '../../../local/stripe/disputes';
import { settleDue } from '../../../local/stripe/due';
import { parseForm } from '../../../local/stripe/form';
import { checkoutPage } from '../../../local/stripe/hosted/checkout';
import { chargeOf } from '../../../local/stripe/hosted/dashboard';
import type { KeptEvent, Tables } from '../../../local/stripe/model';
import { payOut } from '../../../local/stripe/payouts';
import { refundCharge } from '../../../local/stripe/refunds';
import { signature } from '../../../local/stripe/webhooks';
import { useStripe } from '../../../shared/stripe/stripeClient';
import { time } from './time';

const secret = { secretKey: 'sk_test_practice', webhookSecret: 'whsec_of_the_tests' };
const address = 'http://stripe.test';

/** A request of the SDK, on its way to the stand-in. */
export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What Stripe posts to our endpoint. */
export interface StripePost {
  readonly deliveryId: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface StripeOptions {
  /** The state to begin with; its own copy is made. */
  readonly books?: Books;
  readonly faults?: FaultBook;
  /** Stands between the SDK and the stand-in. */
  readonly door: (request: StripeRequest, pass: () => Promise<Outcome>) => Promise<Outcome>;
}

/** The Stripe stand-in in this process, without a socket: what the SDK sends goes straight to its API. */
export class StripeInProcess {
  readonly world: World;
  readonly #api: Api;
  readonly #client: Stripe.HttpClient;

  constructor({ faults = noFaults, door, books }: StripeOptions) {
    const webhook = { url: `${address}/webhooks`, secret: secret.webhookSecret };
    this.world = { books: books?.copy() ?? new Books(), clock: time, url: address, webhook };
    this.#api = new Api(this.world, faults, undefined);
    ensurePlatform(this.world);
    this.world.books.commit();
    process.env.STRIPE_API = address;
    this.#client = this.#httpClient(door);
    useStripe({ secret, httpClient: this.#client });
  }

  /** For what stands before a story: as the platform's own account, or as a connected one. */
  sdk(account?: string): Stripe {
    const acting = account === undefined ? {} : { stripeAccount: account };
    return new Stripe(secret.secretKey, { httpClient: this.#client, telemetry: false, ...acting });
  }

  #httpClient(door: StripeOptions['door']): Stripe.HttpClient {
    return {
      getClientName: () => 'in process',
      makeRequest: async (_host, _port, path, method, headers, body) => {
        const request: StripeRequest = { method, path, headers: lowerCased(headers), body: body ?? '' };
        return response(await door(request, () => this.#send(request)));
      },
    };
  }

  #send({ method, path, headers, body }: StripeRequest): Promise<Outcome> {
    return this.#api.answer({ method, url: new URL(path, address), header: name => headers[name], body });
  }

  /** What was captured and refunded, by Stripe's own account. */
  books(): BookRow[] {
    return bookRows(this.world);
  }
  /** Also those that the bank refused. */
  intents(): Stripe.PaymentIntent[] {
    return this.#all('payment_intent');
  }
  disputes(): Stripe.Dispute[] {
    return this.#all('dispute');
  }
  refunds(): Stripe.Refund[] {
    return this.#all('refund');
  }
  accounts(): Stripe.Account[] {
    return this.world.books.all(platformId, 'account');
  }
  /** All that changed the balance of an account; absent: the platform's own. */
  movements(account: string = platformId): Stripe.BalanceTransaction[] {
    return this.world.books.all(account, 'balance_transaction');
  }

  /** Of every account, oldest first in each. */
  #all<T extends keyof Tables>(table: T): Tables[T][] {
    return this.accounts().flatMap(({ id }) => this.world.books.all(id, table));
  }

  /** Fills in a hosted page's form as a payer does; answers where it leads, or nothing when the page refused. */
  pay(pageUrl: string, number = '4242424242424242'): string | undefined {
    const sessionId = new URL(pageUrl).pathname.split('/').at(-1) ?? '';
    const card = new URLSearchParams({ number, expiry: '12 / 34', cvc: '123', name: 'Rosa Diaz' });
    const answer = this.#atDesk(desk => checkoutPage(desk, sessionId, parseForm(card.toString())));
    return answer.headers.location;
  }

  /** As somebody at the practice would, in Stripe's dashboard. */
  refundInDashboard(paymentIntentId: string, amount?: number): Stripe.Refund {
    return this.#atDesk(desk =>
      refundCharge(desk, { charge: charged(desk, paymentIntentId), ...(amount === undefined ? {} : { amount }) }),
    );
  }
  async chargeInDashboard(amount: number): Promise<string> {
    const card = { payment_method: 'pm_card_visa', allowed_payment_method_types: ['card' as const] };
    return (await this.sdk().paymentIntents.create({ amount, currency: 'usd', confirm: true, ...card })).id;
  }

  /** A cardholder's bank takes back what is left of the charge, or only asks. */
  dispute(paymentIntentId: string, status: DisputeStatus = 'needs_response'): Stripe.Dispute {
    return this.#atDesk(desk => openDispute(desk, charged(desk, paymentIntentId), status));
  }
  /** The bank's next word. */
  decideDispute(disputeId: string, status: DisputeStatus): Stripe.Dispute {
    return this.#atDesk(desk => decideDispute(desk, disputeId, status));
  }

  /** What is available by now goes to the bank. */
  payOut(): Stripe.Payout {
    return this.#atDesk(payOut);
  }

  /** An account that may be charged, which its owner lets this platform act on. */
  connect(id: string): void {
    this.#atDesk(desk =>
      newAccount(desk, { id, email: null, country: 'US', type: 'standard', metadata: {}, ready: true }),
    );
  }
  /** Its owner takes that back; until the account is connected again nobody may look at it. */
  shutOut(id: string): void {
    this.world.books.put(platformId, 'account', id, null);
    this.world.books.commit();
  }
  /** The owner of the account that this page is for finishes it; answers where it leads. */
  onboard(pageUrl: string): string {
    const { pathname, searchParams } = new URL(pageUrl);
    this.#atDesk(({ world }) => finishOnboarding(world, pathname.split('/').at(-1) ?? ''));
    return searchParams.get('return_url') ?? '';
  }

  #atDesk<T>(act: (desk: Desk) => T): T {
    this.settleDue();
    const done = act(new Desk(this.world, platformId));
    this.world.books.commit();
    return done;
  }

  /** Pages end, banks answer: what has come due by the clock. */
  settleDue(): void {
    settleDue(this.world);
  }

  /** Events that are due at our endpoint, signed, oldest first. */
  posts(): StripePost[] {
    const { books } = this.world;
    const due = books.all('all', 'delivery').filter(({ dueAt }) => dueAt <= time.now());
    return due.flatMap(({ id: deliveryId, eventAccount, eventId }) => {
      const event = books.find(eventAccount, 'event', eventId);
      return event ? [{ deliveryId, ...this.post(event) }] : [];
    });
  }

  /** What is posted of an event now. */
  post(event: KeptEvent): Omit<StripePost, 'deliveryId'> {
    const body = JSON.stringify(event);
    const signed = signature(body, secret.webhookSecret, Math.floor(time.now() / 1000));
    return { body, headers: { 'stripe-signature': signed } };
  }

  /** Nobody will ever hear of what happened so far. */
  loseEvents(): void {
    const { books } = this.world;
    for (const { id } of books.all('all', 'delivery')) books.put('all', 'delivery', id, null);
    books.commit();
  }

  /** Oldest first. */
  events(): KeptEvent[] {
    return this.world.books.all(platformId, 'event');
  }

  /** When something happens at Stripe by itself next: a page ends, a bank answers, an event is tried (again). */
  nextAt(withEvents: boolean): number | undefined {
    const { books } = this.world;
    const ends = books.all('all', 'due').map(({ at }) => at * 1000);
    const tries = withEvents ? books.all('all', 'delivery').map(({ dueAt }) => dueAt) : [];
    return ends.length + tries.length === 0 ? undefined : Math.min(...ends, ...tries);
  }

  /** Our endpoint took it; otherwise Stripe tries again at the instant given. */
  delivered(deliveryId: string, againAt?: number): void {
    const { books } = this.world;
    const delivery = books.find('all', 'delivery', deliveryId);
    if (!delivery) return;
    const again = againAt === undefined ? null : { ...delivery, attempts: delivery.attempts + 1, dueAt: againAt };
    books.put('all', 'delivery', deliveryId, again);
    books.commit();
  }
}

function charged(desk: Desk, paymentIntentId: string): Stripe.Charge {
  const charge = chargeOf(desk, desk.get('payment_intent', paymentIntentId));
  if (!charge) throw new Error(`${paymentIntentId} has no successful charge`);
  return charge;
}

const lowerCased = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

function response(outcome: Outcome): Stripe.HttpClientResponse {
  if (typeof outcome === 'string') throw new Error(`the stand-in answered with ${outcome}`);
  const { status, headers, body } = outcome;
  const raw = { statusCode: status, headers };
  return {
    getStatusCode: () => status,
    getHeaders: () => headers,
    getRawResponse: () => raw,
    toStream: () => {
      throw new Error('nobody streams');
    },
    toJSON: async () => JSON.parse(body),
  };
}
