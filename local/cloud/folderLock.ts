import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Two systems on one folder would write over each other. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number, url: string) {
    super(
      `${folder} is in use: the system already runs (process ${pid}${url === '' ? '' : `, ${url}`}). Stop it, or choose another folder: DATA_DIR=… npm start.`,
    );
    this.name = 'FolderInUse';
  }
}

interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with its number; empty where the system does not say. */
  readonly started: string;
  readonly url: string;
}

export interface FolderLock {
  /** Tells where the system answers, for the message to a second one. */
  runsAt(url: string): void;
  close(): void;
}

/** The 22nd field of Linux's `stat`: when the process began. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === startOf(pid);
}

function ownerIn(file: string): Owner | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Held by a file with the owner's process number: what a killed process left behind hinders nobody. */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'running.json');
  const owner = ownerIn(file);
  if (owner !== undefined && isAlive(owner)) throw new FolderInUse(folder, owner.pid, owner.url);
  const tell = (url: string) =>
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: startOf(process.pid), url } satisfies Owner));
  tell('');
  return { runsAt: tell, close: () => rmSync(file, { force: true }) };
}
