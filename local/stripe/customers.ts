import type Stripe from 'stripe';
import type { Desk } from './desk';
import type { Parameters, Takes } from './parameters';
import { invalid } from './stripeError';

export const addressShape = {
  form: { city: 'text', country: 'text', line1: 'text', line2: 'text', postal_code: 'text', state: 'text' },
} as const satisfies { form: Takes<Stripe.AddressParam> };

/** Creating and updating take the same here. */
export const customerTakes: Takes<Stripe.CustomerUpdateParams> & Takes<Stripe.CustomerCreateParams> = {
  address: addressShape,
  description: 'text',
  email: 'text',
  expand: 'texts',
  invoice_settings: { form: { default_payment_method: 'text' } },
  metadata: 'metadata',
  name: 'text',
  phone: 'text',
  preferred_locales: 'texts',
};

type Given = Parameters<Stripe.CustomerUpdateParams>;

export function createCustomer(desk: Desk, given: Given): Stripe.Customer {
  const customer: Stripe.Customer = {
    id: desk.newId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: desk.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
  };
  const created = desk.put('customer', withGiven(customer, given));
  desk.emit('customer.created', created);
  return created;
}

export function updateCustomer(desk: Desk, id: string, given: Given): Stripe.Customer {
  const customer = desk.customer(id);
  const card = given
    .nested<Stripe.CustomerUpdateParams.InvoiceSettings>('invoice_settings')
    ?.text('default_payment_method');
  if (
    typeof card === 'string' &&
    desk.get('payment_method', card, 'invoice_settings[default_payment_method]').customer !== id
  )
    throw invalid(
      `The customer does not have a payment method with the ID ${card}. The payment method must be attached to the customer.`,
      { code: 'resource_missing', param: 'invoice_settings[default_payment_method]' },
    );
  const updated = desk.put('customer', withGiven(customer, given));
  desk.emit('customer.updated', updated);
  return updated;
}

function withGiven(customer: Stripe.Customer, given: Given): Stripe.Customer {
  const text = <K extends 'description' | 'email' | 'name' | 'phone'>(name: K): string | null => {
    const value = given.text(name);
    return value === undefined ? (customer[name] ?? null) : value;
  };
  const card = given
    .nested<Stripe.CustomerUpdateParams.InvoiceSettings>('invoice_settings')
    ?.text('default_payment_method');
  return {
    ...customer,
    address: given.has('address')
      ? addressOf(given.nested<Stripe.AddressParam>('address'))
      : (customer.address ?? null),
    description: text('description'),
    email: text('email'),
    name: text('name'),
    phone: text('phone'),
    metadata: given.metadata('metadata', customer.metadata),
    ...(given.has('preferred_locales') ? { preferred_locales: given.texts('preferred_locales') } : {}),
    ...(card === undefined ? {} : { invoice_settings: { ...customer.invoice_settings, default_payment_method: card } }),
  };
}

export function addressOf(given: Parameters<Stripe.AddressParam> | undefined): Stripe.Address | null {
  if (given === undefined) return null;
  return {
    city: given.text('city') ?? null,
    country: given.text('country') ?? null,
    line1: given.text('line1') ?? null,
    line2: given.text('line2') ?? null,
    postal_code: given.text('postal_code') ?? null,
    state: given.text('state') ?? null,
  };
}

/** A deleted customer can still be retrieved, as deleted; its cards are let go and may not be used again. */
export function deleteCustomer(desk: Desk, id: string): Stripe.DeletedCustomer {
  const customer = desk.customer(id);
  for (const method of desk.all('payment_method').filter(({ customer: owner }) => owner === id)) {
    desk.put('payment_method', { ...method, customer: null });
    const facts = desk.find('cardFacts', method.id);
    if (facts) desk.keep('cardFacts', method.id, { ...facts, consumed: true });
  }
  desk.emit('customer.deleted', customer);
  return desk.put('customer', { id, object: 'customer', deleted: true });
}
