import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as deleteBill } from '../../../functions/bills/deleteBill';
import { handler as getBill } from '../../../functions/bills/getBill';
import { handler as listCredits } from '../../../functions/credits/listCredits';
import { handler as createGuestCheckout } from '../../../functions/guest/createGuestCheckout';
import type { Attempt } from '../../../shared/domain/billRecord';
import { noMovement } from '../../../shared/domain/book';
import { addMinutes, instant } from '../../../shared/domain/calendar';
import { cents } from '../../../shared/domain/money';
import { newId } from '../../../shared/ids';
import { real } from '../../../shared/needs';
import { deleteBillRow, getBillRow } from '../../../shared/operations/bills';
import { listCreditsRow } from '../../../shared/operations/credits';
import { createGuestCheckoutRow } from '../../../shared/operations/guest';
import { commitAttempt } from '../../../shared/store/attemptStore';
import { loadBill } from '../../../shared/store/billStore';
import { recoverCharge, settleCharge } from '../../../shared/stripe/attempts';
import { stripeGateway } from '../../../shared/stripe/stripeGateway';
import { FrontDesk, wait } from '../../fixtures/frontDesk';
import { guestOf } from '../../fixtures/guest';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

/** Money that comes when nobody waits for it any more: it is never lost, and never asked for twice. */
let desk: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  desk = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await desk.close();
});

const tell = (subject: { kind: 'intent' | 'page'; id: string }) => {
  const body = JSON.stringify({ kind: 'stripeEvent', eventId: newId('wrk'), type: 'told', subject });
  return followStripe({ Records: [{ messageId: '1', body }] } as never);
};
const creditsOf = (clientId: string) => desk.done(listCreditsRow, listCredits, { path: { clientId } });

test('a hosted page that is paid after its bill was deleted becomes the client’s credit', async () => {
  const { billId, clientId } = await desk.bill(6_000);
  const { url } = await desk.done(createGuestCheckoutRow, createGuestCheckout, { caller: guestOf(desk, billId) });
  const asked = { path: { billId }, query: {} };
  expect((await desk.ask(deleteBillRow, deleteBill, asked)).status).toBe(204);
  await stripe.payOn(url);
  const [session] = (await stripe.sdk().checkout.sessions.list({ limit: 1 })).data;
  expect(await tell({ kind: 'page', id: session?.id ?? '' })).toEqual({ batchItemFailures: [] });
  expect((await creditsOf(clientId)).balanceCents).toBe(6_000);
  expect((await desk.ask(getBillRow, getBill, { path: { billId } })).status).toBe(404);
});

/** A client's own payment, for which the bank wants a confirmation; it waits for that now. */
async function waitingCharge() {
  const { billId, clientId } = await desk.bill(9_000);
  const { practiceId } = desk;
  const card = await saveCard({ practiceId, clientId, sdk: stripe.sdk(), method: 'pm_card_authenticationRequired' });
  const startedAt = instant(Date.now());
  const paymentId = newId('pay');
  const attempt: Attempt = {
    ...{ attemptId: newId('att'), billId, clientId, kind: 'charge', status: 'processing', amountCents: cents(9_000) },
    ...{
      startedAt,
      by: { kind: 'client' },
      cardId: card.cardId,
      dueAt: addMinutes(startedAt, 1),
      revision: 0,
    },
    stripe: { customerId: card.stripeCustomerId, paymentMethodId: card.stripePaymentMethodId },
    payment: {
      ...{ paymentId, clientId, payer: 'client', type: 'card', collect: 'stripe' },
      ...{ amountCents: cents(9_000), paidAt: startedAt },
    },
  };
  await commitAttempt(await loadBill(practiceId, billId), attempt, { movement: noMovement, quiet: true, needs: real });
  const home = { kind: 'bill' as const, id: billId };
  const { attemptId, amountCents } = attempt;
  const outcome = await stripeGateway.charge({
    ...{ account: undefined, attemptId, practiceId, home, paymentId, amountCents, currency: 'USD' },
    ...{ customerId: card.stripeCustomerId, paymentMethodId: card.stripePaymentMethodId },
    ...{ offSession: false, returnUrl: 'https://bills.example.com/client' },
  });
  const at = { practiceId, home, attemptId };
  await settleCharge(at, outcome, real);
  const { payments, reservedCents } = await desk.see(billId);
  expect([outcome.kind, payments[0].status, reservedCents]).toEqual(['requires_action', 'requires_action', 9_000]);
  return { billId, at, intentId: payments[0].stripe.paymentIntentId as string };
}

test('a charge that the cardholder does not confirm in 30 minutes is ended at Stripe and reserves nothing any more', async () => {
  const { billId, at, intentId } = await waitingCharge();
  wait(31);
  await recoverCharge(at, stripeGateway, real);
  const { payments, reservedCents, clientBalanceCents } = await desk.see(billId);
  expect([payments[0].status, payments[0].failure.code]).toEqual(['failed', 'not_confirmed']);
  expect([reservedCents, clientBalanceCents]).toEqual([0, 9_000]);
  expect((await stripe.sdk().paymentIntents.retrieve(intentId)).status).toBe('canceled');
});

test('one that was confirmed in the last moment is paid, not ended', async () => {
  const { billId, at, intentId } = await waitingCharge();
  wait(31);
  await confirm(intentId);
  await recoverCharge(at, stripeGateway, real);
  const { payments, status, reservedCents } = await desk.see(billId);
  expect([payments[0].status, status, reservedCents]).toEqual(['succeeded', 'paid', 0]);
});

/** The cardholder says yes on the bank's page. */
async function confirm(intentId: string): Promise<void> {
  const { next_action: next } = await stripe.sdk().paymentIntents.retrieve(intentId);
  await stripe.payOn(next?.redirect_to_url?.url ?? '', { decision: 'complete' });
}
