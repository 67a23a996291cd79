import type Stripe from 'stripe';

export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

export interface ErrorFacts {
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  setup_intent?: Stripe.SetupIntent;
  payment_method?: Stripe.PaymentMethod;
}

/** An answer in the form of Stripe's errors (docs.stripe.com/api/errors). */
export class StripeProblem extends Error {
  /** Stripe keeps a key's answer only when the endpoint began: refused parameters and conflicts are not kept. */
  kept = true;

  constructor(
    readonly status: number,
    readonly type: ErrorType,
    message: string,
    readonly facts: ErrorFacts = {},
  ) {
    super(message);
  }

  notKept(): this {
    this.kept = false;
    return this;
  }

  body(requestId: string): object {
    return {
      error: {
        ...this.facts,
        ...(this.facts.code
          ? { doc_url: `https://stripe.com/docs/error-codes/${this.facts.code.replaceAll('_', '-')}` }
          : {}),
        message: this.message,
        request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
        type: this.type,
      },
    };
  }
}

export const invalid = (message: string, facts: ErrorFacts = {}): StripeProblem =>
  new StripeProblem(400, 'invalid_request_error', message, facts);

/** A parameter was refused before anything began. */
export const refused = (message: string, facts: ErrorFacts): StripeProblem => invalid(message, facts).notKept();

/** Stripe answers 404 for the object in the path and 400 for one named by a parameter. */
export function missing(noun: string, id: string, param?: string): StripeProblem {
  const status = param === undefined ? 404 : 400;
  return new StripeProblem(status, 'invalid_request_error', `No such ${noun}: '${id}'`, {
    code: 'resource_missing',
    param: param ?? 'id',
  });
}

export const unrecognized = (method: string, path: string): StripeProblem =>
  new StripeProblem(
    404,
    'invalid_request_error',
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  ).notKept();

export const unexpectedError = (): StripeProblem =>
  new StripeProblem(500, 'api_error', 'Sorry! There was an error while talking to one of our servers.');

export const tooMany = (): StripeProblem =>
  new StripeProblem(
    429,
    'invalid_request_error',
    'Request rate limit exceeded. Learn more about rate limits here: https://stripe.com/docs/rate-limits.',
    {
      code: 'rate_limit',
    },
  ).notKept();
