import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** One write: a row of a table of an account; `null` removes it. */
export type Write = readonly [account: string, table: string, id: string, value: unknown];

export interface Journal {
  append(writes: readonly Write[]): void;
  close(): void;
}

/**
 * One line a unit of work, so that a `kill -9` keeps a unit whole or not at all: a line that was cut short is the last
 * one and was never answered. The operating system keeps what was written when only the process dies.
 */
export function openJournal(folder: string, replay: (write: Write) => void, rows: () => Iterable<Write>): Journal {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'journal.jsonl');
  if (existsSync(file)) for (const write of readWrites(file)) replay(write);
  compact(file, rows());
  const descriptor = openSync(file, 'a');
  return {
    append: writes => {
      writeSync(descriptor, `${JSON.stringify(writes)}\n`);
    },
    close: () => closeSync(descriptor),
  };
}

function* readWrites(file: string): Generator<Write> {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line break was cut short.
  for (const line of lines.slice(0, -1)) yield* JSON.parse(line) as Write[];
}

/** Written beside and moved into place, so that a crash here loses nothing either. */
function compact(file: string, rows: Iterable<Write>): void {
  const beside = `${file}.new`;
  writeFileSync(beside, [...rows].map(row => `${JSON.stringify([row])}\n`).join(''));
  renameSync(beside, file);
}
