import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startSqs } from '../../../local/aws/sqs/server';
import { replayDeadLetters } from '../../../tools/deadLetters';
import { type DeafPractice, openDeafPractice } from '../../fixtures/deafPractice';
import { wait } from '../../fixtures/frontDesk';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { follow } from '../../fixtures/stripeWork';
import { wholeLedger } from '../../fixtures/wholeLedger';

/** Stripe's queue as `infra/constructs/workQueue.ts` makes it, and its dead letters. */
const options = [
  { name: 'stripe', visibilityTimeoutSeconds: 360, maxReceiveCount: 5, deadLetterQueue: 'stripe-dead' },
  { name: 'stripe-dead' },
];

let stripe: OpenStripe;
let part: Awaited<ReturnType<typeof startSqs>>;
let sqs: SQSClient;
let practice: DeafPractice;
beforeAll(async () => {
  stripe = await openStripe();
  practice = await openDeafPractice(stripe);
  part = await startSqs({ port: 0, clock: { now: () => Date.now() }, queues: options });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ region: 'us-east-1', endpoint: part.url, credentials });
});
afterAll(async () => {
  sqs.destroy();
  await part.close();
  await practice.desk.close();
  await stripe.close();
});

const QueueUrl = () => part.urlOf('stripe');

const eventOf = (intentId: string) => ({
  ...{ kind: 'stripeEvent', eventId: `evt_${intentId}`, type: 'charge.refunded', account: practice.accountId },
  subject: { kind: 'intent', id: intentId },
});
const send = (intentId: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: JSON.stringify(eventOf(intentId)) }));

/** The queue's worker takes what is visible: done is deleted, failed comes again. */
async function workOnce(): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: QueueUrl(), MaxNumberOfMessages: 10 }),
  );
  for (const { Body = '', ReceiptHandle } of Messages) {
    const failed = await follow([JSON.parse(Body)]);
    if (failed.length === 0) await sqs.send(new DeleteMessageCommand({ QueueUrl: QueueUrl(), ReceiptHandle }));
  }
}
async function waiting(queue: string): Promise<number> {
  const asked = { QueueUrl: part.urlOf(queue), AttributeNames: ['All' as const] };
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand(asked));
  return Number(Attributes.ApproximateNumberOfMessages);
}

/** A payment of 100.00 of which 30.00 were refunded in the dashboard, and a bank disputes the rest. */
async function refunded() {
  const paid = await practice.pay(10_000);
  await stripe.refundInDashboard(paid.intentId, 3_000);
  await stripe.dispute(paid.intentId);
  return paid;
}

async function stateOf({ billId, paymentId }: { billId: string; paymentId: string }) {
  const { status, clientBalanceCents, autopay, payments } = await practice.desk.see(billId);
  const [{ refundedCents, appliedCents, status: paymentStatus }] = payments;
  const { book } = await wholeLedger(practice.desk.store, practice.desk.practiceId);
  const entries = book.entries.filter(({ postings }) => postings.some(posting => posting.paymentId === paymentId));
  const postings = entries.flatMap(entry => entry.postings.map(p => `${entry.kind} ${p.account} ${p.amountCents}`));
  return { status, clientBalanceCents, held: autopay.held, refundedCents, appliedCents, paymentStatus, postings };
}

test('an event that died and is replayed ends in the same state as one that came at once; once more changes nothing', async () => {
  const atOnce = await refunded();
  await send(atOnce.intentId);
  await workOnce();
  const expected = await stateOf(atOnce);
  expect(expected).toMatchObject({ status: 'partially_paid', clientBalanceCents: 3_000, paymentStatus: 'disputed' });

  const late = await refunded();
  const before = await stateOf(late);
  await send(late.intentId);
  stripe.fails({ when: 'before', error: '500', times: 1_000 });
  for (let receive = 0; receive <= 5; receive += 1) {
    await workOnce();
    wait(7);
  }
  expect([await waiting('stripe'), await waiting('stripe-dead')]).toEqual([0, 1]);
  expect(await stateOf(late)).toEqual(before);

  stripe.faults.clear();
  expect(await replayDeadLetters(sqs, QueueUrl())).toBe(1);
  await workOnce();
  expect(await stateOf(late)).toEqual(expected);
  expect([await waiting('stripe'), await waiting('stripe-dead')]).toEqual([0, 0]);
  expect(await replayDeadLetters(sqs, QueueUrl())).toBe(0);
  await send(late.intentId);
  await workOnce();
  expect(await stateOf(late)).toEqual(expected);
});
