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

/** Of Linux's `stat`, what follows the name: the state first, and 19 fields later when the process began. */
function statOf(pid: number): { state: string; started: string } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return { state: '', started: '' };
  }
}

/** A killed process stays in the list, as `Z`, until its parent has looked. */
function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = statOf(pid);
  return now.state !== 'Z' && started === now.started;
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
    writeFileSync(
      file,
      JSON.stringify({ pid: process.pid, started: statOf(process.pid).started, url } satisfies Owner),
    );
  tell('');
  return { runsAt: tell, close: () => rmSync(file, { force: true }) };
}
