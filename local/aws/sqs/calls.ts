import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { queueArn } from '../arns';
import { type Json, ServiceError } from '../jsonService';
import type { Queues, ReceivedMessage } from './queues';

const TYPE = 'com.amazonaws.sqs#';
const LARGEST_BODY_BYTES = 262_144;
const POLL_EVERY_MS = 50;

export const sqsError = (name: string, message: string, status = 400) => new ServiceError(TYPE + name, message, status);

export interface SqsCall {
  readonly queues: Queues;
  readonly queue: string;
  readonly input: Json;
}

interface Entry extends Json {
  readonly Id: string;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function send({ queues, queue, input }: SqsCall): Json {
  const { MessageBody: body, DelaySeconds, MessageAttributes: messageAttributes } = input;
  if (typeof body !== 'string' || body === '')
    throw sqsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (Buffer.byteLength(body) > LARGEST_BODY_BYTES)
    throw sqsError('InvalidParameterValue', `Message must be shorter than ${LARGEST_BODY_BYTES} bytes.`);
  const delaySeconds = typeof DelaySeconds === 'number' ? DelaySeconds : undefined;
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900))
    throw sqsError('InvalidParameterValue', 'DelaySeconds must be between 0 and 900.');
  const sent = queues.send(queue, { body, delaySeconds, ...(messageAttributes ? { messageAttributes } : {}) });
  return { MessageId: sent.messageId, MD5OfMessageBody: md5(body) };
}

function remove({ queues, queue, input }: SqsCall): Json {
  queues.remove(queue, String(input.ReceiptHandle));
  return {};
}

function changeVisibility({ queues, queue, input }: SqsCall): Json {
  if (!queues.release(queue, String(input.ReceiptHandle), Number(input.VisibilityTimeout)))
    throw sqsError('MessageNotInflight', 'The specified message is not in flight.');
  return {};
}

/** Each entry on its own: what one refuses does not touch the others. */
function batchOf(single: (call: SqsCall) => Json) {
  return (call: SqsCall): Json => {
    const entries = (call.input.Entries ?? []) as readonly Entry[];
    if (entries.length === 0) throw sqsError('EmptyBatchRequest', 'There should be at least one entry.');
    if (entries.length > 10)
      throw sqsError(
        'TooManyEntriesInBatchRequest',
        `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
      );
    if (new Set(entries.map(entry => entry.Id)).size < entries.length)
      throw sqsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
    const Successful: Json[] = [];
    const Failed: Json[] = [];
    for (const input of entries) {
      try {
        Successful.push({ Id: input.Id, ...single({ ...call, input }) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        Failed.push({ Id: input.Id, Code: error.type.replace(TYPE, ''), Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  };
}

function asReceived(message: ReceivedMessage): Json {
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: {
      SentTimestamp: String(message.sentAt),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      ...(message.cameFrom === undefined ? {} : { DeadLetterQueueSourceArn: queueArn(message.cameFrom) }),
    },
    ...(message.messageAttributes === undefined ? {} : { MessageAttributes: message.messageAttributes }),
  };
}

/** A long poll looks again and again, because the moved clock makes messages visible without any event. */
async function receive({ queues, queue, input }: SqsCall): Promise<Json> {
  const max = Number(input.MaxNumberOfMessages ?? 1);
  if (max < 1 || max > 10) throw sqsError('InvalidParameterValue', 'MaxNumberOfMessages must be between 1 and 10.');
  const visibility = typeof input.VisibilityTimeout === 'number' ? input.VisibilityTimeout : undefined;
  let waitsLeft = (Number(input.WaitTimeSeconds ?? 0) * 1000) / POLL_EVERY_MS;
  let messages = queues.receive(queue, max, visibility);
  while (messages.length === 0 && waitsLeft > 0) {
    await wait(POLL_EVERY_MS);
    waitsLeft -= 1;
    messages = queues.receive(queue, max, visibility);
  }
  return messages.length === 0 ? {} : { Messages: messages.map(asReceived) };
}

function attributes({ queues, queue }: SqsCall): Json {
  const { visible, inFlight, delayed } = queues.depth(queue);
  const { visibilityTimeoutSeconds = 30, delaySeconds = 0, maxReceiveCount, deadLetterQueue } = queues.options(queue);
  const redrive = deadLetterQueue && { deadLetterTargetArn: queueArn(deadLetterQueue), maxReceiveCount };
  return {
    Attributes: {
      QueueArn: queueArn(queue),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(visibilityTimeoutSeconds),
      DelaySeconds: String(delaySeconds),
      ...(redrive ? { RedrivePolicy: JSON.stringify(redrive) } : {}),
    },
  };
}

function startMoveTask({ queues, queue, input }: SqsCall): Json {
  const to = typeof input.DestinationArn === 'string' ? input.DestinationArn.split(':').at(-1) : undefined;
  return { TaskHandle: `${queue}-${queues.redrive(queue, to)}` };
}

interface SqsOperation {
  /** What a policy names; a batch needs the right of its single call. */
  readonly right: string;
  readonly keyActions?: readonly string[];
  perform(call: SqsCall): Json | Promise<Json>;
}

const sending = ['kms:GenerateDataKey', 'kms:Decrypt'];
const receiving = ['kms:Decrypt'];

export const sqsOperations: Readonly<Record<string, SqsOperation>> = {
  SendMessage: { right: 'sqs:SendMessage', keyActions: sending, perform: send },
  SendMessageBatch: { right: 'sqs:SendMessage', keyActions: sending, perform: batchOf(send) },
  ReceiveMessage: { right: 'sqs:ReceiveMessage', keyActions: receiving, perform: receive },
  DeleteMessage: { right: 'sqs:DeleteMessage', perform: remove },
  DeleteMessageBatch: { right: 'sqs:DeleteMessage', perform: batchOf(remove) },
  ChangeMessageVisibility: { right: 'sqs:ChangeMessageVisibility', perform: changeVisibility },
  ChangeMessageVisibilityBatch: { right: 'sqs:ChangeMessageVisibility', perform: batchOf(changeVisibility) },
  GetQueueAttributes: { right: 'sqs:GetQueueAttributes', perform: attributes },
  PurgeQueue: {
    right: 'sqs:PurgeQueue',
    perform: ({ queues, queue }) => {
      queues.purge(queue);
      return {};
    },
  },
  StartMessageMoveTask: { right: 'sqs:StartMessageMoveTask', perform: startMoveTask },
};
