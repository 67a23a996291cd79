import Stripe from 'stripe';
import { instant } from '../../../shared/domain/calendar';
import { useStripe } from '../../../shared/stripe/stripeClient';
import { stripeGateway } from '../../../shared/stripe/stripeGateway';
import { stripeRefunds } from '../../../shared/stripe/stripeRefunds';

/** What Stripe's refusals mean for a charge or a refund (`domain.md` rule 9): only a proven "no" ends an attempt. */
function answering(status: number, error: object): void {
  const httpClient = Stripe.createFetchHttpClient(async () => new Response(JSON.stringify({ error }), { status }));
  useStripe({ secret: { secretKey: 'sk_test_of_these_tests', webhookSecret: 'whsec_of_these_tests' }, httpClient });
}
beforeAll(() => {
  process.env.STRIPE_API = 'https://stripe.example';
});
afterAll(() => useStripe(undefined));

const refusals = [
  ['the account lets this platform in no more', 403, { type: 'invalid_request_error', code: 'account_invalid' }],
  ['the key is not known', 401, { type: 'invalid_request_error' }],
  ['the card is not there', 400, { type: 'invalid_request_error', code: 'resource_missing' }],
] as const;

const charge = () =>
  stripeGateway.charge({
    account: 'acct_1Elm',
    attemptId: 'att_1',
    practiceId: 'prac_1',
    home: { kind: 'bill', id: 'bill_1' },
    paymentId: 'pay_1',
    amountCents: 6000,
    currency: 'USD',
    customerId: 'cus_1',
    paymentMethodId: 'pm_1',
    offSession: true,
  });
const lookUp = () =>
  stripeGateway.lookUp({
    ...{ account: 'acct_1Elm', attemptId: 'att_1', customerId: 'cus_1', startedAt: instant(0) },
    ...{ amountCents: 6000, currency: 'USD', livemode: false },
  });

const refund = () =>
  stripeRefunds.send({
    ...{ account: 'acct_1Elm', attemptId: 'att_2', refundId: 'ref_1', paymentId: 'pay_1' },
    ...{ paymentIntentId: 'pi_1', amountCents: 6000, effect: 'reopen' },
  });

const look = () => stripeRefunds.list('acct_1Elm', 'pi_1').catch((problem: unknown) => problem);

describe.each(refusals)('%s', (_, status, error) => {
  const code = 'code' in error ? error.code : 'StripeAuthenticationError';

  test('a charge that is turned away so was never made, and no bank declined it: the attempt ends', async () => {
    answering(status, error);
    expect(await charge()).toEqual({ kind: 'turned_away', code });
  });

  test('a refund that is turned away so was never made: it holds back no other one', async () => {
    answering(status, error);
    expect(await refund()).toEqual({ kind: 'turned_away', code });
  });

  test('whatever else is asked is refused for good: nobody is told to try again', async () => {
    answering(status, error);
    expect(await look()).toMatchObject({ code: 'stripe_refused', facts: { reason: code } });
  });

  test('a look that is turned away so tells nothing of an earlier charge: the attempt stays open', async () => {
    answering(status, error);
    expect(await lookUp()).toEqual({ kind: 'unknown', turnedAway: true });
  });
});

test.each([
  ['the charge was refunded already', { code: 'charge_already_refunded' }],
  ['less is left of it', { param: 'amount' }],
  ['its bank has it', { code: 'charge_disputed' }],
])('a refund that Stripe refuses as %s is a fact about the charge', async (_, error) => {
  answering(400, { type: 'invalid_request_error', ...error });
  expect(await refund()).toMatchObject({ kind: 'refused' });
});

describe.each([
  ['failed inside', 500, { type: 'api_error' }],
  ['had too many requests', 429, { type: 'invalid_request_error', code: 'rate_limit' }],
  ['works on the same key', 409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }],
])('when Stripe %s', (_, status, error) => {
  test('a charge is unknown, not declined', async () => {
    answering(status, error);
    expect(await charge()).toEqual({ kind: 'unknown' });
  });

  test('whatever else is asked may be asked again: 503', async () => {
    answering(status, error);
    expect(await look()).toMatchObject({ code: 'dependency_down' });
  });
});
