import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

it.each([
  ['an inquiry', 'warning_needs_response', 'warning_closed'],
  ['a dispute', 'needs_response', 'won'],
])(
  '%s about one payment holds AutoPay of the client on every bill until the bank has decided (rule 33)',
  async (_, opened, ended) => {
    const desk = await FrontDesk.open();
    const nights = new Nights(desk);
    const stripe = await openStripe();
    await nights.automate({ autopay: true });
    const clientId = await desk.client();
    await nights.setBilling(clientId, { autopay: true });
    await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
    const { billId } = await desk.bill(5_000, { clientId });
    const { body } = await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents: 5_000 });
    const intentId = body.payment.stripe.paymentIntentId;
    const { id } = await stripe.dispute(intentId, opened);
    await tellOf(intentId);
    const { billId: another } = await desk.bill(7_000, { clientId });
    await nights.until('2026-03-11', '12:00');
    expect((await nights.run('autopay', '2026-03-11')).outcomes).toEqual({ skipped_disputed: 1 });
    await stripe.decideDispute(String(id), ended);
    await tellOf(intentId);
    await nights.until('2026-03-12', '12:00');
    expect((await nights.run('autopay', '2026-03-12')).outcomes).toEqual({ charged: 1 });
    expect(await desk.see(another)).toMatchObject({ status: 'paid' });
    await stripe.close();
    await desk.close();
  },
);
