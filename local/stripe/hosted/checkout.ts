import type Stripe from 'stripe';
import type { Answer } from '../api';
import { createCustomer } from '../customers';
import type { Desk } from '../desk';
import type { Form } from '../form';
import { Parameters } from '../parameters';
import { confirmIntent } from '../paying';
import { newIntent } from '../paymentIntents';
import { createCard } from '../paymentMethods';
import { confirmSetup, newSetup } from '../setupIntents';
import { StripeProblem } from '../stripeError';
import { type CardFields, cardFields, emptyCard, fieldsOf, type ReadCard, readCard, type Wrong } from './cardForm';
import { html, money, notFoundPage, seeOther, showPage } from './page';

type Session = Stripe.Checkout.Session;

/** The page on which a payer pays, or saves a card. */
export function checkoutPage(desk: Desk, id: string, form: Form | undefined): Answer {
  const session = desk.find('checkout.session', id);
  if (!session) return notFoundPage('There is no such page');
  if (session.status === 'complete') return form ? seeOther(returnTo(session)) : completePage(session);
  if (session.status !== 'open') return expiredPage(session);
  if (form === undefined) return openPage(desk, session, { fields: emptyCard, message: lastRefusal(desk, session) });
  const fields = fieldsOf(form);
  const card = readCard(desk, fields);
  if ('wrong' in card) return openPage(desk, session, { fields, wrong: card.wrong });
  try {
    return submit(desk, session, card);
  } catch (thrown) {
    if (!(thrown instanceof StripeProblem)) throw thrown;
    return openPage(desk, session, { fields, message: thrown.message });
  }
}

function submit(desk: Desk, before: Session, card: ReadCard): Answer {
  const method = createCard(desk, card);
  const session = withCustomer(desk, before, card.name);
  if (session.mode === 'setup') {
    const intent = desk.put('setup_intent', { ...setupOf(desk, session), payment_method: method.id });
    desk.put('checkout.session', { ...session, setup_intent: intent.id });
    return proceed(desk, session.id, confirmSetup(desk, intent));
  }
  const intent = desk.put('payment_intent', { ...intentOf(desk, session), payment_method: method.id });
  desk.put('checkout.session', { ...session, payment_intent: intent.id });
  return proceed(desk, session.id, confirmIntent(desk, intent, { errorOnAction: false }));
}

function proceed(desk: Desk, sessionId: string, intent: Stripe.PaymentIntent | Stripe.SetupIntent): Answer {
  const proof = intent.next_action?.redirect_to_url?.url;
  if (intent.status === 'requires_action' && proof) return seeOther(proof);
  return seeOther(returnTo(completeSession(desk, sessionId)));
}

/** The intent has succeeded, here or on the bank's page. */
export function completeSession(desk: Desk, id: string): Session {
  const session = desk.get('checkout.session', id);
  desk.notLater(id);
  const complete = desk.put('checkout.session', {
    ...session,
    payment_status: session.mode === 'setup' ? 'no_payment_required' : 'paid',
    status: 'complete',
    url: null,
  });
  desk.emit('checkout.session.completed', complete);
  return complete;
}

export const returnTo = (session: Session): string =>
  (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);

function withCustomer(desk: Desk, session: Session, name: string): Session {
  const made =
    session.customer === null && session.customer_creation === 'always'
      ? createCustomer(
          desk,
          new Parameters({ name, ...(session.customer_email ? { email: session.customer_email } : {}) }),
        ).id
      : session.customer;
  const known = typeof made === 'string' ? desk.find('customer', made) : undefined;
  const email = session.customer_email ?? (known && !known.deleted ? known.email : null);
  return {
    ...session,
    customer: made,
    customer_details: {
      address: null,
      business_name: null,
      email,
      individual_name: null,
      name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
  };
}

/** One page has one intent, however often a card is refused on it. */
function intentOf(desk: Desk, session: Session): Stripe.PaymentIntent {
  if (typeof session.payment_intent === 'string') return desk.get('payment_intent', session.payment_intent);
  const facts = desk.find('sessionFacts', session.id);
  return newIntent(desk, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: typeof session.customer === 'string' ? session.customer : null,
    description: facts?.description ?? null,
    metadata: facts?.intentMetadata ?? {},
    paymentMethodId: null,
    receiptEmail: null,
    descriptorSuffix: null,
    futureUsage: facts?.futureUsage ?? null,
    facts: { offSession: false, returnUrl: returnTo(session), sessionId: session.id },
  });
}

function setupOf(desk: Desk, session: Session): Stripe.SetupIntent {
  if (typeof session.setup_intent === 'string') return desk.get('setup_intent', session.setup_intent);
  const facts = desk.find('sessionFacts', session.id);
  return newSetup(desk, {
    customer: typeof session.customer === 'string' ? session.customer : null,
    description: facts?.description ?? null,
    metadata: facts?.intentMetadata ?? {},
    paymentMethodId: null,
    facts: { offSession: false, returnUrl: returnTo(session), sessionId: session.id },
  });
}

function lastRefusal(desk: Desk, session: Session): string | undefined {
  const intent =
    typeof session.payment_intent === 'string' ? desk.find('payment_intent', session.payment_intent) : undefined;
  const setup = typeof session.setup_intent === 'string' ? desk.find('setup_intent', session.setup_intent) : undefined;
  return (intent?.last_payment_error ?? setup?.last_setup_error)?.message;
}

function openPage(
  desk: Desk,
  session: Session,
  { fields, wrong = {}, message }: { fields: CardFields; wrong?: Wrong; message?: string | undefined },
): Answer {
  const lines = desk.find('sessionFacts', session.id)?.lines ?? [];
  const sum = money(session.amount_total ?? 0, session.currency ?? 'usd');
  const paying = session.mode !== 'setup';
  const nothing = paying ? 'Nothing was charged.' : 'The card was not saved.';
  return showPage({
    title: paying ? `Pay ${sum}` : 'Save a card',
    leadsTo: [session.success_url, session.cancel_url],
    body: html`
<p class="notice">Test page. No real card is charged; 4242 4242 4242 4242 pays.</p>
${paying ? html`<h1>${lines.map(({ name }) => name).join(', ')}</h1><p class="sum">${sum}</p>` : html`<h1>Save a card</h1><p>Nothing is charged now. Later bills can be paid with this card.</p>`}
${message ? html`<p class="alert" role="alert">${message} ${nothing} Try another card.</p>` : ''}
<form method="post" class="card" novalidate>${cardFields(fields, wrong)}
<button>${paying ? `Pay ${sum}` : 'Save card'}</button></form>
${session.cancel_url ? html`<p><a href="${session.cancel_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)}">Go back without ${paying ? 'paying' : 'saving'}</a></p>` : ''}`,
  });
}

function completePage(session: Session): Answer {
  return showPage({
    title: 'Done',
    body: html`<h1>${session.mode === 'setup' ? 'This card is saved.' : 'This is paid.'}</h1><p><a href="${returnTo(session)}">Continue</a></p>`,
  });
}

function expiredPage(session: Session): Answer {
  return showPage({
    title: 'This page has expired',
    status: 410,
    body: html`<h1>This page has expired</h1><p>Nothing was ${session.mode === 'setup' ? 'saved' : 'charged'} here. Go back and ask for a new page.</p>
${session.cancel_url ? html`<p><a href="${session.cancel_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)}">Go back</a></p>` : ''}`,
  });
}
