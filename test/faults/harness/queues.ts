import { createHash } from 'node:crypto';
import { suffer } from '../../../local/aws/faulty';
import { type Json, ServiceError } from '../../../local/aws/jsonService';
import { type QueueName, queueVariables } from '../../../shared/config';
import type { NextFault } from './aws';
import { time } from './time';

/** All that queues hold. */
export interface Held {
  readonly messages: readonly Message[];
  readonly dead: readonly Message[];
  readonly sent: number;
}

export interface Message {
  readonly messageId: string;
  readonly queue: QueueName;
  readonly body: string;
  receives: number;
  visibleAt: number;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** As `infra/constructs/workQueue.ts` declares them: six times the worker's minute, and five tries. */
const hiddenFor = 6 * 60_000;
const mostReceives = 5;

/** The queues between sweep, webhooks and workers: what is taken comes again unless its worker says that it is done. */
export class Queues {
  #messages: Message[];
  #sent: number;
  readonly dead: Message[];

  constructor(
    private readonly faults: NextFault,
    { messages, dead, sent }: Held = { messages: [], dead: [], sent: 0 },
  ) {
    this.#messages = messages.map(message => ({ ...message }));
    this.dead = [...dead];
    this.#sent = sent;
  }

  /** As it stands, in a copy. */
  get held(): Held {
    return { messages: this.#messages.map(message => ({ ...message })), dead: [...this.dead], sent: this.#sent };
  }

  handle(operation: string, input: Json): Promise<Json> {
    const error = (kind: 'throttle' | '500') =>
      kind === 'throttle'
        ? new ServiceError('RequestThrottled', 'Too many requests')
        : new ServiceError('InternalFailure', 'Internal failure', 500);
    const call = { service: 'sqs' as const, operation, accessKeyId: 'local', error };
    return suffer({ faults: this.faults }, call, async () => this.#taken(input));
  }

  #taken({ QueueUrl, Entries }: Json): Json {
    const queue = queueNamed(String(QueueUrl));
    const Successful = (Entries as Entry[]).map(({ Id, MessageBody }) => ({
      Id,
      MessageId: this.#add(queue, MessageBody),
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    }));
    return { Successful, Failed: [] };
  }

  take(queue: QueueName, bodies: readonly string[]): { sent: number } {
    for (const body of bodies) this.#add(queue, body);
    return { sent: bodies.length };
  }

  #add(queue: QueueName, body: string): string {
    this.#sent += 1;
    const messageId = `message-${this.#sent}`;
    this.#messages.push({ messageId, queue, body, receives: 0, visibleAt: time.now() });
    return messageId;
  }

  get waiting(): readonly Message[] {
    return this.#messages;
  }

  /** The oldest message that a worker may have now; hidden from others while it works. */
  receive(): Message | undefined {
    const message = this.#messages.find(({ visibleAt }) => visibleAt <= time.now());
    if (!message) return undefined;
    message.receives += 1;
    message.visibleAt = time.now() + hiddenFor;
    return message;
  }

  done(message: Message): void {
    this.#messages = this.#messages.filter(each => each !== message);
  }

  /** Its worker failed or died: it comes again when it is visible again, in the end to the dead letters. */
  failed(message: Message): void {
    if (message.receives < mostReceives) return;
    this.done(message);
    this.dead.push(message);
  }

  /** When the next one may be had. */
  nextAt(): number | undefined {
    return this.#messages.length === 0 ? undefined : Math.min(...this.#messages.map(({ visibleAt }) => visibleAt));
  }
}

function queueNamed(url: string): QueueName {
  const name = url.split('/').at(-1) ?? '';
  if (!isQueueName(name)) throw new Error(`no queue ${url}`);
  return name;
}
const isQueueName = (name: string): name is QueueName => Object.hasOwn(queueVariables, name);
