import type { Page } from 'playwright-core';
import {
  axeFindings,
  guestBill,
  openPaySite,
  type PaySite,
  paidBill,
  payment,
  problem,
  scrollsSideways,
  smallTargets,
} from './paySite';

/** Every state of the page, each as it comes up and is then used. */
const states: readonly State[] = [
  { name: 'bill', fragment: '#t=x' },
  {
    name: 'another card not reached',
    fragment: '#t=x',
    prepare: ({ site }) =>
      site
        .on('/bills/lookup', { body: { token: 't', bill: guestBill({ cardSetup: true }) } })
        .on('/bill/card-setup', { status: 503, body: {} }),
    async use(page) {
      await page.locator('#card').click();
      await page.locator('.box .alert').waitFor();
    },
  },
  {
    name: 'another amount refused',
    fragment: '#t=x',
    async use(page) {
      await page.getByRole('radio').nth(1).check();
      await page.locator('button[type=submit]').click();
      await page.locator('.error').waitFor();
    },
  },
  {
    name: 'access code asked',
    fragment: '#t=x',
    prepare: ({ site }) => site.on('/bill/pdf', problem(403, 'second_factor_required')),
    async use(page) {
      await page.locator('#pdf').click();
      await page.locator('#accessCode').waitFor();
    },
  },
  { name: 'find', fragment: '' },
  {
    name: 'too many tries',
    fragment: '#n=JUN-1048',
    prepare: ({ site }) => site.on('/bills/lookup', problem(429, 'too_many_requests')),
    async use(page) {
      await page.locator('#accessCode').fill('000000');
      await page.keyboard.press('Enter');
      await page.locator('#fresh').waitFor();
    },
  },
  {
    name: 'expired',
    fragment: '#t=x',
    prepare: ({ site }) => site.on('/bills/lookup', problem(404, 'bill_not_found')),
  },
  {
    name: 'paid',
    fragment: '#t=x',
    prepare: ({ site }) => site.on('/bills/lookup', { body: { token: 't', bill: paidBill } }),
  },
  {
    name: 'cancelled',
    fragment: '#t=x',
    prepare: ({ site }) => site.on('/bills/lookup', { body: { bill: { status: 'cancelled' } } }),
  },
  { name: 'down', fragment: '#t=x', prepare: ({ site }) => site.on('/bills/lookup', { status: 503, body: {} }) },
  {
    name: 'receipt',
    fragment: '#c=x',
    prepare: ({ site }) =>
      site.on('/bill/checkout/confirm', { body: { bill: { ...paidBill, portalUrl: '/client' }, payment } }),
  },
];

interface State {
  readonly name: string;
  readonly fragment: string;
  readonly prepare?: (pay: PaySite) => void;
  readonly use?: (page: Page) => Promise<void>;
}

describe.each([
  ['light, English', { locale: 'en-US', dark: false }],
  ['dark, Spanish', { locale: 'es-US', dark: true }],
])('%s', (_, options) => {
  let pay: PaySite;
  beforeAll(async () => {
    pay = await openPaySite(options);
  });
  afterAll(() => pay?.close());

  it.each(states)(
    '$name: reads well to axe, fits 320 px, and is easy to hit',
    async ({ name, fragment, prepare, use }) => {
      pay.site.reset();
      pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: guestBill() } });
      prepare?.(pay);
      const { page, broken } = await pay.open(fragment, 320);
      await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.wait'));
      await use?.(page);
      expect(await axeFindings(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await scrollsSideways(page)).toBe(false);
      expect(await page.locator('html').getAttribute('lang')).toBe(options.locale.slice(0, 2));
      expect(broken).toEqual([]);
      if (process.env.SCREENSHOTS) {
        const file = `${name}-${options.dark ? 'dark' : 'light'}.png`.replaceAll(' ', '-');
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/${file}`, fullPage: true });
      }
      await page.close();
    },
  );
});
