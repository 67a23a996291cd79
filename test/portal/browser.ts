import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../tools/chromium.mjs';

export interface OpenBrowser {
  readonly context: BrowserContext;
  /** A fresh tab (own session storage) of this width; collects what the content policy refused and what broke. */
  tab(width?: number): Promise<{ page: Page; broken: string[] }>;
  close(): Promise<void>;
}

export async function openBrowser(options: { locale?: string; dark?: boolean } = {}): Promise<OpenBrowser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'billing-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    args: [...chromiumFlags],
    locale: options.locale ?? 'en-US',
    timezoneId: 'America/Chicago',
    colorScheme: options.dark ? 'dark' : 'light',
    deviceScaleFactor: 2,
  });
  return {
    context,
    async tab(width = 390) {
      const page = await context.newPage();
      const broken: string[] = [];
      page.on('pageerror', error => broken.push(String(error)));
      page.on('console', message => {
        const text = message.text();
        if (message.type() === 'error' && !/Failed to load resource/.test(text)) broken.push(text);
      });
      await page.setViewportSize({ width, height: 844 });
      return { page, broken };
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
