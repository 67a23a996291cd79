import { allowAll, type Part, type PartOptions } from '../../parts';
import { ACCOUNT_ID, queueArn } from '../arns';
import { type Json, serveJson } from '../jsonService';
import { sqsError, sqsOperations } from './calls';
import { NoSuchQueue, type QueueOptions, Queues } from './queues';

export interface SqsOptions extends PartOptions {
  readonly queues: readonly QueueOptions[];
  /** The ARN of the key a queue is encrypted with; its callers then also need that key's actions. */
  readonly kmsKeyOf?: (queue: string) => string | undefined;
}

/** A queue is named by its URL or, for a redrive, by its ARN. */
function queueNamed(input: Json): string {
  const place = String(input.QueueUrl ?? input.SourceArn ?? input.QueueName ?? '');
  return place.split(/[/:]/).at(-1) ?? '';
}

export async function startSqs(
  options: SqsOptions,
): Promise<Part & { readonly queues: Queues; urlOf(queue: string): string }> {
  const { checkAccess = allowAll, kmsKeyOf = () => undefined } = options;
  const queues = new Queues(options.queues, options.clock, options.folder);

  async function perform(operation: string, input: Json, accessKeyId: string): Promise<Json> {
    const queue = queueNamed(input);
    if (operation === 'GetQueueUrl') {
      checkAccess(accessKeyId, 'sqs:GetQueueUrl', queueArn(queue));
      return { QueueUrl: urlOf(queues.options(queue).name) };
    }
    const known = sqsOperations[operation];
    if (known === undefined)
      throw sqsError('UnsupportedOperation', `The operation ${operation} is not supported here.`);
    checkAccess(accessKeyId, known.right, queueArn(queue));
    const key = kmsKeyOf(queue);
    if (key !== undefined) for (const action of known.keyActions ?? []) checkAccess(accessKeyId, action, key);
    return known.perform({ queues, queue, input });
  }

  const server = await serveJson(
    {
      version: '1.0',
      faultService: 'sqs',
      throttled: () => sqsError('RequestThrottled', 'The request was denied due to request throttling.'),
      handle: (operation, input, accessKeyId) =>
        perform(operation, input, accessKeyId).catch((error: unknown) => {
          throw error instanceof NoSuchQueue ? sqsError('QueueDoesNotExist', error.message) : error;
        }),
    },
    options,
  );
  const urlOf = (queue: string) => `${server.url}/${ACCOUNT_ID}/${queue}`;
  return { ...server, queues, urlOf };
}
