// Builds the portal into a folder, in a process of its own, so that whoever wants the site never loads its build tools.
// Usage: node tools/buildSite.mjs <portal/build.mjs or .ts> <folder>
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from './run.mjs';

const [builder, folder] = process.argv.slice(2);
const program = builder.endsWith('.ts') ? await bundleProgram(builder) : path.resolve(builder);
const { buildSite } = await import(pathToFileURL(program).href);
await buildSite(path.resolve(folder));
