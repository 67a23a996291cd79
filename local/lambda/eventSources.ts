import { ACCOUNT_ID, REGION } from '../aws/arns';
import type { Queues, ReceivedMessage } from '../aws/sqs/queues';
import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';

export interface Mapping {
  readonly queue: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly reportsFailures: boolean;
}

interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName: string;
  readonly BatchSize?: number;
  readonly Enabled?: boolean;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly FilterCriteria?: unknown;
}

export function readMappings(template: Template, arnOf: (functionName: string) => string | undefined): Mapping[] {
  const declared = template.all<MappingProperties>('AWS::Lambda::EventSourceMapping');
  return declared
    .filter(({ properties }) => properties.Enabled !== false)
    .map(({ properties, constructPath }) => {
      const {
        EventSourceArn = '',
        FunctionName,
        BatchSize = 10,
        FunctionResponseTypes = [],
        ScalingConfig,
      } = properties;
      if (!EventSourceArn.startsWith('arn:aws:sqs:') || properties.FilterCriteria !== undefined)
        throw new NotUnderstood(`the event source ${EventSourceArn} of ${constructPath}`);
      const functionArn = arnOf(FunctionName);
      if (functionArn === undefined)
        throw new Error(`${constructPath} names a function that is not there: ${FunctionName}`);
      return {
        queue: EventSourceArn.split(':').at(-1) ?? '',
        queueArn: EventSourceArn,
        functionArn,
        batchSize: BatchSize,
        maxConcurrency: ScalingConfig?.MaximumConcurrency ?? 5,
        reportsFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
      };
    });
}

export interface PollerOptions {
  readonly mapping: Mapping;
  /** What this machine is good for, where the template allows more. */
  readonly mostAtOnce: number;
  readonly queues: Queues;
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  /** Throws where the function's role may not take from the queue. */
  demandRights(mapping: Mapping): void;
}

const LOOK_EVERY_MS = 250;

const record = (queueArn: string) => (message: ReceivedMessage) => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: ACCOUNT_ID,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  },
  messageAttributes: message.messageAttributes ?? {},
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: REGION,
});

/**
 * Takes a queue's messages to its function in batches, as many at a time as the template allows and the machine is good
 * for. What the function does not report as failed is removed; the rest shows itself again after the visibility timeout,
 * until the dead letter queue.
 */
export class Poller {
  readonly #running = new Set<Promise<void>>();
  readonly #looking: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #closed = false;

  constructor(private readonly options: PollerOptions) {
    const { queues, mapping } = options;
    options.demandRights(mapping);
    this.#stopListening = queues.onMessage(queue => {
      if (queue === mapping.queue) setImmediate(() => this.#pump());
    });
    // A message becomes visible by the clock alone, too.
    this.#looking = setInterval(() => this.#pump(), LOOK_EVERY_MS).unref();
  }

  get queue(): string {
    return this.options.mapping.queue;
  }

  get isBusy(): boolean {
    return this.#running.size > 0 || this.options.queues.depth(this.options.mapping.queue).visible > 0;
  }

  /** Resolves when no message can be received now and none is being worked on. */
  async idle(): Promise<void> {
    while (!this.#closed && this.isBusy) {
      this.#pump();
      // Nothing to wait for: what was visible went to the dead letters.
      if (this.#running.size === 0) return;
      await Promise.race([...this.#running]);
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#looking);
    this.#stopListening();
  }

  #pump(): void {
    const { queues, mapping, mostAtOnce } = this.options;
    while (!this.#closed && this.#running.size < Math.min(mapping.maxConcurrency, mostAtOnce)) {
      const messages = queues.receive(mapping.queue, mapping.batchSize);
      if (messages.length === 0) return;
      const run: Promise<void> = this.#deliver(messages).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #deliver(messages: readonly ReceivedMessage[]): Promise<void> {
    const { queues, mapping, invoke } = this.options;
    const failed = await invoke(mapping.functionArn, { Records: messages.map(record(mapping.queueArn)) }).then(
      answer => failedIn(answer, mapping.reportsFailures),
      () => 'all' as const,
    );
    if (failed === 'all') return;
    for (const message of messages)
      if (!failed.has(message.messageId)) queues.remove(mapping.queue, message.receiptHandle);
  }
}

/** An answer that names an unknown or empty id fails the whole batch, as Lambda has it. */
function failedIn(answer: unknown, reportsFailures: boolean): ReadonlySet<string> | 'all' {
  if (!reportsFailures) return new Set();
  const { batchItemFailures } = (answer ?? {}) as { batchItemFailures?: readonly { itemIdentifier?: string }[] };
  const failed = new Set<string>();
  for (const { itemIdentifier } of batchItemFailures ?? []) {
    if (!itemIdentifier) return 'all';
    failed.add(itemIdentifier);
  }
  return failed;
}
