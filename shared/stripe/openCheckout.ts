import { config } from '../config';
import { billAmounts } from '../domain/billAmounts';
import type { Checkout } from '../domain/billRecord';
import { noMovement } from '../domain/book';
import { billOf } from '../domain/draft';
import { nextLookAtPage } from '../domain/hostedPage';
import { cents } from '../domain/money';
import { checkPayable } from '../domain/payable';
import { invalidInput, Problem } from '../domain/problem';
import { stripeMinimum } from '../domain/stripeMinimum';
import { reply } from '../http/serve';
import { type Needs, real } from '../needs';
import { checkoutWrite, commit, type Loaded, loadBill, recordOf } from '../store/billStore';
import type { Opened } from '../store/guestStore';
import { decideAnew, type Write } from '../store/kernel';
import { recoverStale } from './cardAttempt';
import { closeCheckouts } from './checkouts';
import { openTold } from './pageRefused';
import { pageEnds, stripePages } from './stripePages';

/** Whoever pays on Stripe's page: a guest with one bill, or a client who is signed in. */
export interface CheckoutRequest {
  readonly billId: string;
  /** All that is due unless the payer names less. */
  readonly amountCents: number | undefined;
  readonly by: Checkout['by'];
  /** Reads the bill, behind the request's own replay. */
  readonly read: () => Promise<Opened>;
  /** The replay record, of these ids. */
  readonly record: (ids: Readonly<Record<string, string>>) => Write[];
}

/** Where the payer comes from, and back to. */
const pageOf: Readonly<Record<Checkout['by'], string>> = { guest: '/pay', client: '/client' };

/** Opens the one hosted page of the bill; asked again for the same amount, the same page (clarification 7). */
export const openCheckout = (request: CheckoutRequest, needs: Needs = real, pages = stripePages) =>
  decideAnew(async () => {
    const { billId } = request;
    const { loaded: read, practice, settings } = await request.read();
    const loaded = await recoverStale(read, billId, needs);
    const amountCents = payable(loaded, billId, request.amountCents);
    if (!settings.allowPartialOnline && amountCents < payable(loaded, billId, undefined)) throw wholeOnly();
    const standing = recordOf(loaded, billId).checkouts.find(
      page => page.status === 'open' && page.amountCents === amountCents && page.expiresAt > needs.clock.now(),
    );
    if (standing) return reply(200, { url: standing.url });
    if (practice.stripe.status !== 'ready' || !practice.onlinePayments) throw new Problem('stripe_not_connected');
    const minimumCents = stripeMinimum(practice.currency);
    if (amountCents < minimumCents) throw new Problem('amount_below_minimum', { minimumCents });
    const now = await closeCheckouts(loaded, billId, needs);
    if (now !== loaded) payable(now, billId, amountCents);
    const page = { billId, amountCents, by: request.by, account: practice.stripe.accountId };
    const checkout = await openPage(now, page, { needs, pages });
    await commit(now, noMovement, {
      heads: new Map([[billId, { checkoutId: checkout.checkoutId }]]),
      writes: [checkoutWrite(now.practiceId, checkout), ...request.record({ billId, checkoutId: checkout.checkoutId })],
      keepVersion: true,
      newId: needs.newId,
    });
    return reply(201, { url: checkout.url });
  });

/** The page that an earlier request opened. */
export async function openedCheckout(
  practiceId: string,
  { billId = '', checkoutId = '' }: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { checkouts } = recordOf(await loadBill(practiceId, billId), billId);
  return checkouts.find(known => known.checkoutId === checkoutId)?.url;
}

/** The practice may want bills paid whole where nobody of it is present (clarification 39). */
export const wholeOnly = () =>
  invalidInput('/amountCents', 'must be all that is due: this practice takes no part of it online');

/** What may be paid here: the whole balance unless the payer names less. */
function payable(loaded: Loaded, billId: string, asked: number | undefined): number {
  const { head } = recordOf(loaded, billId);
  const amounts = billAmounts(loaded.book, billId);
  if (head.status === 'cancelled') throw new Problem('bill_cancelled');
  if (head.responsibility === 'external') throw new Problem('external_payer');
  if (amounts.clientBalanceCents === 0) throw new Problem('bill_already_paid');
  const { reservedCents } = billOf(loaded.book, billId);
  const amount = asked ?? amounts.clientBalanceCents - reservedCents;
  checkPayable(amounts, reservedCents, Math.max(amount, 1));
  return amount;
}

interface Page {
  readonly billId: string;
  readonly amountCents: number;
  readonly by: Checkout['by'];
  readonly account: string | undefined;
}

async function openPage(
  loaded: Loaded,
  { billId, amountCents, by, account }: Page,
  { needs, pages }: { needs: Needs; pages: typeof stripePages },
): Promise<Checkout> {
  const { head, text } = recordOf(loaded, billId);
  const { practiceId } = loaded;
  const now = needs.clock.now();
  const expiresAt = pageEnds(now);
  const checkoutId = needs.newId('chk');
  const paymentId = needs.newId('pay');
  const back = new URL(pageOf[by], config.publicUrl()).href;
  const page = {
    account,
    checkoutId,
    practiceId,
    billId,
    paymentId,
    label: `Bill ${head.number}`,
    amountCents,
    currency: text.letterhead.currency,
    // The fragment never reaches a server or a log; our ids in it say which page it was.
    successUrl: `${back}#c=${practiceId}.${billId}.${checkoutId}.{CHECKOUT_SESSION_ID}`,
    cancelUrl: back,
    expiresAt,
  };
  const of = { practiceId, page: 'payment' } as const;
  const { sessionId, url } = await openTold(of, () => pages.openPayment(page), needs);
  return {
    checkoutId,
    billId,
    clientId: head.clientId,
    amountCents: cents(amountCents),
    status: 'open',
    paymentId,
    url,
    stripe: { sessionId, ...(account ? { accountId: account } : {}) },
    expiresAt,
    by,
    dueAt: nextLookAtPage({ expiresAt }, now),
    revision: 0,
  };
}
