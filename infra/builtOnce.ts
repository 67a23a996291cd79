import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How many results a shelf keeps: the newest, and those that a system started earlier may still read. */
const kept = 8;

/**
 * The folder `shelf/key`, built only when it is not there. It appears whole or not at all, also when several processes
 * want it at once (tests in parallel): the first builds, the others wait.
 */
export async function builtOnce(
  shelf: string,
  key: string,
  build: (folder: string) => Promise<void>,
): Promise<{ folder: string; reused: boolean }> {
  const folder = path.resolve(shelf, key);
  const lock = `${folder}.lock`;
  mkdirSync(shelf, { recursive: true });
  while (!existsSync(folder)) {
    if (!takeLock(lock)) {
      await pause(50);
      continue;
    }
    const draft = `${folder}.draft`;
    try {
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft);
      await build(draft);
      renameSync(draft, folder);
      dropOldest(shelf);
      return { folder, reused: false };
    } finally {
      rmSync(draft, { recursive: true, force: true });
      rmSync(lock, { force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return { folder, reused: true };
}

/** True when it is ours now. A lock whose process is gone is swept away and asked for again. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(ownerOf(lock))) rmSync(lock, { force: true });
    return false;
  }
}

function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  // 0: the lock is just being written, or just went away.
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function dropOldest(shelf: string): void {
  const folders = readdirSync(shelf, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.endsWith('.draft'))
    .map(entry => path.join(shelf, entry.name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(kept)) rmSync(folder, { recursive: true, force: true });
}
