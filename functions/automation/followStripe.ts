import { isUnderWay } from '../../shared/domain/attempt';
import { logger } from '../../shared/logger';
import { real } from '../../shared/needs';
import { attemptOf, loadHome } from '../../shared/store/attemptStore';
import type { DueItem } from '../../shared/store/table';
import { recoverCharge } from '../../shared/stripe/attempts';
import { followCheckout } from '../../shared/stripe/checkouts';
import { followEvent } from '../../shared/stripe/followEvent';
import { recoverRefund } from '../../shared/stripe/refundOnline';
import { messageOf } from '../../shared/stripe/stripeEvents';
import { stripeGateway } from '../../shared/stripe/stripeGateway';
import { workQueue } from '../../shared/work/queueDoor';

/** What is due at Stripe: attempts whose answer was lost, pages to look at or to close, events to follow. */
export const handler = workQueue('followStripe', {
  ATTEMPT: recoverAttempt,
  CHECKOUT: async ({ practiceId, homeId, id }) => {
    await followCheckout({ practiceId, billId: homeId, checkoutId: id }, real);
  },
  stripeEvent: async message => followEvent(messageOf(message), real),
});

async function recoverAttempt({ practiceId, homeId, id: attemptId, atBill }: DueItem): Promise<void> {
  const home = { kind: atBill ? ('bill' as const) : ('client' as const), id: homeId };
  const attempt = attemptOf(await loadHome(practiceId, home), { home, attemptId });
  if (!attempt || !isUnderWay(attempt)) return;
  logger.info('recovering', { attemptId, kind: attempt.kind });
  if (attempt.refund) await recoverRefund({ practiceId, paymentId: attempt.refund.paymentId, attemptId }, real);
  else await recoverCharge({ practiceId, home, attemptId }, stripeGateway, real);
}
