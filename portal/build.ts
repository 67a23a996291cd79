import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Writes the whole site into a folder: pages under their own name, everything that they load under `assets/` with a hash
 * of its content in the name (so it may be cached for ever). Nothing is inline: `script-src 'self'; style-src 'self'`.
 */
export async function buildSite(outFolder: string, root: string = process.cwd()): Promise<void> {
  const portal = path.join(root, 'portal');
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(path.join(outFolder, 'assets'), { recursive: true });
  const site: Site = { portal, outFolder };
  const [script, style, placeholder, icon] = await Promise.all([
    bundle(site, 'src/pay/main.ts', 'pay.js'),
    bundle(site, 'src/pay/pay.css', 'pay.css'),
    bundle(site, 'src/staff/placeholder.css', 'staff.css'),
    readFile(path.join(portal, 'icon.svg')).then(bytes => asset(site, 'icon.svg', bytes)),
  ]);
  await page(site, 'pay.html', { script, style, icon });
  await page(site, 'index.html', { style: placeholder, icon });
  await page(site, 'client.html', { style: placeholder, icon });
}

interface Site {
  readonly portal: string;
  readonly outFolder: string;
}

async function bundle(site: Site, entry: string, name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(site.portal, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'safari16', 'chrome109', 'firefox115'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`nothing came of ${entry}`);
  return asset(site, name, file.contents);
}

/** The address of an asset, once written. */
async function asset({ outFolder }: Site, name: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  const hashed = `assets/${stem}-${hash}${ext}`;
  await writeFile(path.join(outFolder, hashed), bytes);
  return `/${hashed}`;
}

async function page({ portal, outFolder }: Site, name: string, addresses: Record<string, string>): Promise<void> {
  const source = await readFile(path.join(portal, name), 'utf8');
  const html = source.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const address = addresses[key];
    if (!address) throw new Error(`${name} asks for {{${key}}}, which is not built`);
    return address;
  });
  await writeFile(path.join(outFolder, name), html);
}
