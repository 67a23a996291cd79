import Stripe from 'stripe';
import type { Practice, StripeConnection } from '../domain/practice';
import { type Account, askStripe, onAccount } from './stripeClient';
import { isLiveKey, stripeSecret } from './stripeSecret';

/** What Stripe says of an account now; nothing where this platform may not look any more. */
export interface AccountState {
  readonly chargesEnabled: boolean;
  readonly payoutsEnabled: boolean;
  readonly requirementsDue: number;
}

/** Connecting a practice's own Stripe account: a Standard account, whose owner signs in at Stripe. */
export const stripeConnect = {
  async mode(): Promise<StripeConnection['mode']> {
    return isLiveKey(await stripeSecret()) ? 'live' : 'test';
  },

  /** Its owner tells Stripe everything; from here it gets an opaque id (rule 67). Without
   * a key: a failure kept under it would forbid connecting for a day, and an account that nobody finished costs nothing. */
  async newAccount(practiceId: string): Promise<string> {
    const account = { type: 'standard' as const, metadata: { practiceId } };
    const made = await askStripe(stripe => stripe.accounts.create(account));
    return made.id;
  },

  /** A page that lives for minutes. */
  async page(account: string, { returnUrl, refreshUrl }: { returnUrl: string; refreshUrl: string }): Promise<string> {
    const link = { account, return_url: returnUrl, refresh_url: refreshUrl, type: 'account_onboarding' as const };
    return (await askStripe(stripe => stripe.accountLinks.create(link))).url;
  },

  async read(account: Account): Promise<AccountState | undefined> {
    const found = await askStripe(stripe =>
      (account === undefined
        ? stripe.accounts.retrieveCurrent()
        : stripe.accounts.retrieve(account, {}, onAccount(account))
      ).catch(gone),
    );
    if (!found) return undefined;
    return {
      chargesEnabled: found.charges_enabled,
      payoutsEnabled: found.payouts_enabled,
      requirementsDue: found.requirements?.currently_due?.length ?? 0,
    };
  },
};

/** Its owner took the platform's access away. */
function gone(error: unknown): undefined {
  const { StripePermissionError, StripeInvalidRequestError, StripeAuthenticationError } = Stripe.errors;
  const refused = [StripePermissionError, StripeInvalidRequestError].some(kind => error instanceof kind);
  if (!refused || error instanceof StripeAuthenticationError) throw error;
}

/** The connection as an account's state makes it. */
export const connectionAfter = (before: StripeConnection, state: AccountState | undefined): StripeConnection => ({
  ...before,
  status: state === undefined ? 'not_connected' : state.chargesEnabled ? 'ready' : 'pending',
});

/** As the contract shows it. */
export function connectionView({ stripe }: Pick<Practice, 'stripe'>, state: AccountState | undefined) {
  const { status, accountId, mode } = stripe;
  const test = mode === 'test' ? '/test' : '';
  const dashboard = accountId
    ? `https://dashboard.stripe.com/${accountId}${test}`
    : `https://dashboard.stripe.com${test}`;
  return {
    status,
    ...(accountId ? { accountId } : {}),
    mode,
    ...(state ?? { chargesEnabled: false, payoutsEnabled: false, requirementsDue: 0 }),
    ...(status === 'not_connected' ? {} : { dashboardUrl: dashboard }),
  };
}
