import fs from 'node:fs';
import path from 'node:path';

/** A message as the queue keeps it; the whole state of a queue is its messages. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes?: unknown;
  readonly sentAt: number;
  /** From when on it may be received; in the future for a delayed or a received one. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** The queue a dead letter came from, which a redrive sends it back to. */
  readonly cameFrom?: string;
}

export interface QueueLog {
  readonly messages: readonly QueuedMessage[];
  set(message: QueuedMessage): void;
  delete(messageId: string): void;
  clear(): void;
}

const COMPACT_AFTER_LINES = 5_000;

type Line = { readonly set: QueuedMessage } | { readonly delete: string };

function replay(text: string): Map<string, QueuedMessage> {
  const messages = new Map<string, QueuedMessage>();
  // What stands after the last line end is what a killed process did not finish, and so never answered.
  for (const written of text.split('\n').slice(0, -1)) {
    const line = JSON.parse(written) as Line;
    if ('set' in line) messages.set(line.set.messageId, line.set);
    else messages.delete(line.delete);
  }
  return messages;
}

/** A file to which each change is appended before it is answered; written anew, whole, when most of it is history. */
export function openQueueLog(folder: string | undefined, queue: string): QueueLog {
  if (folder === undefined)
    return { messages: [], set: () => undefined, delete: () => undefined, clear: () => undefined };
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${queue}.jsonl`);
  const live = replay(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  let lines = 0;

  function compact(): void {
    const text = [...live.values()].map(message => `${JSON.stringify({ set: message })}\n`).join('');
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
    lines = live.size;
  }

  function append(line: Line): void {
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
    lines += 1;
    if (lines > COMPACT_AFTER_LINES && lines > 4 * live.size) compact();
  }

  compact();
  return {
    messages: [...live.values()],
    set: message => {
      live.set(message.messageId, message);
      append({ set: message });
    },
    delete: messageId => {
      live.delete(messageId);
      append({ delete: messageId });
    },
    clear: () => {
      live.clear();
      compact();
    },
  };
}
