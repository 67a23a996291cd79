import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { Desk, platformId, type World } from './desk';
import type { Parameters, Takes } from './parameters';
import { StripeProblem } from './stripeError';

export const accountCreateTakes: Takes<Stripe.AccountCreateParams> = {
  business_profile: { form: { name: 'text', url: 'text', support_email: 'text' } },
  business_type: 'text',
  capabilities: {
    form: { card_payments: { form: { requested: 'boolean' } }, transfers: { form: { requested: 'boolean' } } },
  },
  country: 'text',
  default_currency: 'text',
  email: 'text',
  expand: 'texts',
  metadata: 'metadata',
  type: 'text',
};
export const linkCreateTakes: Takes<Stripe.AccountLinkCreateParams> = {
  account: 'text',
  expand: 'texts',
  refresh_url: 'text',
  return_url: 'text',
  type: 'text',
};
export const endpointCreateTakes: Takes<Stripe.WebhookEndpointCreateParams> = {
  api_version: 'text',
  connect: 'boolean',
  description: 'text',
  enabled_events: 'texts',
  expand: 'texts',
  metadata: 'metadata',
  url: 'text',
};

/** Accounts are objects of the platform; each one's payments are its own. */
export function newAccount(
  desk: Desk,
  {
    id,
    email,
    country,
    type,
    metadata,
    ready,
  }: {
    id: string;
    email: string | null;
    country: string;
    type: Stripe.Account.Type;
    metadata: Stripe.Metadata;
    ready: boolean;
  },
): Stripe.Account {
  return desk.put('account', {
    id,
    object: 'account',
    business_type: null,
    capabilities: ready ? { card_payments: 'active', transfers: 'active' } : {},
    charges_enabled: ready,
    country,
    created: desk.now(),
    default_currency: 'usd',
    details_submitted: ready,
    email,
    metadata,
    payouts_enabled: ready,
    type,
  });
}

export function createAccount(desk: Desk, given: Parameters<Stripe.AccountCreateParams>): Stripe.Account {
  return newAccount(desk, {
    id: desk.newId('acct'),
    email: given.text('email') ?? null,
    country: given.text('country') ?? 'US',
    type: given.text('type') ?? 'standard',
    metadata: given.metadata('metadata'),
    ready: false,
  });
}

export function ensurePlatform(world: World): void {
  const desk = new Desk(world, platformId);
  if (desk.find('account', platformId) === undefined)
    newAccount(desk, { id: platformId, email: null, country: 'US', type: 'standard', metadata: {}, ready: true });
}

/** The onboarding page of the stand-in; the account can take cards once its owner has finished it. */
export function createLink(desk: Desk, given: Parameters<Stripe.AccountLinkCreateParams>): Stripe.AccountLink {
  const account = given.need('account');
  desk.get('account', account, 'account');
  const query = new URLSearchParams({ return_url: given.need('return_url') });
  return {
    object: 'account_link',
    created: desk.now(),
    expires_at: desk.now() + 300,
    url: `${desk.world.url}/connect/${account}?${query}`,
  };
}

export function finishOnboarding(world: World, accountId: string): Stripe.Account {
  const platform = new Desk(world, platformId);
  const account = platform.put('account', {
    ...platform.get('account', accountId),
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    details_submitted: true,
    payouts_enabled: true,
  });
  new Desk(world, accountId).emit('account.updated', account);
  return account;
}

/** The account that a call is for: the platform's own, or the connected one in `Stripe-Account`. */
export function accountOf(world: World, key: string, header: string | undefined): string {
  if (header === undefined || header === platformId) return platformId;
  if (world.books.find(platformId, 'account', header)) return header;
  throw new StripeProblem(
    403,
    'invalid_request_error',
    `The provided key '${key.slice(0, 8)}****' does not have access to account '${header}' (or that account does not exist). Application access may have been revoked.`,
    { code: 'account_invalid' },
  ).notKept();
}

export function createEndpoint(
  desk: Desk,
  given: Parameters<Stripe.WebhookEndpointCreateParams>,
): Stripe.WebhookEndpoint {
  const secret = `whsec_${randomBytes(16).toString('hex')}`;
  const endpoint = desk.put('webhook_endpoint', {
    id: desk.newId('we'),
    object: 'webhook_endpoint',
    api_version: given.text('api_version') ?? null,
    application: null,
    created: desk.now(),
    description: given.text('description') ?? null,
    enabled_events: given.texts('enabled_events'),
    livemode: false,
    metadata: given.metadata('metadata'),
    status: 'enabled',
    url: given.need('url'),
  });
  desk.keep('endpointFacts', endpoint.id, { secret, connect: given.flag('connect') ?? false });
  // The secret is shown once, in the answer to its creation.
  return { ...endpoint, secret };
}
