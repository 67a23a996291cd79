import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { logger } from '../logger';
import { type DueItem, dueItemOf } from '../store/table';

/** By kind of due work; and by the `kind` of messages that are no due work, such as Stripe's events. */
export type WorkHandlers = {
  readonly [Kind in DueItem['kind']]?: (item: DueItem) => Promise<void>;
} & { readonly stripeEvent?: (message: Readonly<Record<string, unknown>>) => Promise<void> };

type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * The door of every queue worker. A message that fails is reported and comes again, in the end to the dead letters; the
 * others of its batch are done. A worker's own rule makes coming twice or late harmless.
 */
export function workQueue(worker: string, handlers: WorkHandlers): QueueHandler {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    // One after the other: the queue's concurrency is what limits calls to the outside.
    for (const record of Records) {
      logger.resetKeys();
      logger.appendKeys({ worker, messageId: record.messageId });
      try {
        await handleMessage(record, handlers);
      } catch (error) {
        logger.error('work failed', { error: error as Error });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

async function handleMessage({ body }: SQSRecord, handlers: WorkHandlers): Promise<void> {
  const message = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const { pk, sk, kind } = message;
  if (kind === 'stripeEvent' && handlers.stripeEvent) return handlers.stripeEvent(message);
  const item = typeof pk === 'string' && typeof sk === 'string' ? dueItemOf({ pk, sk }) : undefined;
  const handler = item && handlers[item.kind];
  if (!item || !handler) throw new Error(`no handler for ${item?.kind ?? 'a message of unknown kind'}`);
  logger.appendKeys({ kind: item.kind, practiceId: item.practiceId, id: item.id });
  return handler(item);
}
