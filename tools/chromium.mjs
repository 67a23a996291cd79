// Finds a Chromium for the browser tests, and installs one where that needs no question (and then says which).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Nothing of the browser's own goes out, and nothing of the last run comes in (each run has a fresh profile). */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** CHROMIUM_PATH, the system's, or Playwright's; else, as root on Debian or Ubuntu, installed by apt. */
export async function findChromium() {
  const found = (await installed()) ?? byApt();
  if (!found) {
    throw new Error('No Chromium found. Install it (apt-get install chromium) or name one in CHROMIUM_PATH.');
  }
  return found;
}

async function installed() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is not there.`);
    return named;
  }
  const { chromium } = await import('playwright-core');
  return [...places, chromium.executablePath()].find(place => place && existsSync(place));
}

function byApt() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  console.log('Installing Chromium by apt …');
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch {
    return undefined;
  }
  const found = places.find(place => existsSync(place));
  if (found) console.log(execFileSync(found, ['--version'], { encoding: 'utf8' }).trim());
  return found;
}
