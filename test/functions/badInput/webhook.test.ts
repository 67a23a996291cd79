import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { receiveStripeEvent } from '../../../functions/webhooks/receiveStripeEvent';
import { signature } from '../../../local/stripe/webhooks';
import { serve } from '../../../shared/http/serve';
import { real } from '../../../shared/needs';
import { receiveStripeEventRow } from '../../../shared/operations/webhooks';
import { useStripe } from '../../../shared/stripe/stripeClient';
import { type Asked, ask } from '../../fixtures/apiEvent';
import { type OpenStore, openStore } from '../../fixtures/store';

const secret = 'whsec_of_these_tests';
const connectSecret = 'whsec_of_the_endpoint_for_connected_accounts';
const useSecrets = (secrets: { webhookSecret: string; connectWebhookSecret?: string }) =>
  useStripe({ secret: { secretKey: 'sk_test_of_these_tests', ...secrets } });
const event = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  data: { object: { id: 'pi_1', object: 'payment_intent' } },
});

let store: OpenStore;
const queued: unknown[] = [];
const send = async (_: string, batch: readonly object[]) => {
  queued.push(...batch);
  return { sent: batch.length };
};
beforeAll(async () => {
  store = await openStore();
  useSecrets({ webhookSecret: secret, connectWebhookSecret: connectSecret });
});
afterAll(async () => {
  useStripe(undefined);
  await store.close();
});
beforeEach(() => {
  queued.length = 0;
});

const handler = serve(receiveStripeEventRow, receiveStripeEvent(real, { send }));
const receive = (asked: Asked) => ask(handler, receiveStripeEventRow, asked);
const stored = async () => (await store.documents.send(new ScanCommand({ TableName: 'billing' }))).Count;
const now = () => Math.floor(Date.now() / 1000);
const signed = (raw: string, at = now(), by = secret) => ({ 'stripe-signature': signature(raw, by, at) });

describe('POST /webhooks/stripe 400', () => {
  const header = signed(event)['stripe-signature'];
  const wrong: readonly (readonly [string, Asked])[] = [
    ['no signature', { raw: event }],
    ['an empty one', { raw: event, headers: { 'stripe-signature': '' } }],
    ['nonsense', { raw: event, headers: { 'stripe-signature': 'nonsense' } }],
    ['a time alone', { raw: event, headers: { 'stripe-signature': `t=${now()}` } }],
    ['another secret', { raw: event, headers: signed(event, now(), 'whsec_of_somebody_else') }],
    ['an empty secret', { raw: event, headers: signed(event, now(), '') }],
    ['an old one', { raw: event, headers: signed(event, now() - 301) }],
    ['a scheme for tests', { raw: event, headers: { 'stripe-signature': header.replace('v1=', 'v0=') } }],
    [
      'another time than was signed',
      { raw: event, headers: { 'stripe-signature': header.replace(/t=\d+/, `t=${now() + 1}`) } },
    ],
    ['a body changed after signing', { raw: event.replace('pi_1', 'pi_2'), headers: signed(event) }],
    ['a body written anew', { raw: JSON.stringify(JSON.parse(event), null, 1), headers: signed(event) }],
    ['no body', { raw: '', headers: signed(event) }],
    ['a signed body that is no JSON', { raw: 'evt_1', headers: signed('evt_1') }],
    ['a signed body that is no event', { raw: '{"id":7}', headers: signed('{"id":7}') }],
    ['a signed nothing', { raw: 'null', headers: signed('null') }],
  ];

  test.each(wrong)('%s is bad_signature: nothing is stored, nothing handed on', async (_, asked) => {
    const answer = await receive(asked);
    expect([answer.status, answer.body.code]).toEqual([400, 'bad_signature']);
    expect([await stored(), queued]).toEqual([0, []]);
  });

  test('a body above 1 MB is 413 before anybody looks at its signature', async () => {
    const large = event.padEnd(1_000_001);
    const answer = await receive({ raw: large, headers: signed(large) });
    expect([answer.status, await stored(), queued]).toEqual([413, 0, []]);
  });
});

describe('POST /webhooks/stripe 200', () => {
  test('the same event, signed as it should be, is taken: as text and as the gateway encodes bytes', async () => {
    expect((await receive({ raw: event, headers: signed(event, now() - 200) })).body).toEqual({ received: true });
    expect(queued).toEqual([expect.objectContaining({ eventId: 'evt_1', subject: { kind: 'intent', id: 'pi_1' } })]);
    const other = event.replace('evt_1', 'evt_\u00e9');
    const base64 = Buffer.from(other).toString('base64');
    expect((await receive({ base64, headers: signed(other) })).status).toBe(200);
    expect([await stored(), queued.length]).toEqual([2, 2]);
  });

  test('each of the two endpoints signs with a secret of its own, and both are heard', async () => {
    const theirs = event.replace('"evt_1"', '"evt_2","account":"acct_1Elm"');
    expect((await receive({ raw: theirs, headers: signed(theirs, now(), connectSecret) })).status).toBe(200);
    expect(queued).toEqual([expect.objectContaining({ eventId: 'evt_2', account: 'acct_1Elm' })]);
  });

  test('a second secret that is not filled in lets nobody in who signs with nothing', async () => {
    useSecrets({ webhookSecret: secret, connectWebhookSecret: '' });
    const theirs = event.replace('evt_1', 'evt_3');
    expect((await receive({ raw: theirs, headers: signed(theirs, now(), '') })).status).toBe(400);
    expect((await receive({ raw: theirs, headers: signed(theirs) })).status).toBe(200);
  });
});
