import type { Row } from '../../shared/operations/row';
import { toldProblems } from './problems';
import { rowsInOrder } from './rowsInOrder';

/** The generated parts of the README, by the name of their markers. */
export const readmeParts = (): Readonly<Record<string, string>> => ({
  operations: operationsPart(),
  problems: problemsPart(),
});

/** The README with each part between its markers as it should be. */
export function withParts(readme: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- ${name}: end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`README.md has no place for the ${name}: ${begin} … ${end}`);
    return `${before}${begin}\n${part}\n${end}${after}`;
  }, readme);
}

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const folded = (title: string, content: string): string =>
  `<details>\n<summary>${title}</summary>\n\n${content}\n\n</details>`;

function operationsPart(): string {
  const nouns = [...new Set(rowsInOrder.map(row => row.noun))];
  return nouns
    .map(noun => {
      const mine = rowsInOrder.filter(row => row.noun === noun);
      const lines = mine.map(row => [
        `[${row.operation}](functions/${row.noun}/${row.operation}.ts)`,
        `${row.method} \`/api${row.path}\``,
        whoMay(row),
        row.summary,
      ]);
      return folded(
        `<b>${noun}</b>: ${mine.length} ${mine.length === 1 ? 'operation' : 'operations'}`,
        table(['operation', 'method and path', 'who may', 'what it does'], lines),
      );
    })
    .join('\n');
}

const everybody = 5;
const whoMay = ({ auth, roles = [] }: Row): string => {
  if (auth === 'none') return 'anybody';
  return auth === 'staff' ? (roles.length === everybody ? 'all staff' : roles.join(', ')) : `a ${auth}`;
};

function problemsPart(): string {
  const told = toldProblems();
  const lines = told.map(({ code, status, title, detail }) => [`\`${code}\``, String(status), `${title}. ${detail}`]);
  return folded(
    `<b>${told.length} problems</b> that an operation may answer`,
    table(['code', 'status', 'what happened, what did not, what to do'], lines),
  );
}
