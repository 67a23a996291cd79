import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { config, type QueueName } from '../config';
import { logger } from '../logger';

export interface WorkQueues {
  /** Hands messages over; one that was not taken is logged and left to the next sweep, whose lease ends. */
  send(queue: QueueName, messages: readonly object[]): Promise<{ sent: number }>;
}

const batchSize = 10;

export function sqsQueues(needs: { client?: SQSClient; url?: (queue: QueueName) => string } = {}): WorkQueues {
  let client = needs.client;
  const sqs = (): SQSClient => {
    client ??= new SQSClient({});
    return client;
  };
  const url = needs.url ?? config.queueUrl;
  return {
    async send(queue, messages) {
      let sent = 0;
      for (let start = 0; start < messages.length; start += batchSize) {
        const batch = messages.slice(start, start + batchSize);
        const { Successful = [], Failed = [] } = await sqs().send(
          new SendMessageBatchCommand({
            QueueUrl: url(queue),
            Entries: batch.map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message) })),
          }),
        );
        sent += Successful.length;
        for (const { Code } of Failed) logger.warn('message not taken', { queue, code: Code });
      }
      return { sent };
    },
  };
}

export const workQueues: WorkQueues = sqsQueues();
