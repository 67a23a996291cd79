import { handler as holdAutopay } from '../../../functions/bills/holdAutopay';
import { handler as changeSession } from '../../../functions/sessions/changeSession';
import { holdAutopayRow } from '../../../shared/operations/bills';
import { changeSessionRow } from '../../../shared/operations/sessions';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

let desk: FrontDesk;
let nights: Nights;
let stripe: OpenStripe;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
  stripe = await openStripe();
});
afterEach(async () => {
  await stripe.close();
  await desk.close();
});

const off = { enabled: false, delayMinutes: 0 };
const dueOn = '2026-03-10';

/** Paid by card, and refunded in Stripe's dashboard. */
async function paidAndRefunded(billId: string, clientId: string): Promise<void> {
  const { cardId } = await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const { body } = await desk.pay(billId, { type: 'card', collect: 'stripe', cardId, amountCents: 10_000 });
  const { paymentIntentId } = body.payment.stripe;
  await stripe.refundInDashboard(paymentIntentId, 4_000);
  await tellOf(paymentIntentId);
}

it('a bill with money that came back is neither mailed by itself nor reminded of, nor one whose claim is under review (rules 16, 26)', async () => {
  await nights.automate({
    autoShare: { bills: { enabled: true, delayMinutes: 30 }, superbills: off, statements: off },
    overdueReminders: { enabled: true, daysAfterDue: [1] },
  });
  await desk.changeSettings({ receipts: false });
  const named = async (firstName: string) => {
    const clientId = await desk.client({ email: `${firstName}@example.com` });
    return { clientId, ...(await desk.bill(10_000, { clientId, dueOn })) };
  };
  const [before, after, reviewed, held] = [
    await named('before'),
    await named('after'),
    await named('reviewed'),
    await named('held'),
  ];
  await desk.done(holdAutopayRow, holdAutopay, { path: { billId: held.billId }, body: { reason: 'asked to wait' } });
  await paidAndRefunded(before.billId, before.clientId);
  await nights.until('2026-03-10', '11:31');
  // What staff hold keeps AutoPay away alone.
  const told = () => nights.mail.taken.map(({ to }) => to.email.split('@')[0]).sort();
  expect(told()).toEqual(['after', 'held', 'reviewed']);
  expect((await desk.see(before.billId)).sharing).toMatchObject({ status: 'blocked', blockedReason: 'held' });
  await paidAndRefunded(after.billId, after.clientId);
  const path = { sessionId: reviewed.lines[0].sessionId };
  await desk.done(changeSessionRow, changeSession, { path, body: { claimReview: 'needs_review' } });
  nights.mail.taken.splice(0);
  await nights.until('2026-03-11', '12:00');
  expect(nights.mail.taken).toEqual([]);
  expect((await nights.run('reminders', '2026-03-11')).outcomes).toEqual({
    skipped_held: 3,
    skipped_claim_under_review: 1,
  });
});
