import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Use } from '../../shared/operations/row';
import { contractFiles } from '../../tools/docs/contractFiles';
import { assetFolder, type Cloud, readCloud, sources } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

interface Bundle {
  readonly name: string;
  readonly packages: readonly string[];
  readonly packagesAtStart: readonly string[];
  readonly codeBytes: number;
  readonly codeBytesAtStart: number;
}
const bundles = (): Bundle[] => JSON.parse(readFileSync(path.join(cloud.folder, 'bundles.json'), 'utf8'));
const uses = new Map<string, readonly Use[]>([
  ...sources.rows.map(row => [row.operation, row.uses] as const),
  ...sources.workers.map(worker => [worker.name, worker.uses] as const),
]);

test('functions of the API without Stripe or files stay under 600 KB, so that a cold start stays short', () => {
  const light = sources.rows
    .filter(row => !row.uses.some(use => ['stripe', 'documents:read', 'documents:write'].includes(use)))
    .map(row => row.operation);
  const tooHeavy = bundles().filter(({ name, codeBytes }) => light.includes(name) && codeBytes > 600_000);
  expect(tooHeavy).toEqual([]);
});

/** What is heavy, and what a row has to use for it. */
const heavy: Readonly<Record<string, readonly Use[]>> = {
  stripe: ['stripe'],
  pdfmake: ['documents:write'],
  nodemailer: ['mail'],
  '@aws-sdk/client-s3': ['documents:read', 'documents:write'],
  '@aws-sdk/client-sesv2': ['mail'],
  '@aws-sdk/client-sqs': ['mailQueue', 'stripeQueue', 'chargesQueue', 'reconciliationQueue', 'workQueue'],
  '@aws-sdk/client-secrets-manager': ['stripe', 'stripeWebhookSecret', 'linkKey'],
  '@aws-sdk/client-cognito-identity-provider': ['identity'],
};

test('no function carries Stripe, PDFs, mail or another service’s client unless its row uses them', () => {
  const needless = bundles().flatMap(({ name, packages }) =>
    Object.entries(heavy)
      .filter(([carried, needs]) => packages.includes(carried) && !needs.some(use => uses.get(name)?.includes(use)))
      .map(([carried]) => `${name} carries ${carried}`),
  );
  expect(needless).toEqual([]);
  for (const carried of Object.keys(heavy)) {
    expect([carried, bundles().some(({ packages }) => packages.includes(carried))]).toEqual([carried, true]);
  }
});

test('what few requests need is loaded when one does: Stripe by payments and refunds, files by documents, PDFs by all', () => {
  const atStart = (carried: string) =>
    bundles()
      .filter(({ packagesAtStart }) => packagesAtStart.includes(carried))
      .map(({ name }) => name);
  const sometimes = [
    ...['addPayment', 'addCredit', 'refundPayment'],
    ...['cancelBill', 'deleteBill', 'editBill', 'adjustBill', 'writeOffBill'],
  ];
  expect(atStart('stripe').filter(name => sometimes.includes(name))).toEqual([]);
  expect(atStart('pdfmake')).toEqual([]);
  // What a statement or superbill says is in a file only where it is long.
  const readers = sources.rows
    .filter(({ operation, uses: used }) => used.includes('documents:read') && !operation.endsWith('Pdf'))
    .map(row => row.operation);
  expect(readers).toContain('getStatement');
  expect(atStart('@aws-sdk/client-s3').filter(name => readers.includes(name))).toEqual([]);
  const heavyAtStart = bundles().filter(
    ({ name, codeBytesAtStart }) => [...sometimes, ...readers].includes(name) && codeBytesAtStart > 600_000,
  );
  expect(heavyAtStart).toEqual([]);
});

test('the same code gives the same asset hashes, wherever it is built', async () => {
  const again = await readCloud({ checked: false });
  const hashes = ({ ofType }: Cloud) =>
    ofType('Lambda::Function').map(({ id, Properties }) => [id, Properties.Code.S3Key]);
  expect(again.folder).not.toBe(cloud.folder);
  expect(hashes(again)).toEqual(hashes(cloud));
});

test('each asset holds its handler, and fonts beside the code that reads them', () => {
  for (const lambda of cloud.ofType('Lambda::Function')) {
    const folder = assetFolder(cloud, lambda);
    expect(existsSync(path.join(folder, String(lambda.Properties.Handler).replace(/\.handler$/, '.mjs')))).toBe(true);
    const code = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.mjs'));
    for (const file of code) {
      if (!readFileSync(path.join(folder, file), 'utf8').includes('/data/Helvetica.afm')) continue;
      const data = path.join(folder, path.dirname(file), 'data');
      for (const font of ['Helvetica.afm', 'Helvetica-Bold.afm', 'NotoSans_400Regular.ttf', 'NotoSans_700Bold.ttf']) {
        expect(existsSync(path.join(data, font))).toBe(true);
      }
    }
  }
});

test('source maps travel without source text, and of our own code only', () => {
  const [lambda] = cloud.ofType('Lambda::Function');
  if (!lambda) throw new Error('there are no functions');
  const folder = assetFolder(cloud, lambda);
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.map'));
  expect(maps.length).toBeGreaterThan(0);
  for (const map of maps) {
    expect(readFileSync(path.join(folder, map), 'utf8')).not.toMatch(/"sourcesContent"|node_modules/);
  }
});

test('a file of a function sets up names of old modules only where it uses them, and has a map only where code is ours', () => {
  const lambda = cloud
    .ofType('Lambda::Function')
    .find(({ Properties }) => String(Properties.Handler).includes('getBillPdf'));
  if (!lambda) throw new Error('no function makes PDFs');
  const folder = assetFolder(cloud, lambda);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.mjs'));
  const facts = files.map(file => {
    const code = readFileSync(path.join(folder, file), 'utf8');
    const map = path.join(folder, `${file}.map`);
    const sources: readonly string[] = existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')).sources : [];
    return {
      needless: ['require', '__filename', '__dirname'].filter(
        name => code.includes(`const ${name}=`) && code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length === 1,
      ),
      mapped: [code.includes('sourceMappingURL='), existsSync(map), sources.length > 0],
    };
  });
  expect(facts.flatMap(({ needless }) => needless)).toEqual([]);
  const mapped = facts.map(fact => fact.mapped.join());
  expect([...new Set(mapped)].sort()).toEqual(['false,false,false', 'true,true,true']);
});

test('the contract’s operations carry it as files made with the build, and no other function does', () => {
  const holders = cloud.ofType('Lambda::Function').filter(lambda => {
    const files = readdirSync(assetFolder(cloud, lambda), { recursive: true, encoding: 'utf8' });
    return files.some(file => file.endsWith('openapi.json'));
  });
  expect(holders.map(lambda => String(lambda.Properties.Handler)).sort()).toEqual([
    'functions/docs/getDocs.handler',
    'functions/docs/getOpenApi.handler',
  ]);
  const made = contractFiles();
  for (const lambda of holders) {
    const folder = assetFolder(cloud, lambda);
    for (const [name, text] of Object.entries(made)) {
      const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(each => each.endsWith(name));
      expect(readFileSync(path.join(folder, String(file)), 'utf8')).toBe(text);
    }
  }
});
