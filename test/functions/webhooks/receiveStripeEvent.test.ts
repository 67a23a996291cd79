import { receiveStripeEvent } from '../../../functions/webhooks/receiveStripeEvent';
import { serve } from '../../../shared/http/serve';
import { real } from '../../../shared/needs';
import { receiveStripeEventRow } from '../../../shared/operations/webhooks';
import { FrontDesk, openedAt, standAt, wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

let oak: FrontDesk;
let stripe: OpenStripe;
beforeAll(async () => {
  oak = await FrontDesk.open();
  stripe = await openStripe();
});
afterAll(async () => {
  await stripe.close();
  await oak.close();
});

const queued: object[] = [];
let queueIsDown = false;
let queueTakesNothing = false;
const queues = {
  send: async (queue: string, messages: readonly object[]) => {
    if (queueIsDown) throw new Error('the queue does not answer');
    if (queueTakesNothing) return { sent: 0 };
    queued.push(...messages.map(message => ({ queue, ...message })));
    return { sent: messages.length };
  },
};
beforeEach(() => {
  standAt(openedAt);
  queued.length = 0;
  queueIsDown = false;
  queueTakesNothing = false;
});

const handler = serve(receiveStripeEventRow, receiveStripeEvent(real, queues));
const receive = (sent: { raw: string; headers: Record<string, string> }) =>
  oak.ask(receiveStripeEventRow, handler, { caller: undefined, ...sent });
let events = 0;
const event = (type: string, object: object, more: object = {}) => {
  events += 1;
  return { id: `evt_${events}`, object: 'event', type, data: { object }, ...more };
};
const succeeded = () => event('payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent', amount: 999_999 });

describe('200', () => {
  it('hands over which object to look at, by id, and nothing of what the event said about it (rule 34)', async () => {
    const told = succeeded();
    const { status, body } = await receive(stripe.signed(told));
    expect([status, body]).toEqual([200, { received: true }]);
    const subject = { kind: 'intent', id: 'pi_1' };
    expect(queued).toEqual([{ queue: 'stripe', kind: 'stripeEvent', eventId: told.id, type: told.type, subject }]);
  });

  it('what happens in the test mode of a connected account goes nowhere with a live key, and the other way round', async () => {
    const more = { account: 'acct_1Elm' };
    const live = event('payment_intent.succeeded', { id: 'pi_live' }, { ...more, livemode: true });
    const test = event('payment_intent.succeeded', { id: 'pi_test' }, { ...more, livemode: false });
    const heard = async () => {
      queued.length = 0;
      for (const told of [live, test]) expect((await receive(stripe.signed(told))).status).toBe(200);
      return queued.map(message => Reflect.get(message, 'eventId'));
    };
    expect(await heard()).toEqual([test.id]);
    const heardLive = await stripe.withSecretKey('rk_live_of_these_tests', heard);
    expect(heardLive).toEqual([live.id]);
  });

  it('an event that comes again is answered and goes no further', async () => {
    const told = succeeded();
    await receive(stripe.signed(told));
    wait(60 * 24 * 3);
    expect((await receive(stripe.signed(told))).status).toBe(200);
    expect(queued).toHaveLength(1);
  });

  it.each([
    ['payment_intent.payment_failed', { id: 'pi_2' }, { kind: 'intent', id: 'pi_2' }],
    ['checkout.session.completed', { id: 'cs_1' }, { kind: 'page', id: 'cs_1' }],
    ['checkout.session.expired', { id: 'cs_2' }, { kind: 'page', id: 'cs_2' }],
    ['charge.refunded', { id: 'ch_1', payment_intent: 'pi_3' }, { kind: 'intent', id: 'pi_3' }],
    ['refund.failed', { id: 're_1', payment_intent: { id: 'pi_4' } }, { kind: 'intent', id: 'pi_4' }],
    ['charge.dispute.funds_withdrawn', { id: 'dp_1', payment_intent: 'pi_5' }, { kind: 'intent', id: 'pi_5' }],
  ])('%s leads to the object that it is about', async (type, object, subject) => {
    await receive(stripe.signed(event(type, object, { account: 'acct_1Elm' })));
    expect(queued).toMatchObject([{ type, subject, account: 'acct_1Elm' }]);
  });

  it('what is no concern of ours is taken and left alone', async () => {
    for (const type of ['customer.created', 'payout.paid', 'charge.succeeded']) {
      expect((await receive(stripe.signed(event(type, { id: 'obj_1' })))).status).toBe(200);
    }
    expect(queued).toEqual([]);
  });

  it('every event that a charge and its refund really make is taken', async () => {
    const { billId, clientId } = await oak.bill();
    await saveCard({ practiceId: oak.practiceId, clientId, sdk: stripe.sdk() });
    const { body } = await oak.pay(billId, { type: 'card', collect: 'stripe', amountCents: 10_000 });
    const { paymentIntentId } = body.payment.stripe;
    await stripe.refundInDashboard(paymentIntentId, 3000);
    const { data } = await stripe.sdk().events.list({ limit: 100 });
    for (const made of data) expect((await receive(stripe.signed(made))).status).toBe(200);
    const types = queued.flatMap(message => ('type' in message ? [message.type] : []));
    expect(types).toEqual(expect.arrayContaining(['payment_intent.succeeded', 'charge.refunded', 'refund.created']));
    expect(JSON.stringify(queued)).not.toMatch(/3000|10000|amount/);
  });
});

describe('400', () => {
  const refused = async (sent: { raw: string; headers: Record<string, string> }) => {
    expect(await receive(sent)).toMatchObject({ status: 400, body: { code: 'bad_signature' } });
    expect(queued).toEqual([]);
  };

  it('bad_signature: another secret, another body, no signature at all', async () => {
    const told = succeeded();
    await refused(stripe.signed(told, 'whsec_of_somebody_else'));
    const { headers } = stripe.signed(told);
    await refused({ raw: JSON.stringify({ ...told, account: 'acct_1Elm' }), headers });
    await refused({ raw: JSON.stringify(told), headers: {} });
  });

  it('bad_signature: one that was signed more than five minutes ago is not taken again', async () => {
    const sent = stripe.signed(succeeded());
    wait(6);
    await refused(sent);
  });
});

describe('500', () => {
  it('an event that could not be handed over is not noted, so that Stripe’s next try is taken', async () => {
    const told = succeeded();
    queueIsDown = true;
    expect((await receive(stripe.signed(told))).status).toBe(500);
    queueIsDown = false;
    expect((await receive(stripe.signed(told))).status).toBe(200);
    expect(queued).toHaveLength(1);
  });
});

describe('503', () => {
  it('an event that the queue answered and did not take is not noted either', async () => {
    const told = succeeded();
    queueTakesNothing = true;
    expect(await receive(stripe.signed(told))).toMatchObject({ status: 503, body: { code: 'dependency_down' } });
    queueTakesNothing = false;
    expect((await receive(stripe.signed(told))).status).toBe(200);
    expect(queued).toHaveLength(1);
  });
});
