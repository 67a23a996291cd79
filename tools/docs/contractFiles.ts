import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from './openapi';
import { docsPage } from './page';
import { toldProblems } from './problems';

/** What the operations of `docs` answer, made once with the build: a function that drew it would carry every schema. */
export function contractFiles(): Readonly<Record<'openapi.json' | 'docs.html', string>> {
  const contract = openApiDocument();
  return { 'openapi.json': JSON.stringify(contract), 'docs.html': docsPage(contract, toldProblems()) };
}

/** Writes them into a folder and says where they lie. */
export function writeContract(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(contractFiles()).map(([name, text]) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  });
}
