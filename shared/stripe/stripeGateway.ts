import Stripe from 'stripe';
import type { AttemptHome } from '../domain/attempt';
import { type Instant, instant } from '../domain/calendar';
import type { CardFacts, StripeFacts } from '../domain/ledger';
import { logger } from '../logger';
import type { Unknown } from './stripeClient';
import { type Account, askStripe, isTurnedAway, onAccount, stripeClient, turnedAway } from './stripeClient';

export interface ChargeRequest {
  readonly account: Account;
  /** Idempotency key and metadata: one attempt is one charge. */
  readonly attemptId: string;
  readonly practiceId: string;
  readonly home: AttemptHome;
  readonly paymentId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly customerId: string;
  readonly paymentMethodId: string;
  readonly offSession: boolean;
  /** Where 3-D Secure of a client who is there returns to. */
  readonly returnUrl?: string;
}

export interface ChargeSucceeded {
  readonly kind: 'succeeded';
  readonly stripe: StripeFacts;
  readonly card?: CardFacts;
  readonly amountCents: number;
  readonly currency: string;
  /** In which it stands on Stripe's balance, where that is known already: an account may exchange what it takes. */
  readonly settledIn?: string;
  readonly paidAt: Instant;
}

/** Stripe's answer, never a throw: what is not known is `unknown`, which is not a failure (rule 9). */
export type ChargeOutcome =
  | ChargeSucceeded
  | { readonly kind: 'declined'; readonly code: string; readonly message: string; readonly paymentIntentId?: string }
  | { readonly kind: 'requires_action'; readonly paymentIntentId: string; readonly redirectUrl?: string }
  /** Not the bank's word but Stripe's, about the request: nothing was charged, and no card of anybody's is at fault. */
  | { readonly kind: 'turned_away'; readonly code: string }
  | Unknown;

/** The charge of an intent, and how it came to Stripe's balance. */
const settlement = ['latest_charge', 'latest_charge.balance_transaction'] as const;

export type LookedUp = ChargeOutcome | { readonly kind: 'absent' };

export interface LookedFor {
  readonly account: Account;
  readonly attemptId: string;
  readonly paymentIntentId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly startedAt: Instant;
  readonly amountCents: number;
  readonly currency: string;
  /** Whether the practice takes real money. */
  readonly livemode: boolean;
}

/** Anybody may write our metadata in the dashboard: what was not asked for so is no charge of ours (clarification 10). */
const isAsAsked = (intent: Stripe.PaymentIntent, { amountCents, currency, livemode }: LookedFor): boolean =>
  intent.amount === amountCents && intent.currency.toUpperCase() === currency && intent.livemode === livemode;

const stateOf = async (stripe: Stripe, account: Account, paymentIntentId: string): Promise<ChargeOutcome> =>
  chargeOutcome(
    await stripe.paymentIntents.retrieve(paymentIntentId, { expand: [...settlement] }, onAccount(account)),
    account,
  );

export const stripeGateway = {
  /** Charges a saved card. The attempt's id is the key, so the same attempt never charges twice. */
  async charge(request: ChargeRequest): Promise<ChargeOutcome> {
    const { attemptId, practiceId, home, paymentId } = request;
    return outcomeOf('charge', async stripe =>
      chargeOutcome(
        await stripe.paymentIntents.create(
          {
            amount: request.amountCents,
            currency: request.currency.toLowerCase(),
            customer: request.customerId,
            payment_method: request.paymentMethodId,
            allowed_payment_method_types: ['card'],
            confirm: true,
            ...(request.offSession ? { off_session: true } : { return_url: request.returnUrl ?? '' }),
            // Opaque ids only: nothing private goes to Stripe (rule 67).
            metadata: { practiceId, [home.kind === 'bill' ? 'billId' : 'clientId']: home.id, paymentId, attemptId },
            expand: [...settlement],
          },
          { idempotencyKey: attemptId, ...onAccount(request.account) },
        ),
        request.account,
      ),
    );
  },

  /** What became of an attempt: by its intent when known, else among the customer's intents since it began. */
  async lookUp(attempt: LookedFor): Promise<LookedUp> {
    const { account, attemptId, paymentIntentId, customerId, startedAt } = attempt;
    return outcomeOf<LookedUp>('lookUp', async stripe => {
      if (paymentIntentId) return stateOf(stripe, account, paymentIntentId);
      const since = Math.floor(Date.parse(startedAt) / 1000) - 60;
      const listed = stripe.paymentIntents.list(
        {
          ...(customerId ? { customer: customerId } : {}),
          created: { gte: since },
          limit: 100,
          expand: settlement.map(path => `data.${path}`),
        },
        onAccount(account),
      );
      for await (const intent of listed) {
        if (intent.metadata.attemptId === attemptId && isAsAsked(intent, attempt))
          return chargeOutcome(intent, account);
      }
      return { kind: 'absent' };
    });
  },

  /** Ends a charge that the cardholder never confirmed, so that it cannot succeed later; tells what it came to instead if it did. */
  async giveUp(account: Account, paymentIntentId: string): Promise<ChargeOutcome> {
    return outcomeOf('giveUp', async stripe => {
      try {
        await stripe.paymentIntents.cancel(paymentIntentId, {}, onAccount(account));
        return {
          kind: 'declined',
          code: 'not_confirmed',
          message: 'The cardholder did not confirm in time.',
          paymentIntentId,
        };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        return stateOf(stripe, account, paymentIntentId);
      }
    });
  },

  /** An intent as it stands, with what its metadata says it belongs to. Throws when Stripe does not answer. */
  async readIntent(account: Account, paymentIntentId: string) {
    const intent = await askStripe(stripe =>
      stripe.paymentIntents.retrieve(paymentIntentId, { expand: [...settlement] }, onAccount(account)),
    );
    const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
    return {
      outcome: chargeOutcome(intent, account),
      metadata: intent.metadata,
      /** What there is to look for beside the charge itself. */
      signs: { refunded: (charge?.amount_refunded ?? 0) > 0, disputed: charge?.disputed ?? false },
    };
  },
};

/** Runs a call and translates how it fails: a card error is a decline, all that leaves doubt is `unknown`. */
async function outcomeOf<T>(
  call: 'charge' | 'lookUp' | 'giveUp',
  run: (stripe: Stripe) => Promise<T>,
): Promise<T | Extract<ChargeOutcome, { kind: 'declined' | 'turned_away' }> | Unknown> {
  try {
    return await run(await stripeClient());
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return declinedBy(error);
    // Definite, of a charge only: a look that is refused says nothing of what was charged before.
    if (isTurnedAway(error)) {
      const code = turnedAway(call, error);
      return call === 'charge' ? { kind: 'turned_away', code } : { kind: 'unknown', turnedAway: true };
    }
    const { type, code, statusCode } =
      error instanceof Stripe.errors.StripeError ? error : { type: 'none', code: undefined, statusCode: undefined };
    logger.warn('stripe did not do it', { call, type, code, statusCode });
    return { kind: 'unknown' };
  }
}

function declinedBy(error: InstanceType<typeof Stripe.errors.StripeCardError>): ChargeOutcome & { kind: 'declined' } {
  const paymentIntentId = error.payment_intent?.id;
  return {
    kind: 'declined',
    code:
      error.code === 'authentication_required'
        ? 'authentication_required'
        : (error.decline_code ?? error.code ?? 'generic_decline'),
    message: 'The bank refused this card.',
    ...(paymentIntentId ? { paymentIntentId } : {}),
  };
}

/** What an intent's state means for an attempt. */
function chargeOutcome(intent: Stripe.PaymentIntent, account: Account): ChargeOutcome {
  const { id: paymentIntentId } = intent;
  switch (intent.status) {
    case 'succeeded':
      return succeeded(intent, account);
    case 'requires_action':
      return {
        kind: 'requires_action',
        paymentIntentId,
        ...(intent.next_action?.redirect_to_url?.url ? { redirectUrl: intent.next_action.redirect_to_url.url } : {}),
      };
    case 'canceled':
      return { kind: 'declined', code: 'canceled', message: 'The charge was given up.', paymentIntentId };
    case 'requires_payment_method': {
      const { code, decline_code } = intent.last_payment_error ?? {};
      const said = code === 'authentication_required' ? code : (decline_code ?? code ?? 'generic_decline');
      return { kind: 'declined', code: said, message: 'The bank refused this card.', paymentIntentId };
    }
    default:
      return { kind: 'unknown' };
  }
}

function succeeded(intent: Stripe.PaymentIntent, account: Account): ChargeSucceeded {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const card = charge?.payment_method_details?.card;
  const movement = typeof charge?.balance_transaction === 'object' ? charge.balance_transaction : null;
  return {
    kind: 'succeeded',
    stripe: {
      paymentIntentId: intent.id,
      livemode: intent.livemode,
      ...(charge ? { chargeId: charge.id } : {}),
      ...(account ? { accountId: account } : {}),
    },
    ...(card ? { card: cardFacts(card) } : {}),
    amountCents: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    ...(movement ? { settledIn: movement.currency.toUpperCase() } : {}),
    paidAt: instant((charge?.created ?? intent.created) * 1000),
  };
}

export const cardFacts = (card: {
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
}): CardFacts => ({
  brand: card.brand ?? 'card',
  last4: card.last4 ?? '????',
  expMonth: card.exp_month ?? 1,
  expYear: card.exp_year ?? 2000,
});

export type StripeGateway = typeof stripeGateway;
