import type Stripe from 'stripe';
import { type Instant, instant } from '../domain/calendar';
import type { CardFacts } from '../domain/ledger';
import { type Account, askStripe, onAccount, refusedAs } from './stripeClient';
import { cardFacts } from './stripeGateway';

export interface PaymentPage {
  readonly account: Account;
  /** Idempotency key and metadata. */
  readonly checkoutId: string;
  readonly practiceId: string;
  readonly billId: string;
  readonly paymentId: string;
  /** What the payer reads beside the amount: the bill's number, nothing else. */
  readonly label: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly expiresAt: Instant;
}

export interface SetupPage {
  readonly account: Account;
  readonly key: string;
  readonly customerId: string;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

export interface PageState {
  readonly status: 'open' | 'complete' | 'expired';
  readonly mode: 'payment' | 'setup' | 'other';
  readonly paymentIntentId?: string;
  readonly customerId?: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of a finished set-up page. */
  readonly saved?: { readonly paymentMethodId: string; readonly card: CardFacts };
}

/** What an account offers beside (a bank debit) is known to have failed only days later. */
const cardAlone = ['card'] as const;

/** Stripe's hosted pages: cards are entered there alone, no card number touches this system (R48). */
export const stripePages = {
  async openPayment(page: PaymentPage): Promise<{ sessionId: string; url: string }> {
    const { practiceId, billId, paymentId, checkoutId } = page;
    const metadata = { practiceId, billId, paymentId, checkoutId };
    const session = await askStripe(stripe =>
      stripe.checkout.sessions.create(
        {
          mode: 'payment',
          allowed_payment_method_types: [...cardAlone],
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: page.currency.toLowerCase(),
                unit_amount: page.amountCents,
                product_data: { name: page.label },
              },
            },
          ],
          metadata,
          payment_intent_data: { metadata },
          success_url: page.successUrl,
          cancel_url: page.cancelUrl,
          expires_at: Math.ceil(Date.parse(page.expiresAt) / 1000),
        },
        { idempotencyKey: checkoutId, ...onAccount(page.account) },
      ),
    );
    return { sessionId: session.id, url: session.url ?? '' };
  },

  async openSetup(page: SetupPage): Promise<{ sessionId: string; url: string }> {
    const session = await askStripe(stripe =>
      stripe.checkout.sessions.create(
        {
          mode: 'setup',
          allowed_payment_method_types: [...cardAlone],
          currency: page.currency.toLowerCase(),
          customer: page.customerId,
          metadata: page.metadata,
          setup_intent_data: { metadata: page.metadata },
          success_url: page.successUrl,
          cancel_url: page.cancelUrl,
        },
        { idempotencyKey: page.key, ...onAccount(page.account) },
      ),
    );
    return { sessionId: session.id, url: session.url ?? '' };
  },

  async read(account: Account, sessionId: string): Promise<PageState> {
    const expand = ['setup_intent.payment_method'];
    return pageState(
      await askStripe(stripe => stripe.checkout.sessions.retrieve(sessionId, { expand }, onAccount(account))),
    );
  },

  /** Closes an open page; one that was finished meanwhile tells so instead. */
  async expire(account: Account, sessionId: string): Promise<PageState> {
    const expired = await askStripe(stripe =>
      stripe.checkout.sessions.expire(sessionId, {}, onAccount(account)).catch(refusedAs(undefined)),
    );
    return expired ? pageState(expired) : this.read(account, sessionId);
  },

  async newCustomer(
    account: Account,
    owner: { practiceId: string; kind: 'client' | 'contact'; id: string },
  ): Promise<string> {
    const metadata = { practiceId: owner.practiceId, ownerKind: owner.kind, ownerId: owner.id };
    // No name, no e-mail: the customer is an opaque id (rule 67). No key of our own: Stripe would keep a failure under it
    // for a day, in which no card could be saved; a customer that was made and forgotten holds nothing and harms nobody.
    return (await askStripe(stripe => stripe.customers.create({ metadata }, onAccount(account)))).id;
  },

  /** Stripe refuses to detach what is not attached any more: then it is as it shall be. */
  async detachCard(account: Account, paymentMethodId: string): Promise<void> {
    await askStripe(async stripe => {
      await stripe.paymentMethods.detach(paymentMethodId, {}, onAccount(account)).catch(refusedAs(undefined));
    });
  },
};

function pageState(session: Stripe.Checkout.Session): PageState {
  const { status, mode, payment_intent, customer, setup_intent } = session;
  const method = typeof setup_intent === 'object' ? setup_intent?.payment_method : undefined;
  const intentId = typeof payment_intent === 'string' ? payment_intent : payment_intent?.id;
  const customerId = typeof customer === 'string' ? customer : customer?.id;
  return {
    status: status === 'complete' ? 'complete' : status === 'expired' ? 'expired' : 'open',
    mode: mode === 'payment' ? 'payment' : mode === 'setup' ? 'setup' : 'other',
    livemode: session.livemode,
    metadata: session.metadata ?? {},
    ...(intentId ? { paymentIntentId: intentId } : {}),
    ...(customerId ? { customerId } : {}),
    ...(typeof method === 'object' && method?.card
      ? { saved: { paymentMethodId: method.id, card: cardFacts(method.card) } }
      : {}),
  };
}

const pageLifeMinutes = 30;
/** When a page opened now ends: Stripe's minimum, with a little slack for the clocks. */
export const pageEnds = (now: Instant): Instant => instant(Date.parse(now) + (pageLifeMinutes * 60 + 30) * 1000);
