import { existsSync, readdirSync } from 'node:fs';
import { invariant } from '../shared/domain/invariant';
import { rows, workerRows } from '../shared/operations';
import type { Row } from '../shared/operations/row';
import type { WorkerRow } from '../shared/operations/workers';

/** One function to build: its name and the file that holds its handler, from the root of the repository. */
export interface FunctionSource {
  readonly name: string;
  readonly entry: string;
}

/** What no operation is: the answer to a path that does not exist. It belongs to the gateway, so it lives here. */
export const unknownPathSource: FunctionSource = {
  name: 'answerUnknownPath',
  entry: 'infra/functions/answerUnknownPath.ts',
};

export interface Sources {
  readonly rows: readonly Row[];
  readonly workers: readonly WorkerRow[];
  readonly all: readonly FunctionSource[];
}

const sourceOfRow = ({ noun, operation }: Row): FunctionSource => ({
  name: operation,
  entry: `functions/${noun}/${operation}.ts`,
});
const sourceOfWorker = ({ folder, name }: WorkerRow): FunctionSource => ({
  name,
  entry: `functions/${folder}/${name}.ts`,
});

const handlerFiles = (): string[] =>
  readdirSync('functions', { recursive: true, encoding: 'utf8' })
    .map(file => `functions/${file.replaceAll('\\', '/')}`)
    .filter(file => /^functions\/[^/]+\/[^/]+\.ts$/.test(file));

/**
 * Rows and the files of their handlers, one to one: a route without code or code without a route is refused here, by name.
 * `allowMissing` leaves out the rows whose handler is not written yet.
 */
export function readSources({ allowMissing = false }: { allowMissing?: boolean } = {}): Sources {
  const here = (source: FunctionSource) => !allowMissing || existsSync(source.entry);
  const builtRows = rows.filter(row => here(sourceOfRow(row)));
  const builtWorkers = (workerRows as readonly WorkerRow[]).filter(worker => here(sourceOfWorker(worker)));
  const declared = [...builtRows.map(sourceOfRow), ...builtWorkers.map(sourceOfWorker)];
  const entries = new Set(declared.map(source => source.entry));
  const missing = declared.filter(source => !existsSync(source.entry)).map(source => source.entry);
  const orphans = allowMissing ? [] : handlerFiles().filter(file => !entries.has(file));
  const twice = declared.map(source => source.name).filter((name, at, names) => names.indexOf(name) !== at);
  invariant(missing.length === 0, `rows without a handler: ${missing.join(', ')}`);
  invariant(orphans.length === 0, `handlers without a row: ${orphans.join(', ')}`);
  invariant(twice.length === 0, `functions that share a name: ${twice.join(', ')}`);
  return { rows: builtRows, workers: builtWorkers, all: [...declared, unknownPathSource] };
}
