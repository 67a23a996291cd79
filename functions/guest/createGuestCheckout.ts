import { config } from '../../shared/config';
import { billAmounts } from '../../shared/domain/billAmounts';
import type { Checkout } from '../../shared/domain/billRecord';
import { noMovement } from '../../shared/domain/book';
import { billOf } from '../../shared/domain/draft';
import { nextLookAtPage } from '../../shared/domain/hostedPage';
import { cents } from '../../shared/domain/money';
import { checkPayable } from '../../shared/domain/payable';
import { invalidInput, Problem } from '../../shared/domain/problem';
import { stripeMinimum } from '../../shared/domain/stripeMinimum';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { createGuestCheckoutRow } from '../../shared/operations/guest';
import { checkoutWrite, commit, type Loaded, loadBill, recordOf } from '../../shared/store/billStore';
import { guestStore } from '../../shared/store/guestStore';
import { decideAnew } from '../../shared/store/kernel';
import { recoverStale } from '../../shared/stripe/cardAttempt';
import { closeCheckouts } from '../../shared/stripe/checkouts';
import { openTold } from '../../shared/stripe/pageRefused';
import { pageEnds, stripePages } from '../../shared/stripe/stripePages';

type In = Input<typeof createGuestCheckoutRow>;

/** Opens the one hosted page of this bill; asked again for the same amount, the same page (clarification 7). */
export const createGuestCheckout = (needs = real, pages = stripePages): Operation<typeof createGuestCheckoutRow> => {
  const open = async ({ caller, body, once }: In) => {
    const { practiceId, billId } = caller;
    const { loaded: read, practice, settings } = await once.beside(guestStore.opened(practiceId, billId));
    const loaded = await recoverStale(read, billId, needs);
    const amountCents = payable(loaded, billId, body.amountCents);
    if (!settings.allowPartialOnline && amountCents < payable(loaded, billId, undefined)) {
      throw invalidInput('/amountCents', 'must be all that is due: this practice takes no part of it online');
    }
    const standing = recordOf(loaded, billId).checkouts.find(
      page => page.status === 'open' && page.amountCents === amountCents && page.expiresAt > needs.clock.now(),
    );
    if (standing) return reply(200, { url: standing.url });
    if (practice.stripe.status !== 'ready' || !practice.onlinePayments) throw new Problem('stripe_not_connected');
    const minimumCents = stripeMinimum(practice.currency);
    if (amountCents < minimumCents) throw new Problem('amount_below_minimum', { minimumCents });
    const now = await closeCheckouts(loaded, billId, needs);
    if (now !== loaded) payable(now, billId, amountCents);
    const checkout = await openPage(now, { billId, amountCents, account: practice.stripe.accountId }, { needs, pages });
    await commit(now, noMovement, {
      heads: new Map([[billId, { checkoutId: checkout.checkoutId }]]),
      writes: [checkoutWrite(practiceId, checkout), ...once.record(201, { billId, checkoutId: checkout.checkoutId })],
      keepVersion: true,
      newId: needs.newId,
    });
    return reply(201, { url: checkout.url });
  };
  return {
    run: input => decideAnew(() => open(input)),
    replay: async ({ ids: { billId = '', checkoutId = '' } }, { caller }) => {
      const page = recordOf(await loadBill(caller.practiceId, billId), billId).checkouts.find(
        known => known.checkoutId === checkoutId,
      );
      if (!page) throw new Problem('bill_not_found');
      return reply(201, { url: page.url });
    },
  };
};

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

async function openPage(
  loaded: Loaded,
  { billId, amountCents, account }: { billId: string; amountCents: number; account: string | undefined },
  { needs, pages }: { needs: typeof real; pages: typeof stripePages },
): Promise<Checkout> {
  const { head } = recordOf(loaded, billId);
  const { practiceId } = loaded;
  const { currency } = recordOf(loaded, billId).text.letterhead;
  const now = needs.clock.now();
  const expiresAt = pageEnds(now);
  const checkoutId = needs.newId('chk');
  const paymentId = needs.newId('pay');
  const payPage = new URL('/pay', config.publicUrl()).href;
  const page = {
    account,
    checkoutId,
    practiceId,
    billId,
    paymentId,
    label: `Bill ${head.number}`,
    amountCents,
    currency,
    // The fragment never reaches a server or a log; our ids in it say which page it was.
    successUrl: `${payPage}#c=${practiceId}.${billId}.${checkoutId}.{CHECKOUT_SESSION_ID}`,
    cancelUrl: payPage,
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
    by: 'guest',
    dueAt: nextLookAtPage({ expiresAt }, now),
    revision: 0,
  };
}

export const handler = serve(createGuestCheckoutRow, createGuestCheckout());
