import type Stripe from 'stripe';
import * as accounts from './accounts';
import * as charges from './charges';
import * as sessions from './checkoutSessions';
import * as customers from './customers';
import { Desk, platformId } from './desk';
import type { Form } from './form';
import { listTakes, page } from './lists';
import type { Shown } from './model';
import { Parameters, type Shape, type Takes } from './parameters';
import * as intents from './paymentIntents';
import * as methods from './paymentMethods';
import { movementsOf } from './payouts';
import * as refunds from './refunds';
import * as setups from './setupIntents';

export interface Route {
  method: string;
  /** With `:id` for ids; together with the method, the operation's name in the book of faults. */
  path: string;
  takes: Shape;
  run(desk: Desk, form: Form, id: string): object;
}

const retrieveTakes: Shape = { expand: 'texts' };

function call<P>(name: string, takes: Takes<P>, run: (desk: Desk, given: Parameters<P>, id: string) => object): Route {
  const [method = '', path = ''] = name.split(' ');
  return { method, path, takes: takes as Shape, run: (desk, form, id) => run(desk, new Parameters<P>(form), id) };
}

const retrieve = (path: string, table: Shown): Route => ({
  method: 'GET',
  path: `${path}/:id`,
  takes: retrieveTakes,
  run: (desk, _form, id) => desk.get(table, id),
});

const list = (path: string, table: Shown, ...filters: string[]): Route => ({
  method: 'GET',
  path,
  takes: listTakes('created', ...filters),
  run: (desk, form) => page(listed(desk, table), form, path),
});

/** A deleted customer is in no list; events are kept for 30 days. */
function listed(desk: Desk, table: Shown): { id: string }[] {
  if (table === 'customer') return desk.all('customer').filter(({ deleted }) => !deleted);
  if (table === 'event') return desk.all('event').filter(({ created }) => created >= desk.now() - 30 * 24 * 60 * 60);
  return desk.all(table);
}

/** Accounts are the platform's, whichever account asks for itself. */
const platformOf = (desk: Desk): Desk => new Desk(desk.world, platformId);

const cancelTakes: Takes<Stripe.RefundCancelParams> = { expand: 'texts' };

export const routes: readonly Route[] = [
  call<Stripe.CustomerUpdateParams>('POST /v1/customers', customers.customerTakes, customers.createCustomer),
  list('/v1/customers', 'customer', 'email'),
  retrieve('/v1/customers', 'customer'),
  call<Stripe.CustomerUpdateParams>('POST /v1/customers/:id', customers.customerTakes, (desk, given, id) =>
    customers.updateCustomer(desk, id, given),
  ),
  call('DELETE /v1/customers/:id', {}, (desk, _given, id) => customers.deleteCustomer(desk, id)),
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    takes: listTakes('type'),
    run: (desk, form, id) => {
      desk.customer(id);
      const own = desk.all('payment_method').filter(({ customer }) => customer === id);
      return page(own, form, `/v1/customers/${id}/payment_methods`);
    },
  },
  list('/v1/payment_methods', 'payment_method', 'customer', 'type'),
  {
    ...retrieve('/v1/payment_methods', 'payment_method'),
    run: (desk, _form, id) => methods.methodNamed(desk, id),
  },
  call('POST /v1/payment_methods/:id', methods.methodUpdateTakes, (desk, given, id) =>
    methods.updateMethod(desk, id, given),
  ),
  call('POST /v1/payment_methods/:id/attach', methods.attachTakes, (desk, given, id) =>
    methods.attachMethod(desk, id, given.need('customer')),
  ),
  call<Stripe.PaymentMethodDetachParams>(
    'POST /v1/payment_methods/:id/detach',
    { expand: 'texts' },
    (desk, _given, id) => methods.detachMethod(desk, id),
  ),
  call('POST /v1/setup_intents', setups.setupCreateTakes, setups.createSetup),
  list('/v1/setup_intents', 'setup_intent', 'customer', 'payment_method'),
  retrieve('/v1/setup_intents', 'setup_intent'),
  call('POST /v1/setup_intents/:id/confirm', setups.setupConfirmTakes, (desk, given, id) =>
    setups.confirmSetupNamed(desk, id, given),
  ),
  call('POST /v1/setup_intents/:id/cancel', cancelTakes, (desk, _given, id) => setups.cancelSetup(desk, id)),
  call('POST /v1/payment_intents', intents.intentCreateTakes, intents.createIntent),
  list('/v1/payment_intents', 'payment_intent', 'customer'),
  retrieve('/v1/payment_intents', 'payment_intent'),
  call('POST /v1/payment_intents/:id', intents.intentUpdateTakes, (desk, given, id) =>
    intents.updateIntent(desk, id, given),
  ),
  call('POST /v1/payment_intents/:id/confirm', intents.intentConfirmTakes, (desk, given, id) =>
    intents.confirmNamed(desk, id, given),
  ),
  call('POST /v1/payment_intents/:id/cancel', intents.intentCancelTakes, (desk, given, id) =>
    intents.cancelIntent(desk, id, given.text('cancellation_reason') ?? null),
  ),
  call<Stripe.ChargeCreateParams>('POST /v1/charges', charges.chargeCreateTakes, charges.createCharge),
  list('/v1/charges', 'charge', 'customer', 'payment_intent'),
  retrieve('/v1/charges', 'charge'),
  call('POST /v1/refunds', refunds.refundCreateTakes, refunds.createRefund),
  list('/v1/refunds', 'refund', 'charge', 'payment_intent'),
  retrieve('/v1/refunds', 'refund'),
  call('POST /v1/refunds/:id', refunds.refundUpdateTakes, (desk, given, id) => {
    const before = desk.get('refund', id);
    return desk.put('refund', { ...before, metadata: given.metadata('metadata', before.metadata) });
  }),
  call('POST /v1/refunds/:id/cancel', cancelTakes, (desk, _given, id) => refunds.cancelRefund(desk, id)),
  call('POST /v1/checkout/sessions', sessions.sessionCreateTakes, sessions.createSession),
  list('/v1/checkout/sessions', 'checkout.session', 'customer', 'payment_intent', 'status'),
  retrieve('/v1/checkout/sessions', 'checkout.session'),
  call<Stripe.Checkout.SessionExpireParams>(
    'POST /v1/checkout/sessions/:id/expire',
    { expand: 'texts' },
    (desk, _given, id) => sessions.expireNamed(desk, id),
  ),
  {
    method: 'GET',
    path: '/v1/checkout/sessions/:id/line_items',
    takes: listTakes(),
    run: (desk, form, id) => {
      const lines = sessions.lineItemsOf(desk, desk.get('checkout.session', id));
      return page(lines.reverse(), form, `/v1/checkout/sessions/${id}/line_items`);
    },
  },
  {
    method: 'GET',
    path: '/v1/balance_transactions',
    takes: listTakes('created', 'currency', 'payout', 'source', 'type'),
    run: (desk, { payout, ...form }) => {
      const rows = payout === undefined ? desk.all('balance_transaction') : movementsOf(desk, String(payout));
      return page(rows, form, '/v1/balance_transactions');
    },
  },
  retrieve('/v1/balance_transactions', 'balance_transaction'),
  list('/v1/payouts', 'payout', 'status'),
  retrieve('/v1/payouts', 'payout'),
  list('/v1/disputes', 'dispute', 'charge', 'payment_intent'),
  retrieve('/v1/disputes', 'dispute'),
  list('/v1/events', 'event', 'type'),
  retrieve('/v1/events', 'event'),
  call('POST /v1/accounts', accounts.accountCreateTakes, accounts.createAccount),
  { ...retrieve('/v1/accounts', 'account'), run: (desk, _form, id) => platformOf(desk).get('account', id) },
  {
    method: 'GET',
    path: '/v1/account',
    takes: retrieveTakes,
    run: desk => platformOf(desk).get('account', desk.account),
  },
  call('POST /v1/account_links', accounts.linkCreateTakes, accounts.createLink),
  call('POST /v1/webhook_endpoints', accounts.endpointCreateTakes, accounts.createEndpoint),
  list('/v1/webhook_endpoints', 'webhook_endpoint'),
];

export function routeOf(method: string, path: string): { route: Route; id: string } | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`).exec(path);
    if (match) return { route, id: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
}
