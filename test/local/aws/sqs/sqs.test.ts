import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { startSqs } from '../../../../local/aws/sqs/server';
import { AccessDenied, type Fault } from '../../../../local/parts';

let now = Date.parse('2026-03-01T12:00:00Z');
let fault: Fault | undefined;
const folder = mkdtempSync(path.join(tmpdir(), 'sqs-'));
const asked: string[] = [];

const start = () =>
  startSqs({
    port: 0,
    folder,
    clock: { now: () => now },
    queues: [
      { name: 'work', visibilityTimeoutSeconds: 60, maxReceiveCount: 2, deadLetterQueue: 'work-dead' },
      { name: 'work-dead' },
    ],
    kmsKeyOf: queue => (queue === 'work' ? 'arn:key' : undefined),
    checkAccess: (key, action, resource) => {
      asked.push(`${action} ${resource}`);
      if (key === 'nobody') throw new AccessDenied(action, resource, key);
    },
    faults: {
      next: () => {
        const due = fault;
        fault = undefined;
        return due;
      },
    },
  });

let part: Awaited<ReturnType<typeof start>>;
let client: SQSClient;
const clientOf = (url: string, accessKeyId = 'local') =>
  new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

beforeAll(async () => {
  part = await start();
  client = clientOf(part.url);
});
afterAll(async () => {
  client.destroy();
  await part.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  part.queues.purge('work');
  part.queues.purge('work-dead');
});

const QueueUrl = () => part.urlOf('work');
const send = (MessageBody: string, rest: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody, ...rest }));
const receive = async (rest: Partial<ReceiveMessageCommandInput> = {}) => {
  const all = {
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    MessageAttributeNames: ['All'],
  };
  return (await client.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl(), ...all, ...rest }))).Messages ?? [];
};
const bodies = async (rest: Partial<ReceiveMessageCommandInput> = {}) => (await receive(rest)).map(({ Body }) => Body);
const passSeconds = (seconds: number) => {
  now += seconds * 1000;
};

describe('a message', () => {
  it('arrives with its body, attributes and count of receives', async () => {
    await send('{"a":1}', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'bill' } } });
    const [message] = await receive();
    expect(message).toMatchObject({ Body: '{"a":1}', Attributes: { ApproximateReceiveCount: '1' } });
    expect(message?.MessageAttributes?.kind?.StringValue).toBe('bill');
  });

  it('is hidden while it is worked on, and comes back when the moved clock passes its time', async () => {
    await send('v');
    expect(await bodies()).toEqual(['v']);
    passSeconds(59);
    expect(await bodies()).toEqual([]);
    passSeconds(2);
    const [again] = await receive();
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('comes back at once when released', async () => {
    await send('v');
    const [message] = await receive();
    const release = { QueueUrl: QueueUrl(), ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(release));
    expect(await bodies()).toEqual(['v']);
    await expect(client.send(new ChangeMessageVisibilityCommand(release))).rejects.toMatchObject({
      name: 'MessageNotInflight',
    });
  });

  it('is gone when deleted, but not by the handle of an earlier receive', async () => {
    await send('v');
    const [first] = await receive();
    passSeconds(61);
    const [second] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl: QueueUrl(), ReceiptHandle: first?.ReceiptHandle }));
    expect(part.queues.depth('work')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await client.send(new DeleteMessageCommand({ QueueUrl: QueueUrl(), ReceiptHandle: second?.ReceiptHandle }));
    expect(part.queues.depth('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('waits out its delay', async () => {
    await send('later', { DelaySeconds: 600 });
    expect(await bodies()).toEqual([]);
    expect(part.queues.nextVisibleAt('work')).toBe(now + 600_000);
    passSeconds(600);
    expect(await bodies()).toEqual(['later']);
  });

  it('goes to the dead letter queue after its last receive, and back by a redrive', async () => {
    await send('poison');
    for (const _receive of [1, 2]) {
      expect(await bodies()).toEqual(['poison']);
      passSeconds(61);
    }
    expect(await bodies()).toEqual([]);
    expect(await bodies({ QueueUrl: part.urlOf('work-dead'), VisibilityTimeout: 0 })).toEqual(['poison']);
    const SourceArn = 'arn:aws:sqs:us-east-1:123456789012:work-dead';
    await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(part.queues.depth('work-dead').visible).toBe(0);
    expect(await bodies()).toEqual(['poison']);
  });

  it('wakes a long poll', async () => {
    const polled = bodies({ WaitTimeSeconds: 5 });
    await new Promise(resolve => setTimeout(resolve, 80));
    await send('late');
    expect(await polled).toEqual(['late']);
  });
});

describe('batches', () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ Id: `m${at}`, MessageBody: `body ${at}` }));
  const sendBatch = (Entries: { Id: string; MessageBody: string }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: QueueUrl(), Entries }));

  it('take ten, delete ten, and refuse eleven', async () => {
    expect((await sendBatch(entries(10))).Successful).toHaveLength(10);
    const received = await receive();
    const handles = received.map(({ ReceiptHandle }, at) => ({ Id: `d${at}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: QueueUrl(), Entries: handles }));
    expect(part.queues.depth('work').inFlight).toBe(0);
    await expect(sendBatch(entries(11))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  });

  it('refuse one entry without the others', async () => {
    const answer = await sendBatch([...entries(1), { Id: 'empty', MessageBody: '' }]);
    expect(answer.Successful).toMatchObject([{ Id: 'm0' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'empty', SenderFault: true }]);
  });
});

describe('a queue', () => {
  it('is found by name, tells its depth, and can be emptied', async () => {
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    expect(found.QueueUrl).toBe(QueueUrl());
    await send('1');
    const asking = new GetQueueAttributesCommand({ QueueUrl: QueueUrl(), AttributeNames: ['All'] });
    expect((await client.send(asking)).Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:123456789012:work',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
    await client.send(new PurgeQueueCommand({ QueueUrl: QueueUrl() }));
    expect(await bodies()).toEqual([]);
  });

  it('that does not exist is QueueDoesNotExist', async () => {
    const call = send('x', { QueueUrl: part.urlOf('other') });
    await expect(call).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('keeps what it answered over a kill, even with a torn last line', async () => {
    await send('answered');
    await send('in flight');
    await receive({ MaxNumberOfMessages: 1 });
    for (const file of readdirSync(folder)) appendFileSync(path.join(folder, file), '{"set":{"messageId":"torn');
    const again = await start();
    expect(again.queues.depth('work')).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
    passSeconds(61);
    expect(again.queues.receive('work', 10).map(({ body }) => body)).toEqual(['answered', 'in flight']);
    await again.close();
    await part.close();
    part = await start();
    client = clientOf(part.url);
  });

  it('tells its listener in process, who receives and removes', async () => {
    const told: string[] = [];
    const stop = part.queues.onMessage(queue => told.push(queue));
    await send('event');
    stop();
    await send('unheard');
    expect(told).toEqual(['work']);
    const [message] = part.queues.receive('work', 1);
    part.queues.remove('work', message?.receiptHandle ?? '');
    expect(part.queues.receive('work', 10).map(({ body }) => body)).toEqual(['unheard']);
  });
});

describe('rights and faults', () => {
  it('ask for the queue, and for its key', async () => {
    asked.length = 0;
    await send('x');
    const queue = 'arn:aws:sqs:us-east-1:123456789012:work';
    expect(asked).toEqual([`sqs:SendMessage ${queue}`, 'kms:GenerateDataKey arn:key', 'kms:Decrypt arn:key']);
    const call = clientOf(part.url, 'nobody').send(new ReceiveMessageCommand({ QueueUrl: QueueUrl() }));
    await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('lose the answer of a message that was sent', async () => {
    fault = { service: 'sqs', when: 'after', error: 'throttle' };
    await expect(send('sent')).rejects.toMatchObject({ name: 'RequestThrottled' });
    expect(await bodies()).toEqual(['sent']);
  });
});
