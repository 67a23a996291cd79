import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One small value on disk: read at the start, written whole, so that a kill leaves the old one or the new one. */
export interface KeptValue<T> {
  read(): T | undefined;
  write(value: T): void;
}

/** What lies in the data folder cannot be read; somebody must decide what to do with it. */
export class CorruptFolder extends Error {
  constructor(place: string, cause: unknown) {
    super(
      `${place} is damaged. Move the data folder away (or delete it, if it holds nothing you need) and start again.`,
      {
        cause,
      },
    );
    this.name = 'CorruptFolder';
  }
}

export function keptValue<T>(folder: string | undefined, name: string): KeptValue<T> {
  if (folder === undefined) {
    let kept: T | undefined;
    return {
      read: () => kept,
      write: value => {
        kept = value;
      },
    };
  }
  const file = path.join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  return {
    read: () => {
      if (!existsSync(file)) return undefined;
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as T;
      } catch (error) {
        throw new CorruptFolder(file, error);
      }
    },
    write: value => {
      writeFileSync(`${file}.new`, `${JSON.stringify(value)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}
