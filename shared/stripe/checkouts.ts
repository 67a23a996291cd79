import { billAmounts } from '../domain/billAmounts';
import type { Checkout } from '../domain/billRecord';
import { type Movement, noMovement } from '../domain/book';
import { localDate } from '../domain/calendar';
import { isOpenPage, nextLookAtPage } from '../domain/hostedPage';
import { cents } from '../domain/money';
import { receivePayment } from '../domain/payment';
import { isProblem, Problem } from '../domain/problem';
import { type Needs, systemAct } from '../needs';
import { checkoutWrite, commit, type Loaded, loadBillMoney, recordOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideAnew } from '../store/kernel';
import { receiptWrites } from '../work/receipts';
import { fitsLedger } from './otherCurrency';
import type { Account } from './stripeClient';
import { type ChargeSucceeded, stripeGateway } from './stripeGateway';
import { type PageState, stripePages } from './stripePages';

export interface CheckoutAt {
  readonly practiceId: string;
  readonly billId: string;
  readonly checkoutId: string;
}

/**
 * Closes every hosted page of the bill at Stripe before another payment is taken, and settles what it says. Problem:
 * `payment_in_progress` where Stripe does not say yet what became of one, as it may still be paid.
 */
export async function closeCheckouts(loaded: Loaded, billId: string, needs: Needs): Promise<Loaded> {
  let latest = loaded;
  for (const { checkoutId } of recordOf(loaded, billId).checkouts.filter(isOpenPage)) {
    latest = await closeCheckout({ practiceId: loaded.practiceId, billId, checkoutId }, needs);
    const after = checkoutOf(latest, { billId, checkoutId });
    if (after && isOpenPage(after)) {
      const { clientBalanceCents } = billAmounts(latest.book, billId);
      throw new Problem('payment_in_progress', { reservedCents: after.amountCents, clientBalanceCents });
    }
  }
  return latest;
}

async function closeCheckout(at: CheckoutAt, needs: Needs): Promise<Loaded> {
  const loaded = await loadBillMoney(at.practiceId, at.billId);
  const checkout = checkoutOf(loaded, at);
  if (!checkout || !isOpenPage(checkout)) return loaded;
  const { accountId, sessionId } = checkout.stripe;
  const page = await stripePages.expire(accountId, sessionId).catch(overBy(checkout, needs));
  return settleCheckout(at, { account: accountId, page }, needs);
}

/** Looks at the page and settles what it says: confirm, webhook and recovery alike. Harmless to repeat. */
export async function followCheckout(at: CheckoutAt, needs: Needs): Promise<Loaded> {
  const loaded = await loadBillMoney(at.practiceId, at.billId);
  const checkout = checkoutOf(loaded, at);
  if (!checkout || checkout.status === 'complete') return loaded;
  if (checkout.status === 'closing') return closeCheckout(at, needs);
  const { accountId, sessionId } = checkout.stripe;
  const page = await stripePages.read(accountId, sessionId).catch(overBy(checkout, needs));
  return settleCheckout(at, { account: accountId, page }, needs);
}

/**
 * Of an account that lets us in no more no page can be read: once its time is over it is over. Should it have been paid,
 * Stripe's word of it settles it whenever it comes.
 */
const overBy =
  ({ expiresAt }: Checkout, { clock }: Pick<Needs, 'clock'>) =>
  (error: unknown): PageState => {
    if (!isProblem(error, 'stripe_refused') || clock.now() < expiresAt) throw error;
    return { status: 'expired', mode: 'payment', livemode: false, metadata: {} };
  };

export const checkoutOf = (
  loaded: Loaded,
  { billId, checkoutId }: Omit<CheckoutAt, 'practiceId'>,
): Checkout | undefined => recordOf(loaded, billId).checkouts.find(checkout => checkout.checkoutId === checkoutId);

async function settleCheckout(
  at: CheckoutAt,
  { account, page }: { account: Account; page: PageState },
  needs: Needs,
): Promise<Loaded> {
  const word = await wordOf(at, { account, page });
  return decideAnew(async () => {
    const loaded = await loadBillMoney(at.practiceId, at.billId);
    const checkout = checkoutOf(loaded, at);
    if (!checkout || checkout.status === 'complete') return loaded;
    if (word === 'open') return later(loaded, checkout, at, needs);
    const taken = word === 'over' ? undefined : word;
    const { timeZone, currency } = recordOf(loaded, at.billId).text.letterhead;
    const fits = taken && (await fitsLedger(taken, { practiceId: at.practiceId, currency }, needs));
    const paid = fits && taken.amountCents === checkout.amountCents ? taken : undefined;
    const act = { ...systemAct(timeZone, needs), actor: { kind: 'client' as const } };
    const movement: Movement = paid ? receivePayment(loaded.book, receipt(checkout, paid, timeZone), act) : noMovement;
    return store(loaded, ended(checkout, paid ? 'complete' : 'expired'), movement, { at, needs });
  });
}

/** What the page came to: what it took, that it took nothing and never will, or that it still may. */
async function wordOf(
  { practiceId, checkoutId }: CheckoutAt,
  { account, page: { status, paymentIntentId } }: { account: Account; page: PageState },
): Promise<ChargeSucceeded | 'over' | 'open'> {
  if (status === 'expired') return 'over';
  if (status === 'open' || !paymentIntentId) return 'open';
  const { outcome, metadata } = await stripeGateway.readIntent(account, paymentIntentId);
  // Another's: its own event brings it in as money that nobody here asked for.
  if (metadata.checkoutId !== checkoutId) return 'over';
  if (outcome.kind === 'declined') return 'over';
  if (outcome.kind !== 'succeeded') return 'open';
  const { mode } = (await practiceOf(practiceId)).stripe;
  return outcome.stripe.livemode === (mode === 'live') ? outcome : 'over';
}

function receipt(checkout: Checkout, paid: ChargeSucceeded, timeZone: string) {
  const { billId, clientId, paymentId, checkoutId } = checkout;
  return {
    billId,
    moved: true,
    sourceId: checkoutId,
    postedOn: localDate(paid.paidAt, timeZone),
    payment: {
      paymentId,
      clientId,
      payer: 'client' as const,
      type: 'card' as const,
      collect: 'stripe' as const,
      amountCents: cents(paid.amountCents),
      paidAt: paid.paidAt,
      stripe: paid.stripe,
      ...(paid.card ? { card: paid.card } : {}),
    },
  };
}

function ended(checkout: Checkout, status: 'complete' | 'expired'): Checkout {
  const { dueAt: _, ...rest } = checkout;
  return { ...rest, status, revision: checkout.revision + 1 };
}

/** Still open at Stripe, or without an answer. */
function later(loaded: Loaded, checkout: Checkout, at: CheckoutAt, needs: Needs): Promise<Loaded> {
  const dueAt = nextLookAtPage(checkout, needs.clock.now());
  if (checkout.dueAt === dueAt) return Promise.resolve(loaded);
  return store(loaded, { ...checkout, dueAt, revision: checkout.revision + 1 }, noMovement, { at, needs });
}

function store(
  loaded: Loaded,
  checkout: Checkout,
  movement: Movement,
  { at: { practiceId, billId }, needs }: { at: CheckoutAt; needs: Needs },
): Promise<Loaded> {
  const record = recordOf(loaded, billId);
  const checkouts = record.checkouts.map(known => (known.checkoutId === checkout.checkoutId ? checkout : known));
  const now = { ...loaded, records: new Map([...loaded.records, [billId, { ...record, checkouts }]]) };
  return commit(now, movement, {
    heads: new Map([[billId, {}]]),
    writes: [checkoutWrite(practiceId, checkout), ...receiptWrites(loaded, movement, needs.clock.now())],
    keepVersion: movement.entries.length === 0,
    newId: needs.newId,
  });
}
