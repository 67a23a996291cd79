import type Stripe from 'stripe';
import { day, goodCard, minute, refusalOf, type StandIn, startStandIn, submitForm } from './standIn';

let standIn: StandIn;
let stripe: Stripe;
beforeAll(async () => {
  standIn = await startStandIn();
  stripe = standIn.stripe;
});
afterAll(() => standIn.part.close());

const seconds = (): number => Math.floor(standIn.clock.now() / 1000);

const payPage = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 9500, product_data: { name: 'Bill OAK-1042' } } },
    ],
    payment_intent_data: { metadata: { paymentId: 'pay_7' } },
    success_url: 'http://127.0.0.1:9/pay#done={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:9/pay',
    ...more,
  });

const urlOf = (session: Stripe.Checkout.Session): string => session.url ?? '';

describe('the pay page', () => {
  test('names what is paid and the sum, charges once and leads back with its id', async () => {
    const session = await payPage();
    const page = await fetch(urlOf(session));
    const text = await page.text();
    expect(text).toContain('Bill OAK-1042');
    expect(text).toContain('>Pay $95.00</button>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const paid = await submitForm(urlOf(session), goodCard);
    expect(paid.status).toBe(303);
    expect(paid.headers.get('location')).toBe(`http://127.0.0.1:9/pay#done=${session.id}`);
    expect((await submitForm(urlOf(session), goodCard)).status).toBe(303);
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent', 'line_items'] });
    expect(after).toMatchObject({ status: 'complete', payment_status: 'paid', url: null, amount_total: 9500 });
    expect(after.payment_intent).toMatchObject({ status: 'succeeded', metadata: { paymentId: 'pay_7' } });
    expect(after.line_items?.data).toMatchObject([{ description: 'Bill OAK-1042', amount_total: 9500 }]);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  test('keeps the form and gives the bank’s words on a decline; another card then pays the same intent', async () => {
    const session = await payPage();
    const declined = await submitForm(urlOf(session), { ...goodCard, number: '4000000000009995' });
    const text = await declined.text();
    expect(text).toContain('Your card has insufficient funds. Nothing was charged.');
    expect(text).toContain('value="4000000000009995"');
    const { payment_intent: first } = await stripe.checkout.sessions.retrieve(session.id);
    expect((await submitForm(urlOf(session), goodCard)).status).toBe(303);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_intent: first,
      payment_status: 'paid',
    });
  });

  test.each([
    ['a number with a wrong digit', { number: '4242 4242 4242 4241' }, 'card number is not valid'],
    ['a real card', { number: '4111 1111 1111 1111' }, 'use a test card'],
    ['an expiry in the past', { expiry: '10/26' }, 'This card has expired.'],
    ['an impossible month', { expiry: '13/30' }, 'Enter the expiry as MM / YY.'],
    ['a short security code', { cvc: '12' }, 'Enter the 3 digits'],
    ['no name', { name: ' ' }, 'Enter the name on the card.'],
  ])('refuses %s beside the field, and charges nothing', async (_what, wrong, words) => {
    const session = await payPage();
    expect(await (await submitForm(urlOf(session), { ...goodCard, ...wrong })).text()).toContain(words);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', payment_intent: null });
  });

  test('asks the bank first where the card demands it; a failure leads back to the form', async () => {
    const session = await payPage();
    const card = { ...goodCard, number: '4000 0027 6000 3184' };
    const asked = await submitForm(urlOf(session), card);
    const failed = await submitForm(asked.headers.get('location') ?? '', { decision: 'fail' });
    expect(await (await fetch(failed.headers.get('location') ?? '')).text()).toContain('unable to authenticate');
    const again = await submitForm(urlOf(session), card);
    const done = await submitForm(again.headers.get('location') ?? '', { decision: 'complete' });
    expect(done.headers.get('location')).toBe(`http://127.0.0.1:9/pay#done=${session.id}`);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
  });

  test('escapes what it shows', async () => {
    const session = await payPage({
      line_items: [{ price_data: { currency: 'usd', unit_amount: 500, product_data: { name: '<script>1</script>' } } }],
    });
    expect(await (await fetch(urlOf(session))).text()).not.toContain('<script>');
  });
});

describe('the time of a page', () => {
  test('is between 30 minutes and 24 hours', async () => {
    expect(await refusalOf(payPage({ expires_at: seconds() + 30 * 60 - 1 }))).toMatchObject({ param: 'expires_at' });
    expect(await refusalOf(payPage({ expires_at: seconds() + 24 * 60 * 60 + 1 }))).toMatchObject({
      param: 'expires_at',
    });
    expect((await payPage()).expires_at).toBe(seconds() + 24 * 60 * 60);
  });

  test('ends by the clock: nothing can be paid any more, and the intent ends with it', async () => {
    const session = await payPage({ expires_at: seconds() + 30 * 60 });
    await submitForm(urlOf(session), { ...goodCard, number: '4000000000000002' });
    standIn.clock.advance(30 * minute);
    const late = await submitForm(urlOf(session), goodCard);
    expect(late.status).toBe(410);
    expect(await late.text()).toContain('Nothing was charged');
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(after).toMatchObject({ status: 'expired', payment_intent: { status: 'canceled' } });
  });

  test('can be ended by us, once', async () => {
    const session = await payPage();
    expect((await stripe.checkout.sessions.expire(session.id)).status).toBe('expired');
    expect(await refusalOf(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  });

  test('owns its intent: that cannot be cancelled by itself', async () => {
    const session = await payPage();
    await submitForm(urlOf(session), { ...goodCard, number: '4000000000000002' });
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
    expect(await refusalOf(stripe.paymentIntents.cancel(String(intent)))).toMatchObject({ statusCode: 400 });
    standIn.clock.advance(day);
  });
});

test('the set-up page saves a card for its customer, charging nothing', async () => {
  const { id: customer } = await stripe.customers.create({ email: 'rosa@example.com' });
  const session = await stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'usd',
    customer,
    setup_intent_data: { metadata: { contactId: 'con_1' } },
    success_url: 'http://127.0.0.1:9/saved',
  });
  expect(await (await fetch(urlOf(session))).text()).toContain('>Save card</button>');
  const before = (await stripe.paymentIntents.list({ customer })).data.length;
  expect((await submitForm(urlOf(session), { ...goodCard, number: '4000000000000341' })).status).toBe(303);
  const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] });
  expect(after).toMatchObject({
    status: 'complete',
    setup_intent: { status: 'succeeded', metadata: { contactId: 'con_1' } },
  });
  expect((await stripe.customers.listPaymentMethods(customer)).data).toMatchObject([{ card: { last4: '0341' } }]);
  expect((await stripe.paymentIntents.list({ customer })).data).toHaveLength(before);
});
