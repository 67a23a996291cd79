import { localDate } from '../domain/calendar';
import { recordUnmatched } from '../domain/credit';
import { given } from '../domain/given';
import { cents } from '../domain/money';
import { idFrom } from '../ids';
import { logger } from '../logger';
import { type Needs, systemAct } from '../needs';
import { commit, type Home, loadedOf } from '../store/billStore';
import { practiceOf } from '../store/cardStore';
import { decideAnew, LostRace } from '../store/kernel';
import { practiceOfAccount } from '../store/stripeAccountStore';
import { unmatchedStore } from '../store/unmatchedStore';
import { fitsLedger } from './otherCurrency';
import type { Account } from './stripeClient';
import type { ChargeSucceeded } from './stripeGateway';

/**
 * Money in a practice's Stripe account that nobody here asked for (`domain.md` rule 35): kept whole, with the practice of
 * that account, until staff attach it. Recorded once, however often and by whomever it is noticed. Answers where it is;
 * nothing when no practice has the account, or when it is in another currency than the practice's ledger.
 */
export async function keepUnmatched(
  account: Account,
  charge: ChargeSucceeded,
  needs: Needs,
): Promise<{ practiceId: string; paymentId: string; home: Home } | undefined> {
  const { paymentIntentId } = charge.stripe;
  const practiceId = await practiceOfAccount(account);
  if (!practiceId) {
    logger.warn('money in a Stripe account of no practice', { paymentIntentId });
    return undefined;
  }
  const paymentId = idFrom('pay', practiceId, paymentIntentId);
  const { timeZone, currency } = await practiceOf(practiceId);
  if (!(await fitsLedger(charge, { practiceId, currency }, needs))) return undefined;
  const { stripe, amountCents, paidAt, card } = charge;
  const payment = {
    ...{ paymentId, payer: 'client' as const, type: 'card' as const, collect: 'stripe' as const },
    ...{ amountCents: cents(amountCents), paidAt, stripe, ...given({ card }) },
  };
  const nothing = loadedOf(practiceId, []);
  const postedOn = localDate(paidAt, timeZone);
  const act = systemAct(timeZone, needs, 'stripe');
  const movement = recordUnmatched(nothing.book, { payment, sourceId: paymentIntentId, postedOn }, act);
  const told = unmatchedStore.told(movement);
  await decideAnew(() => commit(nothing, told, { newId: needs.newId }).catch(knownAlready));
  return { practiceId, paymentId, home: { kind: 'practice', id: paymentId } };
}

/** Its entry is keyed by Stripe's id: a second one is a failed put. Whoever writes it now may still fail. */
const knownAlready = (error: unknown): void => {
  if (!(error instanceof LostRace) || !error.failed.some(({ found }) => found)) throw error;
};
