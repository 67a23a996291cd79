import type Stripe from 'stripe';
import type { CardFacts } from './cards';

/**
 * What is kept, by table. The objects are the SDK's own types, so that a field that Stripe renames does not compile;
 * what Stripe knows and never shows has tables of its own and cannot leak into an answer.
 */
export interface Tables {
  customer: Stripe.Customer | Stripe.DeletedCustomer;
  payment_method: Stripe.PaymentMethod;
  setup_intent: Stripe.SetupIntent;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
  balance_transaction: Stripe.BalanceTransaction;
  payout: Stripe.Payout;
  'checkout.session': Stripe.Checkout.Session;
  event: KeptEvent;
  account: Stripe.Account;
  webhook_endpoint: Stripe.WebhookEndpoint;
  cardFacts: CardFacts;
  intentFacts: IntentFacts;
  due: Due;
  sessionFacts: SessionFacts;
  endpointFacts: EndpointFacts;
  answer: StoredAnswer;
  delivery: Delivery;
  /** By the id of a balance transaction: what carried it to the bank. */
  paidOut: { payout: string };
  counter: { last: number };
}

export type Table = keyof Tables;

export type Shown =
  | 'customer'
  | 'payment_method'
  | 'setup_intent'
  | 'payment_intent'
  | 'charge'
  | 'refund'
  | 'dispute'
  | 'balance_transaction'
  | 'payout'
  | 'checkout.session'
  | 'event'
  | 'account'
  | 'webhook_endpoint';

/** The SDK's `Stripe.Event` is a union over two hundred payload types; these fields are common to all of them. */
export interface KeptEvent {
  id: string;
  object: 'event';
  account?: string;
  api_version: string | null;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: boolean;
  pending_webhooks: number;
  request: Stripe.Event.Request | null;
  type: Stripe.Event.Type;
}

export interface IntentFacts {
  offSession: boolean;
  returnUrl?: string;
  /** Set while the payer is asked to authenticate: the card that will be used. */
  paymentMethodId?: string;
  /** The hosted page that owns the intent: only it may cancel it. */
  sessionId?: string;
}

/** What happens by itself when its time comes, kept under the id of its object. */
export interface Due {
  id: string;
  account: string;
  /** Seconds. */
  at: number;
  what: 'refund_fails' | 'refund_succeeds' | 'session_expires';
}

export interface SessionFacts {
  lines: { name: string; unitAmount: number; quantity: number }[];
  intentMetadata: Record<string, string>;
  description: string | null;
  futureUsage: Stripe.PaymentIntent.SetupFutureUsage | null;
}

export interface EndpointFacts {
  secret: string;
  /** Hears of the connected accounts' events instead of the platform's own. */
  connect: boolean;
}

export interface StoredAnswer {
  key: string;
  fingerprint: string;
  path: string;
  status: number;
  body: string;
  requestId: string;
  /** Milliseconds, by the clock. */
  at: number;
}

export interface Delivery {
  id: string;
  eventId: string;
  eventAccount: string;
  /** `configured`: the one given at the start. */
  endpoint: string;
  attempts: number;
  /** Milliseconds, by the clock. */
  dueAt: number;
}

const tableOfPrefix: Record<string, Shown> = {
  cus: 'customer',
  pm: 'payment_method',
  seti: 'setup_intent',
  pi: 'payment_intent',
  ch: 'charge',
  re: 'refund',
  dp: 'dispute',
  txn: 'balance_transaction',
  po: 'payout',
  cs: 'checkout.session',
  evt: 'event',
  acct: 'account',
  we: 'webhook_endpoint',
};

/** The table in which an object with this id would be. */
export function tableOf(id: string): Shown | undefined {
  return tableOfPrefix[id.slice(0, id.indexOf('_'))];
}
