import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Named records of bytes: whole or absent at every moment, on disk or, without a folder, in memory. */
export interface Files {
  names(): string[];
  read(name: string): Buffer | undefined;
  write(name: string, bytes: Buffer): void;
  /** Gives a record a second name; replacing one of them leaves the other. */
  alias(name: string, second: string): void;
  remove(name: string): void;
}

export function openFiles(folder: string | undefined): Files {
  return folder === undefined ? memoryFiles() : diskFiles(folder);
}

function memoryFiles(): Files {
  const records = new Map<string, Buffer>();
  return {
    names: () => [...records.keys()],
    read: name => records.get(name),
    write: (name, bytes) => void records.set(name, bytes),
    alias: (name, second) => {
      const bytes = records.get(name);
      if (bytes !== undefined) records.set(second, bytes);
    },
    remove: name => void records.delete(name),
  };
}

/** What a killed process had begun to write. */
const UNFINISHED = '.unfinished';

function diskFiles(folder: string): Files {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of fs.readdirSync(folder)) if (name.endsWith(UNFINISHED)) fs.rmSync(path.join(folder, name));
  const at = (name: string) => path.join(folder, name);
  return {
    names: () => fs.readdirSync(folder).filter(name => !name.endsWith(UNFINISHED)),
    read: name => (fs.existsSync(at(name)) ? fs.readFileSync(at(name)) : undefined),
    write: (name, bytes) => {
      fs.writeFileSync(at(name + UNFINISHED), bytes);
      fs.renameSync(at(name + UNFINISHED), at(name));
    },
    alias: (name, second) => {
      if (fs.existsSync(at(name)) && !fs.existsSync(at(second))) fs.linkSync(at(name), at(second));
    },
    remove: name => fs.rmSync(at(name), { force: true }),
  };
}

/** A file name for any text: keys of objects hold slashes and every script of the world. */
export const fileNameOf = (text: string): string => createHash('sha256').update(text).digest('hex');
