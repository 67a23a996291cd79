import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the main job has to hold of the trade's requirements; each is protected by a test that says so in its title. */
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const required = [3, ...from(6, 23), ...from(27, 30), 32, ...from(36, 41), ...from(43, 63)];

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && name !== path.basename(__filename),
);

/** The titles of a file's tests: the first text that `test`, `it`, `describe`, `example` or an `each` of them is given. */
function titlesOf(file: string): string[] {
  const text = readFileSync(path.join(__dirname, file), 'utf8');
  const given =
    /(?:\b(?:test|it|describe|example)|\))\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;
  return [...text.matchAll(given)].map(([, ...quoted]) => quoted.find(title => title !== undefined) ?? '');
}

const titles = files.flatMap(titlesOf);

test('every requirement of the main job stands in the title of a test that protects it', () => {
  const named = new Set(
    titles.flatMap(title => [...title.matchAll(/\bR(\d+)\b/g)].map(([, number]) => Number(number))),
  );
  expect(required.filter(number => !named.has(number)).map(number => `R${number}`)).toEqual([]);
});

test('no title stands for requirements that it does not name', () => {
  expect(titles.filter(title => /\bR\d+\s*(?:to|[-–—…]|\.\.)\s*R?\d/.test(title))).toEqual([]);
});
