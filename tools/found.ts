/**
 * `npm run found -- --name … --code OAK --zone America/New_York --currency USD --admin rosa@… --admin-name "Rosa Delgado"`
 * founds a practice with its first admin, who is sent an invitation. `--deployed`: in AWS, else on the machine of
 * `npm start`. `--stripe test|live`: the practice takes cards with the platform's own Stripe key, of that mode.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { clock } from '../shared/clock';
import { addDays, localDate } from '../shared/domain/calendar';
import type { Member, Practice } from '../shared/domain/practice';
import { identity } from '../shared/identity';
import { newId } from '../shared/ids';
import { email, text, timeZone } from '../shared/operations/fields';
import { LostRace } from '../shared/store/kernel';
import { practiceStore } from '../shared/store/practiceStore';
import { reconciliationStore } from '../shared/store/reconciliationStore';
import { accountClaimed } from '../shared/store/stripeAccountStore';
import { PlainProblem, reachSystem, runProgram } from './reach';

const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code);

const wanted = z.strictObject({
  name: text(120),
  code: z.string().regex(/^[A-Z]{2,6}$/, 'must be two to six capital letters; bill numbers begin with it, for good'),
  zone: timeZone,
  currency: z.string().refine(isCurrency, 'must be a currency code such as USD; it stays for good'),
  admin: email,
  'admin-name': text(120),
  paper: z.enum(['letter', 'a4']).default('letter'),
  stripe: z.enum(['test', 'live']).optional(),
  deployed: z.boolean().default(false),
});

const string = { type: 'string' } as const;
const options = {
  ...{ name: string, code: string, zone: string, currency: string, admin: string, 'admin-name': string },
  ...{ paper: string, stripe: string, deployed: { type: 'boolean' } as const },
};

function read(): z.output<typeof wanted> {
  let values: object;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new PlainProblem(error instanceof Error ? error.message : String(error));
  }
  const parsed = wanted.safeParse(values);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, code, message }) =>
    code === 'invalid_type' ? `  --${path.join('.')} is missing` : `  --${path.join('.')} ${message}`,
  );
  throw new PlainProblem(`Nothing was founded.\n${lines.join('\n')}`);
}

const refuseTaken = (error: unknown): never => {
  const taken = (as: string) => error instanceof LostRace && error.failed.some(({ write }) => write.as === as);
  if (taken('shortCode')) throw new PlainProblem('Another practice has this --code already. Nothing was founded.');
  if (taken('subject'))
    throw new PlainProblem('This --admin signs in to another practice already. Nothing was founded.');
  if (taken('stripeAccount'))
    throw new PlainProblem(
      'Another practice uses the platform’s own Stripe key already: leave out --stripe. Nothing was founded.',
    );
  throw error;
};

runProgram(async () => {
  const asked = read();
  await reachSystem({ deployed: asked.deployed });
  const practiceId = newId('prac');
  const practice: Practice = {
    practiceId,
    name: asked.name,
    billingName: asked.name,
    billingAddress: [],
    email: asked.admin,
    timeZone: asked.zone,
    currency: asked.currency,
    paperSize: asked.paper,
    shortCode: asked.code,
    onlinePayments: true,
    // The client portal is not part of this release: no mail shall lead there.
    portalEnabled: false,
    stripe: asked.stripe ? { status: 'ready', mode: asked.stripe } : { status: 'not_connected', mode: 'test' },
    createdAt: clock.now(),
  };
  const admin: Member & { subject: string } = {
    memberId: newId('mem'),
    name: asked['admin-name'],
    email: asked.admin.toLowerCase(),
    roles: ['admin'],
    billingVisible: true,
    active: true,
    subject: await identity.subjectOf(asked.admin.toLowerCase()),
  };
  const tomorrow = addDays(localDate(practice.createdAt, practice.timeZone), 1);
  const nights = reconciliationStore.everyNight(practiceId, tomorrow, practice.timeZone);
  const ownAccount = asked.stripe ? [accountClaimed(practiceId, undefined), nights] : [];
  await practiceStore.open(practice, admin, ownAccount).catch(refuseTaken);
  console.log(
    `${asked.name} is founded as ${practiceId}. ${admin.email} may sign in and add services, clients and members.`,
  );
  return 0;
});
