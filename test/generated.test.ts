import { readFileSync } from 'node:fs';
import { rows } from '../shared/operations';
import { staleFiles } from '../tools/docs/kept';
import { toldProblems } from '../tools/docs/problems';
import { readmeParts, withParts } from '../tools/docs/readme';
import { clientRoutes } from '../tools/docs/routes';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('what is made from the rows and kept in the repository', () => {
  test('is what the rows say now (`npm run docs` makes it so)', () => {
    expect([...staleFiles(read).keys()]).toEqual([]);
  });

  test('is found stale by name when a row or a file changed, and made good', () => {
    const good = (file: string) => staleFiles(read).get(file) ?? read(file);
    const stale = staleFiles(file => good(file).replaceAll('/billing/summary', '/billing/sums'));
    expect([...stale.keys()]).toEqual(['README.md', 'portal/src/api/operations.ts']);
    for (const [file, text] of stale) expect(text).toBe(good(file));
    expect(staleFiles(good).size).toBe(0);
  });

  test('leaves what people wrote around it as it is', () => {
    const begin = (name: string) => `<!-- ${name}: made by npm run docs -->`;
    const readme = `Before\n${begin('operations')}\nold\n<!-- operations: end -->\nbetween\n${begin('problems')}\n<!-- problems: end -->\nafter\n`;
    const parts = { operations: 'new table', problems: 'its problems' };
    expect(withParts(readme, parts)).toBe(
      `Before\n${begin('operations')}\nnew table\n<!-- operations: end -->\nbetween\n${begin('problems')}\nits problems\n<!-- problems: end -->\nafter\n`,
    );
    expect(withParts(withParts(readme, parts), parts)).toBe(withParts(readme, parts));
    expect(() => withParts('A README without markers', parts)).toThrow('README.md has no place for the operations');
  });
});

test('the README lists every operation with its route and who may, and every problem with its status', () => {
  const { operations = '', problems = '' } = readmeParts();
  for (const { noun, operation, method, path } of rows)
    expect(operations).toContain(`| [${operation}](functions/${noun}/${operation}.ts) | ${method} \`/api${path}\` | `);
  for (const { code, status } of toldProblems()) expect(problems).toContain(`| \`${code}\` | ${status} | `);
  expect(operations).toMatch(/\[listClients\].* \| all staff \| /);
  expect(operations).toMatch(/\[changePractice\].* \| admin \| /);
  expect(operations).toMatch(/\[lookupBill\].* \| anybody \| /);
  expect(operations).toMatch(/\[getGuestBill\].* \| a guest \| /);
});

test('the client has a route for each operation', () => {
  const made = clientRoutes();
  for (const { operation, method, path } of rows) {
    expect(made).toMatch(new RegExp(`export const ${operation}: Route<typeof \\w+\\.${operation}Row> = \\{`));
    expect(made.split(`export const ${operation}:`)[1]?.split('}; ')[0]).toMatch(
      new RegExp(`^[^;]*method: '${method}',\\s+path: '${path.replace(/[{}]/g, '\\$&')}'`),
    );
  }
});
