import { request } from 'node:http';
import { clientOf, type Listener, listen, refusalOf, type StandIn, startStandIn, submitForm } from './standIn';

let standIn: StandIn;
let listener: Listener;
beforeAll(async () => {
  listener = await listen();
  standIn = await startStandIn({ webhook: { url: listener.url, secret: 'whsec_x' } });
});
afterAll(async () => {
  await standIn.part.close();
  await listener.close();
});

test('a connected account has objects, keys and events of its own', async () => {
  const { stripe } = standIn;
  await standIn.post('/_stand-in/accounts', { id: 'acct_1Willow' });
  const willow = clientOf(standIn.part.url, { stripeAccount: 'acct_1Willow' });
  const params = { amount: 4000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true };
  const own = await stripe.paymentIntents.create(params, { idempotencyKey: 'k' });
  const theirs = await willow.paymentIntents.create(params, { idempotencyKey: 'k' });
  expect(theirs.id).not.toBe(own.id);
  expect(await refusalOf(willow.paymentIntents.retrieve(own.id))).toMatchObject({ statusCode: 404 });
  expect((await willow.paymentIntents.list()).data.map(({ id }) => id)).toEqual([theirs.id]);
  await standIn.part.idle();
  const accounts = listener.heard.map(({ body }) => (JSON.parse(body) as { account?: string }).account);
  expect(new Set(accounts)).toEqual(new Set([undefined, 'acct_1Willow']));
  const page = await fetch(`${standIn.part.url}/acct_1Willow/test/payments/${theirs.id}`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(theirs.id)]);
  expect((await fetch(`${standIn.part.url}/test/payments/${theirs.id}`)).status).toBe(404);
});

test('an account that does not exist is refused with 403', async () => {
  const nobody = clientOf(standIn.part.url, { stripeAccount: 'acct_none' });
  expect(await refusalOf(nobody.customers.list())).toMatchObject({
    type: 'StripePermissionError',
    code: 'account_invalid',
  });
});

test('a new account takes cards once its owner has finished set-up', async () => {
  const { stripe } = standIn;
  const account = await stripe.accounts.create({ type: 'standard', email: 'owner@example.com' });
  expect(account).toMatchObject({ charges_enabled: false, details_submitted: false });
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: 'http://127.0.0.1:9/again',
    return_url: 'http://127.0.0.1:9/connected?state=s1',
  });
  const done = await submitForm(link.url, {});
  expect(done.headers.get('location')).toBe('http://127.0.0.1:9/connected?state=s1');
  expect(await stripe.accounts.retrieve(account.id)).toMatchObject({ charges_enabled: true });
  await standIn.part.idle();
  expect(listener.types()).toContain('account.updated');
});

test('another host name is refused, against DNS rebinding', async () => {
  const { port } = new URL(standIn.part.url);
  const status = await new Promise(resolve => {
    request({ host: '127.0.0.1', port, path: '/dashboard', headers: { host: 'evil.example' } }, answer =>
      resolve(answer.statusCode),
    ).end();
  });
  expect(status).toBe(403);
});
