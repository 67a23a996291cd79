import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One hash of what files and folders hold, names included; dates and the place of the checkout do not matter. */
export function contentHash(inputs: readonly string[], more: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const part of more) hash.update(`${part}\0`);
  for (const file of inputs.flatMap(filesOf)) {
    hash.update(`${file}\0`);
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex').slice(0, 16);
}

function filesOf(input: string): string[] {
  if (!existsSync(input)) return [];
  if (!statSync(input).isDirectory()) return [input];
  return readdirSync(input, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}
