// `npm start`: installs what is missing, then builds and starts the whole system on this machine.
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`\nNode ${process.versions.node} is too old: this needs Node 20 or later (https://nodejs.org).\n`);
  process.exit(1);
}
const { installPackages } = await import('./ready.mjs');
installPackages();
const { bundleProgram, root } = await import('./run.mjs');
process.chdir(root);
const program = await bundleProgram('local/main.ts');
await import(program);
