import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../../parts';
import { openQueueLog, type QueuedMessage, type QueueLog } from './queueLog';

export interface QueueOptions {
  readonly name: string;
  /** 30 unless told, as at AWS. */
  readonly visibilityTimeoutSeconds?: number;
  readonly delaySeconds?: number;
  /** After so many receives a message goes to the dead letter queue instead of out again. */
  readonly maxReceiveCount?: number;
  readonly deadLetterQueue?: string;
}

export interface ReceivedMessage extends QueuedMessage {
  readonly receiptHandle: string;
}

export interface QueueDepth {
  readonly visible: number;
  /** Received and neither deleted nor visible again. */
  readonly inFlight: number;
  readonly delayed: number;
}

export type MessageListener = (queue: string) => void;

export interface Outgoing {
  readonly body: string;
  readonly messageAttributes?: unknown;
  readonly delaySeconds?: number | undefined;
}

export class NoSuchQueue extends Error {
  constructor(readonly queue: string) {
    super('The specified queue does not exist.');
    this.name = 'NoSuchQueue';
  }
}

interface Queue {
  readonly options: QueueOptions;
  readonly log: QueueLog;
  readonly messages: Map<string, QueuedMessage>;
}

const handleOf = (message: QueuedMessage) => `${message.messageId}.${message.receiveCount}`;

/**
 * The queues in process: what the event source mapping uses, and the HTTP calls below it. Each change is on disk before it is
 * answered. A message moved to another queue is written there first, so a kill in between repeats it and never loses it.
 */
export class Queues {
  readonly #queues = new Map<string, Queue>();
  readonly #listeners = new Set<MessageListener>();

  constructor(
    options: readonly QueueOptions[],
    private readonly clock: LocalClock,
    folder: string | undefined,
  ) {
    for (const one of options) {
      const log = openQueueLog(folder, one.name);
      const messages = new Map(log.messages.map(message => [message.messageId, message]));
      this.#queues.set(one.name, { options: one, log, messages });
    }
  }

  names(): string[] {
    return [...this.#queues.keys()];
  }

  options(queue: string): QueueOptions {
    return this.#queue(queue).options;
  }

  /** Called when a message was sent, released or redriven; one that becomes visible by the clock alone is not told. */
  onMessage(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(queue: string, { body, messageAttributes, delaySeconds }: Outgoing): QueuedMessage {
    const now = this.clock.now();
    const delay = delaySeconds ?? this.options(queue).delaySeconds ?? 0;
    const message: QueuedMessage = {
      messageId: randomUUID(),
      body,
      sentAt: now,
      visibleAt: now + delay * 1000,
      receiveCount: 0,
      ...(messageAttributes === undefined ? {} : { messageAttributes }),
    };
    this.#set(queue, message);
    this.#tell(queue);
    return message;
  }

  receive(queue: string, max: number, visibilitySeconds?: number): ReceivedMessage[] {
    const now = this.clock.now();
    const { options, messages } = this.#queue(queue);
    const hidden = (visibilitySeconds ?? options.visibilityTimeoutSeconds ?? 30) * 1000;
    const received: ReceivedMessage[] = [];
    for (const message of [...messages.values()]) {
      if (received.length >= max) break;
      if (message.visibleAt > now || this.#buried(queue, message)) continue;
      const receiveCount = message.receiveCount + 1;
      const out = {
        ...message,
        receiveCount,
        firstReceivedAt: message.firstReceivedAt ?? now,
        visibleAt: now + hidden,
      };
      this.#set(queue, out);
      received.push({ ...out, receiptHandle: handleOf(out) });
    }
    return received;
  }

  /** A handle of an earlier receive removes nothing: the message is in other hands by now. */
  remove(queue: string, receiptHandle: string): void {
    const message = this.#held(queue, receiptHandle);
    if (message !== undefined) this.#delete(queue, message.messageId);
  }

  /** Makes a received message visible again, at once or after a while. False for a handle that is no longer good. */
  release(queue: string, receiptHandle: string, afterSeconds = 0): boolean {
    const message = this.#held(queue, receiptHandle);
    if (message === undefined) return false;
    this.#set(queue, { ...message, visibleAt: this.clock.now() + afterSeconds * 1000 });
    this.#tell(queue);
    return true;
  }

  depth(queue: string): QueueDepth {
    const now = this.clock.now();
    const all = [...this.#queue(queue).messages.values()];
    const hidden = all.filter(message => message.visibleAt > now);
    const delayed = hidden.filter(message => message.receiveCount === 0).length;
    return { visible: all.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  /** When the next hidden message shows itself: what a moving clock must stop at. */
  nextVisibleAt(queue: string): number | undefined {
    const times = [...this.#queue(queue).messages.values()].map(message => message.visibleAt);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  purge(queue: string): void {
    const { messages, log } = this.#queue(queue);
    messages.clear();
    log.clear();
  }

  /** Sends the dead letters back to where they came from, or to the queue named. */
  redrive(deadLetterQueue: string, to?: string): number {
    const letters = [...this.#queue(deadLetterQueue).messages.values()];
    for (const { firstReceivedAt: _received, ...letter } of letters) {
      const target = to ?? letter.cameFrom;
      if (target === undefined) continue;
      this.#set(target, { ...letter, receiveCount: 0, visibleAt: this.clock.now() });
      this.#delete(deadLetterQueue, letter.messageId);
      this.#tell(target);
    }
    return letters.length;
  }

  #buried(queue: string, message: QueuedMessage): boolean {
    const { maxReceiveCount, deadLetterQueue } = this.options(queue);
    if (deadLetterQueue === undefined || maxReceiveCount === undefined) return false;
    if (message.receiveCount < maxReceiveCount) return false;
    this.#set(deadLetterQueue, { ...message, visibleAt: this.clock.now(), cameFrom: queue });
    this.#delete(queue, message.messageId);
    this.#tell(deadLetterQueue);
    return true;
  }

  #held(queue: string, receiptHandle: string): QueuedMessage | undefined {
    const message = this.#queue(queue).messages.get(receiptHandle.split('.')[0] ?? '');
    return message !== undefined && handleOf(message) === receiptHandle ? message : undefined;
  }

  #queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new NoSuchQueue(name);
    return queue;
  }

  #set(name: string, message: QueuedMessage): void {
    const { log, messages } = this.#queue(name);
    log.set(message);
    messages.set(message.messageId, message);
  }

  #delete(name: string, messageId: string): void {
    const { log, messages } = this.#queue(name);
    log.delete(messageId);
    messages.delete(messageId);
  }

  #tell(queue: string): void {
    for (const listener of this.#listeners) listener(queue);
  }
}
