import path from 'node:path';
import { accessCheckOf } from '../access/accessCheck';
import { readRoles } from '../access/policies';
import type { PoolUser } from '../aws/cognito/server';
import { startSecrets } from '../aws/secrets/server';
import { httpApi } from '../gateway/httpApi';
import { readRoutes } from '../gateway/routes';
import { readEventRules, sendEvent } from '../lambda/eventRules';
import { Poller, readMappings } from '../lambda/eventSources';
import { type FunctionSpec, readFunctions } from '../lambda/functionSpec';
import { functionOfAccessKey, LambdaServer } from '../lambda/lambdaServer';
import type { AccessCheck } from '../parts';
import { MovedClock } from '../schedule/movedClock';
import { readSchedules } from '../schedule/schedules';
import { Timekeeper } from '../schedule/timekeeper';
import { readAppClients } from '../signin/appClients';
import { type Refresh, SignIn } from '../signin/signIn';
import { TokenSigner } from '../signin/tokens';
import { Users } from '../signin/users';
import { readAssembly } from '../template/assembly';
import { Template } from '../template/template';
import type { Cloud, CloudOptions } from './cloud';
import { cloudOf } from './cloudOf';
import { PlannedFaults } from './faultBook';
import { lockFolder } from './folderLock';
import { openFunctionLog } from './functionLog';
import { type KeptValue, keptValue } from './keptValue';
import { publishedFeedback } from './mailFeedback';
import { openDoors } from './openDoors';
import { People, type Registered } from './people';
import { type Addresses, addressesOf, choosePorts, localAddress } from './ports';
import { seedInto } from './seed';
import { settler } from './settle';
import { type StandIns, settingsOf, startStandIns } from './standIns';
import { freshSecrets, secretKeys } from './storage';

/** Everything that closes, last opened first. */
class Closing {
  readonly #steps: (() => unknown)[] = [];

  add<T>(what: T, close: (what: T) => unknown): T {
    this.#steps.push(() => close(what));
    return what;
  }

  readonly run = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) await step();
  };
}

/** Starts the one-machine cloud: what the template declares, and nothing else. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closing = new Closing();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function start(options: CloudOptions, closing: Closing): Promise<Cloud> {
  const { folder, progress = () => undefined } = options;
  const lock = folder === undefined ? undefined : closing.add(lockFolder(folder), held => held.release());
  const state = <T>(name: string): KeptValue<T> => keptValue(folder && path.join(folder, 'cloud'), name);
  const clock = startClock(options, state('clock'), state('firedUpTo'));
  progress('Synthesising the template');
  const { folder: assemblyFolder, site } = await assemblyOf(options);
  progress('Starting the services');
  const ports = await choosePorts(options.port, state('ports'));
  const addresses = addressesOf(ports);
  const log = closing.add(openFunctionLog(folder), each => each.close());
  const faults = new PlannedFaults();

  // Functions and secrets are only known once the template is read, which itself asks for secrets.
  const late: { secret?: (name: string) => string | undefined; check?: AccessCheck; lambda?: LambdaServer } = {};
  const shared = {
    clock,
    faults,
    checkAccess: (...asked: Parameters<AccessCheck>) => late.check?.(...asked),
    crashCaller: (accessKeyId: string) => late.lambda?.crash(accessKeyId),
  };
  const settings = settingsOf(shared, ports, folder);
  const template = new Template(readAssembly(assemblyFolder), {
    secret: (id, field) => secretValue(late.secret, id, field),
    address: localAddress(addresses),
  });
  const secrets = closing.add(
    await startSecrets({ ...settings('secrets'), secrets: freshSecrets(template), kmsKeyOf: secretKeys(template) }),
    part => part.close(),
  );
  late.secret = name => secrets.valueOf(name);
  const functions = readFunctions(template);
  const checkAccess = accessOf(template, functions);
  late.check = checkAccess;
  const users = new Users(state<readonly PoolUser[]>('users'));
  const webhookUrl = `${addresses.portal}/api/webhooks/stripe`;
  const standIns = await startStandIns({ template, settings, secrets, users, webhookUrl });
  for (const part of Object.values(standIns)) closing.add(part, each => each.close());

  const machineVariables = endpointVariables(addresses);
  const lambda = new LambdaServer({
    functions,
    clockCell: clock.cell,
    machineVariables,
    log: log.add,
    ...(options.environmentsPerFunction === undefined ? {} : { perFunction: options.environmentsPerFunction }),
  });
  late.lambda = closing.add(lambda, each => each.close());
  const invoke = (called: string, event: unknown) => lambda.invoke(called, event);
  const pollers = startPollers({ template, standIns, lambda, clock, checkAccess });
  for (const poller of pollers) closing.add(poller, each => each.close());
  const feedback = tellFeedback(template, standIns, invoke);
  const { settle, nextDue } = settler({ lambda, pollers, standIns, feedback });
  const schedules = readSchedules(template);
  const timekeeper = new Timekeeper({ clock, schedules, firedUpTo: state('firedUpTo'), invoke, settle, nextDue });
  closing.add(timekeeper, each => each.close());

  const people = new People(users, state<Registered>('people'));
  const issuer = issuerOf(functions, addresses);
  const clients = readAppClients(template);
  const signer = new TokenSigner(issuer, clock, state<string>('tokenKey'));
  const refreshTokens = state<Readonly<Record<string, Refresh>>>('refreshTokens');
  const about = (user: PoolUser) => people.about(user);
  const signIn = new SignIn({ issuer, clients, users, signer, clock, refreshTokens, about });
  const api = httpApi({ apiId: apiIdOf(template), routes: readRoutes(template), clock, invoke });
  const cloud = cloudOf({
    addresses, clock, closing: closing.run, environment: ownersEnvironment(functions, machineVariables), faults, folder,
    issuer, lambda, log, people, settle, signIn, standIns, timekeeper, users,
  });
  await openDoors({ template, ports, site, api, signIn, cloud, faults, standIns, keep: part => closing.add(part, each => each.close()) });
  lock?.runsAt(addresses.portal);
  if (options.seed === 'demo') {
    progress('Filling in the demo practices');
    await seedInto(cloud);
  }
  return cloud;
}

function startClock(options: CloudOptions, kept: KeptValue<number>, firedUpTo: KeptValue<number>): MovedClock {
  const isNew = kept.read() === undefined;
  const clock = new MovedClock(kept);
  const wanted = options.clock === undefined ? clock.now() : new Date(options.clock).getTime();
  if (Number.isNaN(wanted)) throw new Error(`CLOCK is not an instant: ${options.clock}. Write it as 2026-03-01T09:00:00Z.`);
  if (isNew) clock.set(wanted);
  else clock.moveTo(wanted);
  // What lies before the clock's first instant never was.
  if (isNew) firedUpTo.write(clock.now());
  return clock;
}

async function assemblyOf({ assembly }: CloudOptions): Promise<{ folder: string; site: string | undefined }> {
  if (assembly !== undefined) return { folder: assembly.folder, site: assembly.site };
  const { synthesise } = await import('../../infra/synthesise');
  const { folder, site } = await synthesise({ allowMissing: true, context: { dueShards: '4' } });
  return { folder, site };
}

/** A secret is named by its name or its ARN, which ends in a hyphen and six characters. */
function secretValue(valueOf: ((name: string) => string | undefined) | undefined, id: string, field?: string): string {
  const name = /:secret:(.+)-[^-]{6}$/.exec(id)?.[1] ?? id;
  const value = valueOf?.(name);
  if (value === undefined) throw new Error(`The template asks for the secret ${name}, which is not there`);
  if (field === undefined) return value;
  return String((JSON.parse(value) as Record<string, unknown>)[field] ?? '');
}

function accessOf(template: Template, functions: readonly FunctionSpec[]): AccessCheck {
  const roles = readRoles(template);
  const byName = new Map(functions.map(spec => [spec.name, spec]));
  return accessCheckOf(accessKeyId => {
    const spec = byName.get(functionOfAccessKey(accessKeyId));
    return spec && { arn: spec.roleArn, statements: roles.get(spec.roleArn) ?? [] };
  });
}

function endpointVariables(addresses: Addresses): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: addresses.dynamodb,
    AWS_ENDPOINT_URL_S3: addresses.s3,
    AWS_ENDPOINT_URL_SQS: addresses.sqs,
    AWS_ENDPOINT_URL_SESV2: addresses.ses,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: addresses.secrets,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: addresses.cognito,
  };
}

/** What all functions together are told, for programs of the owner beside them. */
const ownersEnvironment = (functions: readonly FunctionSpec[], machine: Readonly<Record<string, string>>) => ({
  ...Object.assign({}, ...functions.map(({ variables }) => variables)),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  ...machine,
});

/** Tokens carry the name that the functions are told to expect. */
function issuerOf(functions: readonly FunctionSpec[], addresses: Addresses): string {
  const named = functions.map(({ variables }) => variables.TOKEN_ISSUER).find(issuer => issuer !== undefined);
  return named ?? `${addresses.signIn}/local`;
}

function apiIdOf(template: Template): string {
  return template.all('AWS::ApiGatewayV2::Api')[0]?.ref ?? 'none';
}

function startPollers(from: {
  template: Template;
  standIns: StandIns;
  lambda: LambdaServer;
  clock: MovedClock;
  checkAccess: AccessCheck;
}): Poller[] {
  const { template, standIns, lambda, clock, checkAccess } = from;
  const { queues } = standIns.sqs;
  return readMappings(template, called => lambda.find(called)?.arn).map(
    mapping =>
      new Poller({
        mapping,
        queues,
        clock,
        invoke: (functionArn, event) => lambda.invoke(functionArn, event),
        demandRights: ({ functionArn, queueArn }) => {
          const accessKeyId = lambda.find(functionArn)?.name ?? '';
          for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
            checkAccess(accessKeyId, action, queueArn);
        },
      }),
  );
}

/** What SES tells goes over the event bus to the functions of its rules. */
function tellFeedback(
  template: Template,
  { ses }: StandIns,
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
): { told(): Promise<void> } {
  const rules = readEventRules(template);
  const isPublished = publishedFeedback(template);
  ses.onFeedback(event => (isPublished(event) ? sendEvent(rules, event, invoke) : undefined));
  return { told: () => ses.feedbackTold() };
}
