import { startStripe } from '../../../local/stripe/server';

/** A stand-in in a process of its own, to be killed: `node program.mjs <folder>` prints where it listens. */
void startStripe({ port: 0, folder: process.argv[2] ?? '', clock: { now: () => Date.now() } }).then(({ url }) =>
  process.stdout.write(`${url}\n`),
);
