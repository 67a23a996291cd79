import { readmeParts, withParts } from './readme';
import { clientRoutes } from './routes';

/** What is made from the rows and kept in the repository: each file as it should be, where it is not. */
export function staleFiles(read: (file: string) => string): ReadonlyMap<string, string> {
  const made: readonly (readonly [file: string, text: string])[] = [
    ['README.md', withParts(read('README.md'), readmeParts())],
    ['portal/src/api/operations.ts', clientRoutes()],
  ];
  return new Map(made.filter(([file, text]) => read(file) !== text));
}
