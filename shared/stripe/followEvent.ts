import { type AttemptHome, homeOfAttempt } from '../domain/attempt';
import type { Attempt, Checkout } from '../domain/billRecord';
import { findPayment } from '../domain/paymentState';
import { isProblem } from '../domain/problem';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { attemptOf, loadHome } from '../store/attemptStore';
import type { Home } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { practiceOfAccount } from '../store/stripeAccountStore';
import { settleCharge } from './attempts';
import { readCharged } from './bareCharge';
import { bringIntoLine } from './bringIntoLine';
import { checkoutOf, followCheckout } from './checkouts';
import { followAccount } from './followAccount';
import { keepSavedCard } from './savedCard';
import type { Account } from './stripeClient';
import type { StripeEventMessage } from './stripeEvents';
import type { ChargeSucceeded } from './stripeGateway';
import { stripePages } from './stripePages';
import { keepUnmatched } from './unmatched';

/**
 * Follows one event to the object it is about, as that stands now. The practice comes from the event's account; metadata
 * only says where to look, and attempt, account, mode, currency and amount must agree with what is stored, else the money is
 * unmatched (clarification 10). Then the charge's refunds and disputes are brought into line, whoever's it is.
 */
export async function followEvent(message: StripeEventMessage, needs: Needs): Promise<void> {
  try {
    await follow(message, needs);
  } catch (error) {
    if (!isShutOut(message, error)) throw error;
    // Nobody can look, however often it is tried. Should its owner connect the account again, reconciliation finds it.
    const { eventId, type, account } = message;
    logger.warn('an event of an account that lets us in no more', { eventId, type, account });
  }
}

/** Only of a connected account, and by Stripe's own word for it: any other refusal is a mistake that somebody must mend. */
const isShutOut = ({ account }: StripeEventMessage, error: unknown): boolean =>
  account !== undefined && isProblem(error, 'stripe_refused') && error.facts.reason === 'account_invalid';

async function follow({ subject, account }: StripeEventMessage, needs: Needs): Promise<void> {
  if (subject.kind === 'page') return followPage(account, subject.id, needs);
  if (subject.kind === 'account') return followOwner(subject.id, needs);
  await followIntent(account, subject.id, needs);
}

/** The charge of an intent, its refunds and disputes, brought into the ledger; where they stand, if they moved money. */
export async function followIntent(
  account: Account,
  paymentIntentId: string,
  needs: Needs,
): Promise<PaidPlace | undefined> {
  const { outcome, metadata, signs } = await readCharged(account, paymentIntentId);
  // A decline is told by the request itself; only what moved money is settled from outside.
  if (outcome.kind !== 'succeeded') return undefined;
  const known =
    (await settleOurs(account, { outcome, metadata }, needs)) ?? (await keepUnmatched(account, outcome, needs));
  if (known) await bringIntoLine(known, needs, { signs });
  return known;
}

/** Where a payment stands, whoever's it is. */
export type PaidPlace = Omit<Place, 'home'> & { readonly home: Home };

interface Intent {
  readonly outcome: ChargeSucceeded;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Settles a charge that this system asked for; nothing when it did not. */
async function settleOurs(account: Account, { outcome, metadata }: Intent, needs: Needs): Promise<Place | undefined> {
  const place = await placeOf(account, metadata);
  if (!place) return undefined;
  const { practiceId, home } = place;
  const loaded = await loadHome(practiceId, home).catch(ifNotThere);
  if (!loaded) return undefined;
  const { attemptId, checkoutId } = metadata;
  const asked = attemptId
    ? attemptOf(loaded, { home, attemptId })
    : home.kind === 'bill' && checkoutId
      ? checkoutOf(loaded, { billId: home.id, checkoutId })
      : undefined;
  const settled = findPayment(loaded.book, place.paymentId)?.stripe?.paymentIntentId;
  if (settled === outcome.stripe.paymentIntentId) return place;
  const { currency, stripe: connection } = await practiceOf(practiceId);
  // One attempt is one charge: another charge that names it is somebody's mistake, and money that nobody knows.
  const agrees =
    asked &&
    settled === undefined &&
    paymentIdOf(asked) === place.paymentId &&
    asked.stripe.accountId === account &&
    asked.amountCents === outcome.amountCents &&
    currency === outcome.currency &&
    outcome.stripe.livemode === (connection.mode === 'live');
  if (!agrees) return undefined;
  if (attemptId) await settleCharge({ practiceId, home, attemptId, known: loaded }, outcome, needs, 'stripe');
  else if (checkoutId) await followCheckout({ practiceId, billId: home.id, checkoutId }, needs);
  return place;
}

const paymentIdOf = (asked: Attempt | Checkout): string | undefined =>
  'paymentId' in asked ? asked.paymentId : asked.payment?.paymentId;

const ifNotThere = (error: unknown): undefined => {
  if (!isProblem(error, 'not_found')) throw error;
};

/** An account changed, or its owner took our access away: the practice that connected it may take cards, or not. */
async function followOwner(accountId: string, { clock }: Needs): Promise<void> {
  const practiceId = await practiceOfAccount(accountId);
  if (practiceId) await followAccount(practiceId, clock.now());
}

async function followPage(account: Account, sessionId: string, needs: Needs): Promise<void> {
  const page = await stripePages.read(account, sessionId);
  if (page.mode === 'setup') return keepSavedCard(account, page, needs);
  const place = await placeOf(account, page.metadata);
  const { checkoutId } = page.metadata;
  if (place?.home.kind !== 'bill' || !checkoutId) return logUnknown(sessionId);
  await followCheckout({ practiceId: place.practiceId, billId: place.home.id, checkoutId }, needs);
}

interface Place {
  readonly practiceId: string;
  readonly home: AttemptHome;
  readonly paymentId: string;
}

export async function placeOf(
  account: Account,
  metadata: Readonly<Record<string, string>>,
): Promise<Place | undefined> {
  const { practiceId, billId = '', clientId = '', paymentId } = metadata;
  const home = homeOfAttempt({ billId, clientId });
  if (!practiceId || !home.id || !paymentId) return undefined;
  // In a connected account anybody may write metadata: its practice is the one that connected it, and no other.
  if (account !== undefined && (await practiceOfAccount(account)) !== practiceId) return undefined;
  return { practiceId, home, paymentId };
}

function logUnknown(objectId: string): void {
  logger.warn('stripe object belongs to nothing here', { objectId });
}
