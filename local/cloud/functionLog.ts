import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

export interface FunctionLog {
  add(line: string): void;
  /** The latest lines, oldest first. */
  recent(): readonly string[];
  close(): void;
}

const KEPT_LINES = 2_000;
const FULL_BYTES = 50_000_000;

/** What functions print: JSON lines in `logs/functions.log`, the previous file beside it. */
export function openFunctionLog(folder: string | undefined): FunctionLog {
  const recent: string[] = [];
  const remember = (line: string) => {
    recent.push(line);
    if (recent.length > 2 * KEPT_LINES) recent.splice(0, recent.length - KEPT_LINES);
  };
  if (folder === undefined) return { add: remember, recent: () => recent, close: () => undefined };
  mkdirSync(path.join(folder, 'logs'), { recursive: true });
  const file = path.join(folder, 'logs/functions.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FULL_BYTES) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    add: line => {
      remember(line);
      stream.write(`${line}\n`);
    },
    recent: () => recent,
    close: () => void stream.end(),
  };
}
