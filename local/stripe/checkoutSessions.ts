import type Stripe from 'stripe';
import { checkAmount, currencyOf } from './amounts';
import { blankSession } from './blankSession';
import type { Desk } from './desk';
import type { SessionFacts } from './model';
import type { Parameters, Takes } from './parameters';
import { dropIntent } from './paymentIntents';
import { invalid, refused } from './stripeError';

type Create = Stripe.Checkout.SessionCreateParams;

const intentDataTakes: Takes<Stripe.Checkout.SessionCreateParams.PaymentIntentData> = {
  description: 'text',
  metadata: 'metadata',
  receipt_email: 'text',
  setup_future_usage: 'text',
  statement_descriptor_suffix: 'text',
};
const priceDataTakes: Takes<Stripe.Checkout.SessionCreateParams.LineItem.PriceData> = {
  currency: 'text',
  product_data: { form: { description: 'text', name: 'text' } },
  unit_amount: 'integer',
};

export const sessionCreateTakes: Takes<Create> = {
  allowed_payment_method_types: 'texts',
  cancel_url: 'text',
  client_reference_id: 'text',
  currency: 'text',
  customer: 'text',
  customer_creation: 'text',
  customer_email: 'text',
  expand: 'texts',
  expires_at: 'integer',
  line_items: { forms: { price_data: { form: priceDataTakes }, quantity: 'integer' } },
  locale: 'text',
  metadata: 'metadata',
  mode: 'text',
  payment_intent_data: { form: intentDataTakes },
  setup_intent_data: { form: { description: 'text', metadata: 'metadata' } },
  submit_type: 'text',
  success_url: 'text',
  ui_mode: 'text',
};

const halfHour = 30 * 60;
const day = 24 * 60 * 60;

export function createSession(desk: Desk, given: Parameters<Create>): Stripe.Checkout.Session {
  const mode = given.text('mode') ?? 'payment';
  if (mode !== 'payment' && mode !== 'setup')
    throw refused('Invalid mode: must be one of payment or setup here.', { param: 'mode' });
  const uiMode = given.text('ui_mode') ?? 'hosted_page';
  if (uiMode !== 'hosted_page') throw refused('Only hosted pages are part of this stand-in.', { param: 'ui_mode' });
  const successUrl = urlOf('success_url', given.need('success_url'));
  const customer = given.text('customer') ?? null;
  if (customer !== null) desk.customer(customer, 'customer');
  const lines = mode === 'payment' ? linesOf(given) : { lines: [], currency: given.text('currency') ?? null };
  const total = mode === 'payment' ? lines.lines.reduce((sum, line) => sum + line.unitAmount * line.quantity, 0) : null;
  if (total !== null) checkAmount(total);
  const id = desk.newId('cs_test');
  const expiresAt = expiryOf(desk, given.integer('expires_at'));
  desk.keep('sessionFacts', id, factsOf(given, mode, lines.lines));
  desk.later(id, expiresAt - desk.now(), 'session_expires');
  return desk.put('checkout.session', {
    ...blankSession,
    id,
    allowed_payment_method_types: allowedTypes(given),
    amount_subtotal: total,
    amount_total: total,
    cancel_url: urlOf('cancel_url', given.text('cancel_url') ?? null),
    client_reference_id: given.text('client_reference_id') ?? null,
    created: desk.now(),
    currency: lines.currency,
    customer,
    customer_creation:
      customer !== null || mode === 'setup' ? null : (given.text('customer_creation') ?? 'if_required'),
    customer_email: given.text('customer_email') ?? null,
    expires_at: expiresAt,
    locale: given.text('locale') ?? null,
    metadata: given.metadata('metadata'),
    mode,
    payment_method_collection: mode === 'payment' ? 'if_required' : 'always',
    payment_status: mode === 'payment' ? 'unpaid' : 'no_payment_required',
    submit_type: given.text('submit_type') ?? null,
    success_url: successUrl,
    total_details: total === null ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `${desk.world.url}/c/pay/${desk.account}/${id}`,
  });
}

function factsOf(given: Parameters<Create>, mode: string, lines: SessionFacts['lines']): SessionFacts {
  const payment = given.nested<Stripe.Checkout.SessionCreateParams.PaymentIntentData>('payment_intent_data');
  const setup = given.nested<Stripe.Checkout.SessionCreateParams.SetupIntentData>('setup_intent_data');
  if (mode === 'setup' && payment)
    throw refused('You can not pass `payment_intent_data` in `setup` mode.', { param: 'payment_intent_data' });
  if (mode === 'payment' && setup)
    throw refused('You can not pass `setup_intent_data` in `payment` mode.', { param: 'setup_intent_data' });
  return {
    lines,
    intentMetadata: (payment ?? setup)?.metadata('metadata') ?? {},
    description: (payment ?? setup)?.text('description') ?? null,
    futureUsage: payment?.text('setup_future_usage') ?? null,
  };
}

function linesOf(given: Parameters<Create>): { lines: SessionFacts['lines']; currency: string | null } {
  const items = given.forms<Stripe.Checkout.SessionCreateParams.LineItem>('line_items');
  if (items.length === 0)
    throw refused('`line_items` is required in `payment` mode.', { code: 'parameter_missing', param: 'line_items' });
  const currencies = new Set<string>();
  const lines = items.map((item, index) => {
    const param = `line_items[${index}]`;
    const price = item.nested<Stripe.Checkout.SessionCreateParams.LineItem.PriceData>('price_data');
    const name = price?.nested<{ name: string }>('product_data')?.text('name');
    const unitAmount = price?.integer('unit_amount');
    if (!price || !name || unitAmount === undefined)
      throw refused(`You must pass ${param}[price_data] with currency, unit_amount and product_data[name].`, {
        code: 'parameter_missing',
        param: `${param}[price_data]`,
      });
    currencies.add(currencyOf(price.need('currency')));
    return { name, unitAmount, quantity: item.integer('quantity') ?? 1 };
  });
  const [currency = null, other] = [...currencies];
  if (other !== undefined) throw refused('All line items must have the same currency.', { param: 'line_items' });
  return { lines, currency };
}

function urlOf<T extends string | null>(param: keyof Create & string, value: T): T {
  // A placeholder is no part of a URL's syntax; Stripe replaces it when the payer returns.
  if (value !== null && !URL.canParse(value.replaceAll('{CHECKOUT_SESSION_ID}', 'id')))
    throw refused('Not a valid URL', { code: 'url_invalid', param });
  return value;
}

/** A filter on what the account offers, which is cards alone here: a list without them leaves nothing to pay with. */
function allowedTypes(given: Parameters<Create>): string[] | null {
  const allowed = given.texts('allowed_payment_method_types');
  if (allowed.length === 0) return null;
  if (!allowed.includes('card'))
    throw refused('No valid payment method types for this Checkout Session.', {
      param: 'allowed_payment_method_types',
    });
  return allowed;
}

/** docs.stripe.com/api/checkout/sessions/create: between 30 minutes and 24 hours from now; 24 hours unless told. */
function expiryOf(desk: Desk, given: number | undefined): number {
  const now = desk.now();
  if (given === undefined) return now + day;
  if (given < now + halfHour)
    throw refused('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', {
      param: 'expires_at',
    });
  if (given > now + day)
    throw refused('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    });
  return given;
}

export function expireNamed(desk: Desk, id: string): Stripe.Checkout.Session {
  const session = desk.get('checkout.session', id);
  if (session.status !== 'open')
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  return expireSession(desk, session);
}

/** Also when its time has come. Its unpaid intent ends with it. */
export function expireSession(desk: Desk, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  desk.notLater(session.id);
  const expired = desk.put('checkout.session', { ...session, status: 'expired', url: null });
  const intent =
    typeof session.payment_intent === 'string' ? desk.find('payment_intent', session.payment_intent) : undefined;
  if (intent && intent.status !== 'succeeded') dropIntent(desk, intent, 'expired');
  desk.emit('checkout.session.expired', expired);
  return expired;
}

export function lineItemsOf(desk: Desk, session: Stripe.Checkout.Session): Stripe.LineItem[] {
  const { lines } = desk.find('sessionFacts', session.id) ?? { lines: [] };
  return lines.map((line, index) => ({
    id: `li_${session.id.slice('cs_test_'.length)}${index}`,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: line.unitAmount * line.quantity,
    amount_tax: 0,
    amount_total: line.unitAmount * line.quantity,
    currency: session.currency ?? 'usd',
    description: line.name,
    metadata: {},
    price: null,
    quantity: line.quantity,
  }));
}
