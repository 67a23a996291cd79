import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contractFiles } from '../../tools/docs/contractFiles';
import { assetFolder, type Cloud, readCloud, sources } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

interface Weight {
  readonly name: string;
  readonly codeBytes: number;
}
const weights = (): Weight[] => JSON.parse(readFileSync(path.join(cloud.folder, 'bundles.json'), 'utf8'));

test('functions of the API without Stripe or PDFs stay under 600 KB, so that a cold start stays short', () => {
  const light = sources.rows
    .filter(row => !row.uses.some(use => ['stripe', 'stripeWebhookSecret', 'documents:write'].includes(use)))
    .map(row => row.operation);
  const tooHeavy = weights().filter(({ name, codeBytes }) => light.includes(name) && codeBytes > 600_000);
  expect(tooHeavy).toEqual([]);
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
      for (const font of ['Helvetica.afm', 'Helvetica-Bold.afm', 'Roboto-Regular.ttf', 'Roboto-Medium.ttf']) {
        expect(existsSync(path.join(data, font))).toBe(true);
      }
    }
  }
});

test('source maps travel without source text', () => {
  const [lambda] = cloud.ofType('Lambda::Function');
  if (!lambda) throw new Error('there are no functions');
  const folder = assetFolder(cloud, lambda);
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.map'));
  expect(maps.length).toBeGreaterThan(0);
  for (const map of maps) expect(readFileSync(path.join(folder, map), 'utf8')).not.toContain('"sourcesContent"');
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
