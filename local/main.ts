/** `npm start`: the whole system on this machine, from the environment's PORT, DATA_DIR, SEED and CLOCK. */
import path from 'node:path';
import type { Cloud } from './cloud/cloud';
import { FolderInUse } from './cloud/folderLock';
import { CorruptFolder } from './cloud/keptValue';
import { PortInUse } from './cloud/ports';
import { BadInstant, startCloud } from './cloud/startCloud';

const { PORT = '4000', DATA_DIR = '.local', SEED = 'demo', CLOCK } = process.env;

/** A line for each step that takes longer than a second. */
function progressLines(): { begin(step: string): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const end = () => clearTimeout(timer);
  const begin = (step: string) => {
    end();
    timer = setTimeout(() => console.log(`${step} …`), 700);
  };
  return { begin, end };
}

function wrongSettings(): string | undefined {
  if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_000)
    return `PORT is a number up to 65000 (0 takes free ones), not ${PORT}.`;
  if (SEED !== 'demo' && SEED !== 'none') return `SEED is demo or none, not ${SEED}.`;
  return undefined;
}

function tellWhereToGo({ urls, users, practices, now }: Cloud): void {
  const nameOf = (practiceId: string) =>
    practices.find(practice => practice.practiceId === practiceId)?.name ?? practiceId;
  const people = users.map(
    ({ email, roles, practiceId }) => `    ${email.padEnd(32)} ${roles.join(', ')} at ${nameOf(practiceId)}`,
  );
  const lines = [
    '',
    `  Start page      ${urls.portal}`,
    `  Pay a bill      ${urls.pay}`,
    `  API             ${urls.api}  (${urls.api}/docs)`,
    `  Mail            ${urls.mail}`,
    `  Stripe          ${urls.stripe}`,
    `  Machine         ${urls.portal}/_local`,
    '',
    ...(people.length === 0
      ? ['  Nobody can sign in yet. Found a practice: npm run found']
      : ['  Sign in as', ...people]),
    '',
    `  The clock says ${new Date(now()).toISOString()}. State lies in ${DATA_DIR}. Ctrl-C ends.`,
    '',
  ];
  console.log(lines.join('\n'));
}

async function main(): Promise<void> {
  const wrong = wrongSettings();
  if (wrong !== undefined) throw new PlainProblem(wrong);
  const progress = progressLines();
  const cloud = await startCloud({
    port: Number(PORT),
    folder: path.resolve(DATA_DIR),
    seed: SEED === 'none' ? 'none' : 'demo',
    progress: progress.begin,
    ...(CLOCK === undefined ? {} : { clock: CLOCK }),
  }).finally(progress.end);
  tellWhereToGo(cloud);
  let ending = false;
  const end = () => {
    // A second Ctrl-C does not wait.
    if (ending) process.exit(130);
    ending = true;
    void cloud.close().finally(() => process.exit(0));
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}

class PlainProblem extends Error {}

/** What a person can mend is said plainly; anything else is ours, with its trace. */
main().catch((error: unknown) => {
  const isPlain = [PlainProblem, FolderInUse, CorruptFolder, PortInUse, BadInstant].some(kind => error instanceof kind);
  console.error(isPlain ? `\n${(error as Error).message}\n` : error);
  process.exit(1);
});
