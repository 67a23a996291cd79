import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { openApiDocument } from '../../tools/docs/openapi';
import { docsPage } from '../../tools/docs/page';
import { toldProblems } from '../../tools/docs/problems';
import { type OpenBrowser, openBrowser } from './browser';
import { axeFindings, scrollsSideways } from './paySite';

/** The page alone: no script at all, and nothing from elsewhere. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
const only = <T>(of: Readonly<Record<string, T>>, names: RegExp): Record<string, T> =>
  Object.fromEntries(Object.entries(of).filter(([name]) => names.test(name)));

const whole = openApiDocument();
const problems = toldProblems();
/** Of each kind of part a few, since axe looks at every element: bodies, bytes, roles, open routes, unions, facts. */
const sample = docsPage(
  {
    ...whole,
    tags: whole.tags.filter(({ name }) => /guest|payments/.test(name)),
    paths: only(whole.paths, /^.bills.*payments$|guest.*(lookup|pdf)$/),
    components: { ...whole.components, schemas: only(whole.components.schemas, /^(Payment|GuestBill)$/) },
  },
  problems.filter(({ code }) => /card_declined|bill_has_payments|internal_error/.test(code)),
);
const pages: Readonly<Record<string, string>> = { '/api/docs': docsPage(whole, problems), '/sample': sample };

let server: Server;
let browser: OpenBrowser;
let origin: string;
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(pages[url]);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

async function open(width: number, path = '/api/docs') {
  const tab = await browser.tab(width);
  await tab.page.goto(origin + path);
  return tab;
}

const inView = (tab: Page, selector: string): Promise<boolean> =>
  tab.locator(selector).evaluate(element => {
    const { top } = element.getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  });

/** Links that stand by themselves and are lower than 24 px. */
const lowTargets = (tab: Page): Promise<string[]> =>
  tab.evaluate(() =>
    [...document.querySelectorAll('nav a, summary')]
      .filter(target => target.getClientRects().length > 0 && target.getBoundingClientRect().height < 24)
      .map(target => target.outerHTML),
  );

test.each([
  ['a phone, dark', 320, 'dark'],
  ['a desk, light', 1280, 'light'],
] as const)('on %s it reads well to axe, fits, and needs no script', async (_, width, colorScheme) => {
  const { page: tab, broken } = await open(width, '/sample');
  await tab.emulateMedia({ colorScheme });
  for (const name of ['addPayment', 'lookupBill', 'getGuestBillPdf', 'object-Payment'])
    await tab.locator(`#${name} > summary`).click();
  expect(await axeFindings(tab)).toEqual([]);
  await tab.goto(`${origin}/api/docs`);
  expect(await scrollsSideways(tab)).toBe(false);
  expect(await lowTargets(tab)).toEqual([]);
  expect(await tab.locator('script').count()).toBe(0);
  expect(broken).toEqual([]);
});

test('a problem’s type leads to its section, which says what to do and who answers so', async () => {
  const { page: tab } = await open(390, '/api/docs#problem-amount_exceeds_balance');
  expect(await inView(tab, '#problem-amount_exceeds_balance')).toBe(true);
  const told = await tab.locator('#problem-amount_exceeds_balance').textContent();
  expect(told).toMatch(/409\s+amount_exceeds_balance/);
  expect(told).toContain('let the surplus become credit');
  expect(told).toMatch(/From .*addPayment/);
});

test('by keyboard: past the contents, into an operation, to what it refers to', async () => {
  const { page: tab } = await open(1280);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  expect(await tab.evaluate(() => document.activeElement?.id)).toBe('main');
  const operation = tab.locator('#createBill');
  await operation.locator('summary').focus();
  await tab.keyboard.press('Enter');
  await operation.getByRole('heading', { name: 'Answers' }).waitFor();
  const said = (await operation.textContent())?.replace(/\s+/g, ' ');
  expect(said).toContain('POST /api/bills');
  expect(said).toMatch(/sessions\[\]\.lines\[\]\.unitPriceCents integer required/);
  await operation.getByRole('link', { name: 'Bill', exact: true }).click();
  expect(new URL(tab.url()).hash).toBe('#object-Bill');
  expect(await inView(tab, '#object-Bill')).toBe(true);
});

test('every link inside the page leads somewhere', async () => {
  const { page: tab } = await open(1280);
  const lost = await tab.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
      .map(link => link.hash.slice(1))
      .filter(id => !document.getElementById(id)),
  );
  expect([...new Set(lost)]).toEqual([]);
});
