import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rows, stackOfNoun, workerRows } from '../shared/operations';

const root = path.resolve(__dirname, '..');

function filesUnder(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map(name => path.posix.join(folder, name.split(path.sep).join('/')));
}

const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Paths of this repository that a file imports, resolved; packages by their name. */
function importsOf(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g)].map(
    m => m[1] ?? m[2] ?? '',
  );
  return specifiers.map(specifier =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier,
  );
}

const offenders = (files: readonly string[], bad: (imported: string, file: string) => boolean): string[] =>
  files.flatMap(file =>
    importsOf(file)
      .filter(imported => bad(imported, file))
      .map(imported => `${file} imports ${imported}`),
  );

describe('an operation is a row, a rule and a handler', () => {
  test('no two rows share a name or a route', () => {
    const names = rows.map(row => row.operation);
    const routes = rows.map(row => `${row.method} ${row.path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(routes).size).toBe(routes.length);
  });

  test('every noun names its stack, and every open route says why it is open', () => {
    for (const row of rows) {
      expect([row.noun, stackOfNoun[row.noun]]).toEqual([row.noun, expect.any(String)]);
      if (row.auth === 'none') expect([row.operation, row.openBecause]).toEqual([row.operation, expect.any(String)]);
      if (row.auth === 'staff') expect([row.operation, row.roles?.length]).toEqual([row.operation, expect.any(Number)]);
    }
  });

  test('every row has its handler at the path that its name says, and every handler its row', () => {
    const wanted = [
      ...rows.map(row => `functions/${row.noun}/${row.operation}.ts`),
      ...workerRows.map(worker => `functions/${worker.folder}/${worker.name}.ts`),
    ];
    expect(wanted.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
    expect(filesUnder('functions').filter(file => !wanted.includes(file))).toEqual([]);
  });
});

describe('an operation is tested by what it does', () => {
  const askedBy = (test: string): string[] => {
    const imported = importsOf(test);
    const fixtures = imported.filter(file => file.startsWith('test/fixtures/'));
    return [...imported, ...fixtures.flatMap(fixture => importsOf(`${fixture}.ts`))];
  };
  const testsOf = (noun: string): string[] =>
    existsSync(path.join(root, 'test/functions', noun))
      ? filesUnder(`test/functions/${noun}`).filter(file => file.endsWith('.test.ts'))
      : [];

  // What is asked of all rows alike, such as wrong input, stands elsewhere and counts for none.
  test('a test of its noun asks each operation, by itself or through a fixture', () => {
    const untested = rows.filter(row => {
      const handler = `functions/${row.noun}/${row.operation}`;
      return !testsOf(row.noun).some(test => askedBy(test).includes(handler));
    });
    expect(untested.map(row => `${row.noun}/${row.operation}`)).toEqual([]);
  });
});

describe('imports go one way', () => {
  test('the domain imports the domain only', () => {
    expect(offenders(filesUnder('shared/domain'), imported => !imported.startsWith('shared/domain/'))).toEqual([]);
  });

  test('what is deployed imports neither the one-machine cloud, nor infra, nor tests', () => {
    const deployed = [...filesUnder('shared'), ...filesUnder('functions')];
    expect(offenders(deployed, imported => /^(local|infra|test|tools|bench)\//.test(imported))).toEqual([]);
  });

  test('handlers and shared code never import the index of all rows', () => {
    const deployed = [...filesUnder('shared'), ...filesUnder('functions')];
    expect(offenders(deployed, imported => /shared\/operations(\/index)?$/.test(imported))).toEqual([]);
  });

  test('what the docs show travels with no handler', () => {
    const deployed = [...filesUnder('shared'), ...filesUnder('functions')];
    expect(offenders(deployed, imported => imported === 'shared/operations/examples')).toEqual([]);
  });

  test('each SDK stays in one folder', () => {
    const homes: Readonly<Record<string, RegExp>> = {
      stripe: /^(shared\/stripe\/|functions\/webhooks\/receiveStripeEvent)/,
      '@aws-sdk/lib-dynamodb': /^shared\/store\//,
      '@aws-sdk/client-dynamodb': /^shared\/store\//,
      '@aws-sdk/client-s3': /^shared\/documents\//,
      '@aws-sdk/client-sesv2': /^shared\/email\//,
      '@aws-sdk/client-sqs': /^shared\/work\//,
      pdfmake: /^shared\/documents\//,
      nodemailer: /^shared\/email\//,
    };
    const deployed = [...filesUnder('shared'), ...filesUnder('functions')];
    const bad = offenders(deployed, (imported, file) => {
      const home = homes[imported] ?? homes[imported.split('/')[0] ?? ''];
      return home !== undefined && !home.test(file);
    });
    expect(bad).toEqual([]);
  });
});

describe('manners that a tool can hold', () => {
  const deployed = [...filesUnder('shared'), ...filesUnder('functions')];

  test('only clock.ts reads the clock', () => {
    const telling = deployed.filter(
      file => file !== 'shared/clock.ts' && /Date\.now\(|new Date\(\)/.test(textOf(file)),
    );
    expect(telling).toEqual([]);
  });

  test('only money.ts rounds', () => {
    const rounding = filesUnder('shared/domain').filter(
      file => /Math\.round\(/.test(textOf(file)) && !file.endsWith('money.ts'),
    );
    expect(rounding).toEqual([]);
  });

  test('no skipped or focused test, no silenced check', () => {
    const all = ['shared', 'functions', 'infra', 'local', 'portal', 'test']
      .flatMap(filesUnder)
      .filter(file => file !== 'test/architecture.test.ts');
    const silenced = all.filter(file =>
      /@ts-(ignore|expect-error|nocheck)|\b(test|it|describe)\.(skip|only)\(/.test(textOf(file)),
    );
    expect(silenced).toEqual([]);
  });

  test('keys are written in table.ts only', () => {
    const keys = deployed.filter(
      file => /`(P#|STRIPE#|TOKEN#|SUBJECT#|DUE#|NUMBER#)/.test(textOf(file)) && file !== 'shared/store/table.ts',
    );
    expect(keys).toEqual([]);
  });
});
