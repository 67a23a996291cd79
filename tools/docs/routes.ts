import { readdirSync, readFileSync } from 'node:fs';
import { invariant } from '../../shared/domain/invariant';
import type { Row } from '../../shared/operations/row';
import { rowsInOrder } from './rowsInOrder';

const folder = 'shared/operations';

/**
 * The routes of the typed client: of each row its method and path, and its type. A page bundles just those that it names,
 * and what a row says otherwise than its route does not compile.
 */
export function clientRoutes(): string {
  const fileOf = filesOfRows();
  const files = [...new Set(fileOf.values())].sort();
  return [
    '// Made from the operation rows by `npm run docs`.',
    ...files.map(file => `import type * as ${file} from '../../../${folder}/${file}';`),
    "import type { Route } from './route';",
    ...rowsInOrder.flatMap(row => ['', ...routeOf(row, fileOf)]),
    '',
  ].join('\n');
}

function routeOf({ operation, summary, method, path }: Row, fileOf: ReadonlyMap<string, string>): string[] {
  const file = fileOf.get(operation);
  invariant(file, `${operation} has its row in ${folder}`);
  const declared = `export const ${operation}: Route<typeof ${file}.${operation}Row> =`;
  const value = `{ method: '${method}', path: '${path}' };`;
  const line = `${declared} ${value}`;
  // As the formatter breaks it.
  return [
    `/** ${summary}. */`,
    ...(line.length <= 120 ? [line] : [`${declared} {`, `  method: '${method}',`, `  path: '${path}',`, '};']),
  ];
}

/** In which file each row is declared. */
const filesOfRows = (): Map<string, string> =>
  new Map(
    readdirSync(folder).flatMap(file =>
      [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^export const (\w+)Row = row\(/gm)].map(
        ([, operation = '']) => [operation, file.replace(/\.ts$/, '')] as const,
      ),
    ),
  );
