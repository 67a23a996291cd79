import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** So many a second: what a whole day left lying must not crowd out what comes now. */
const perSecond = 20;

/** Begins to move the dead letters of a queue back to it; answers about how many there are. */
export async function replayDeadLetters(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { RedrivePolicy } = await attributesOf(sqs, QueueUrl);
  const { deadLetterTargetArn: SourceArn } = redrivePolicy.parse(JSON.parse(RedrivePolicy ?? '{}'));
  const dead = await sqs.send(new GetQueueUrlCommand({ QueueName: SourceArn.split(':').at(-1) }));
  const { ApproximateNumberOfMessages = '0' } = await attributesOf(sqs, dead.QueueUrl);
  const waiting = Number(ApproximateNumberOfMessages);
  if (waiting > 0)
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: perSecond }));
  return waiting;
}

async function attributesOf(sqs: SQSClient, QueueUrl: string | undefined): Promise<Record<string, string>> {
  const AttributeNames = ['All' as const];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Attributes;
}
