import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { buildSite } from '../../portal/build';
import type { GuestBill } from '../../portal/src/pay/api';
import { GuestSite } from '../fakes/guestSite';
import { type OpenBrowser, openBrowser } from './browser';

export const guestBill = (more: Partial<GuestBill> = {}): GuestBill => ({
  practiceName: 'Juniper Lane Therapy',
  practiceEmail: 'billing@juniperlane.example',
  number: 'JUN-1048',
  currency: 'USD',
  dueOn: '2026-12-03',
  status: 'partially_paid',
  clientPortionCents: 13500,
  clientPaidCents: 6000,
  refundedCents: 2000,
  clientBalanceCents: 9500,
  allowPartial: true,
  onlinePayments: true,
  minimumCents: 50,
  cardSetup: false,
  ...more,
});

export const payment = {
  amountCents: 9500,
  paidAt: '2026-11-23T16:22:00.000Z',
  status: 'succeeded',
  card: { brand: 'visa', last4: '4242' },
  receiptNumber: 'R-JUN-1048-2',
};

export const paidBill = guestBill({ status: 'paid', clientPaidCents: 15500, clientBalanceCents: 0 });

export interface PaySite {
  readonly site: GuestSite;
  readonly folder: string;
  /** A fresh tab on the pay page with this fragment. */
  open(fragment?: string, width?: number): Promise<{ page: Page; broken: string[] }>;
  close(): Promise<void>;
}

export async function openPaySite(options: Parameters<typeof openBrowser>[0] = {}): Promise<PaySite> {
  const folder = mkdtempSync(path.join(tmpdir(), 'billing-site-'));
  await buildSite(folder);
  const site = new GuestSite(folder);
  const [origin, browser]: [string, OpenBrowser] = [await site.start(), await openBrowser(options)];
  return {
    site,
    folder,
    async open(fragment = '', width) {
      const tab = await browser.tab(width);
      await tab.page.goto(`${origin}/pay${fragment}`);
      return tab;
    },
    async close() {
      await browser.close();
      site.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
/** What a person reads, in one line. */
export const said = async (page: Page, where = 'main'): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: what is shown counts, with the spaces of the layout
  (await page.locator(where).innerText()).replace(/\s+/g, ' ').trim();
export const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { status, code, ...more },
});

const axeSource = readFileSync(createRequire(`${process.cwd()}/package.json`).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds at WCAG 2.2 A and AA; run by the tester's own channel, so the page's policy stays as it is. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`);
  });
}

/** Interactive elements smaller than 44 px in either direction, links inside sentences excepted. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, .choice, a')].flatMap(element => {
      const target = element.closest<HTMLElement>('.choice') ?? element;
      const { width, height } = target.getBoundingClientRect();
      return width >= 44 && height >= 43.9 ? [] : [`${element.outerHTML} ${width}×${height}`];
    }),
  );

export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
