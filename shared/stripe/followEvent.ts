import { type AttemptHome, homeOfAttempt } from '../domain/attempt';
import { logger } from '../logger';
import type { Needs } from '../needs';
import { attemptOf, loadHome } from '../store/attemptStore';
import { practiceOfAccount } from '../store/stripeAccountStore';
import { settleCharge } from './attempts';
import { bringIntoLine } from './bringIntoLine';
import { checkoutOf, followCheckout } from './checkouts';
import { keepSavedCard } from './savedCard';
import type { Account } from './stripeClient';
import type { StripeEventMessage } from './stripeEvents';
import { stripeGateway } from './stripeGateway';
import { stripePages } from './stripePages';

/**
 * Follows one event to the object it is about, as that stands now. The practice comes from the event's account; metadata
 * only says where to look, and attempt, account and amount must agree with what is stored (clarification 10).
 */
export async function followEvent({ subject, account }: StripeEventMessage, needs: Needs): Promise<void> {
  if (subject.kind === 'page') return followPage(account, subject.id, needs);
  const { outcome, metadata, signs } = await stripeGateway.readIntent(account, subject.id);
  const place = await placeOf(account, metadata);
  if (!place) return logUnknown(subject.id);
  const { practiceId, home, paymentId } = place;
  const { attemptId, checkoutId } = metadata;
  const loaded = await loadHome(practiceId, home);
  if (attemptId) {
    const attempt = attemptOf(loaded, { home, attemptId });
    if (!attempt || attempt.stripe.accountId !== account) return logUnknown(subject.id);
    // A decline is told by the request itself; only what moved money, or waits, is settled from outside.
    const at = { practiceId, home, attemptId, known: loaded };
    if (outcome.kind === 'succeeded') await settleCharge(at, outcome, needs, 'stripe');
  } else if (checkoutId && home.kind === 'bill') {
    const at = { practiceId, billId: home.id, checkoutId };
    const checkout = checkoutOf(loaded, at);
    if (!checkout || checkout.stripe.accountId !== account) return logUnknown(subject.id);
    await followCheckout(at, needs);
  } else return logUnknown(subject.id);
  if (outcome.kind === 'succeeded') await bringIntoLine({ practiceId, paymentId }, needs, { signs });
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

async function placeOf(account: Account, metadata: Readonly<Record<string, string>>): Promise<Place | undefined> {
  const { practiceId, billId = '', clientId = '', paymentId } = metadata;
  const home = homeOfAttempt({ billId, clientId });
  if (!practiceId || !home.id || !paymentId) return undefined;
  // In a connected account anybody may write metadata: its practice is the one that connected it, and no other.
  if (account !== undefined && (await practiceOfAccount(account)) !== practiceId) return undefined;
  return { practiceId, home, paymentId };
}

/** Money made by hand in Stripe belongs to no bill: it is logged by id; the ledger takes nothing that nobody asked for. */
function logUnknown(objectId: string): void {
  logger.warn('stripe object belongs to nothing here', { objectId });
}
