import path from 'node:path';
import { httpApi } from '../gateway/httpApi';
import { readRoutes } from '../gateway/routes';
import { LambdaServer } from '../lambda/lambdaServer';
import type { AccessCheck } from '../parts';
import { MovedClock } from '../schedule/movedClock';
import { Closing } from './closing';
import type { Cloud, CloudOptions } from './cloud';
import { type CloudParts, cloudOf } from './cloudOf';
import { assemblyOf, deploy, endpointVariables, ownersEnvironment } from './deployed';
import { PlannedFaults } from './faultBook';
import { lockFolder } from './folderLock';
import { openFunctionLog } from './functionLog';
import { openIdentity, openUsers, type State } from './identity';
import { keptValue } from './keptValue';
import { openDoors } from './openDoors';
import { addressesOf, choosePorts } from './ports';
import { seedInto } from './seed';
import { settingsOf, startStandIns } from './standIns';
import { startWork } from './work';

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
  const lock = folder === undefined ? undefined : closing.add(lockFolder(folder));
  const state: State = name => keptValue(folder === undefined ? undefined : path.join(folder, 'cloud'), name);
  const clock = startClock(options, state);
  progress('Synthesising the template');
  const assembly = await assemblyOf(options);
  progress('Starting the services');
  const cloud = await startServices({ options, closing, state, clock, assembly });
  lock?.runsAt(cloud.urls.portal);
  if (options.seed === 'demo') {
    progress('Filling in the demo practices');
    await seedInto(cloud);
  }
  return cloud;
}

interface Beginning {
  readonly options: CloudOptions;
  readonly closing: Closing;
  readonly state: State;
  readonly clock: MovedClock;
  readonly assembly: { readonly folder: string; readonly site?: string };
}

async function startServices({ options, closing, state, clock, assembly }: Beginning): Promise<Cloud> {
  const { folder } = options;
  const ports = await choosePorts(options.port, state('ports'));
  const addresses = addressesOf(ports);
  const log = closing.add(openFunctionLog(folder));
  const faults = new PlannedFaults();
  // The parts ask for rights and crashes while functions, which come after them, are not yet there.
  const late: { checkAccess?: AccessCheck; lambda?: LambdaServer } = {};
  const checkAccess: AccessCheck = (...asked) => late.checkAccess?.(...asked);
  const crashCaller = (accessKeyId: string) => late.lambda?.crash(accessKeyId);
  const settings = settingsOf({ clock, faults, checkAccess, crashCaller }, ports, folder);
  const deployed = await deploy(assembly.folder, addresses, settings);
  const { template, functions, secrets, issuer } = deployed;
  closing.add(secrets);
  late.checkAccess = deployed.checkAccess;
  const users = openUsers(state);
  const webhookUrl = `${addresses.portal}/api/webhooks/stripe`;
  const standIns = await startStandIns({ template, settings, secrets, users, webhookUrl, closing });

  const lambda = closing.add(startLambda({ options, functions, clock, addresses, log }));
  late.lambda = lambda;
  const work = startWork({ deployed, standIns, lambda, clock, firedUpTo: state('firedUpTo'), closing });
  const identity = openIdentity(deployed, { users, clock, state });
  const environment = ownersEnvironment(functions, endpointVariables(addresses));
  const running: CloudParts = {
    ...{ addresses, clock, closing, environment, faults, folder, identity, issuer, lambda, log, standIns, work },
  };
  const cloud = cloudOf(running);
  const invoke = (called: string, event: unknown) => lambda.invoke(called, event);
  const apiId = template.all('AWS::ApiGatewayV2::Api')[0]?.ref ?? 'none';
  const api = httpApi({ apiId, routes: readRoutes(template), clock, invoke });
  await openDoors({ template, ports, site: assembly.site, api, signIn: identity.signIn, cloud, standIns, closing });
  return cloud;
}

function startLambda({
  options,
  functions,
  clock,
  addresses,
  log,
}: Pick<CloudParts, 'clock' | 'addresses' | 'log'> & {
  options: CloudOptions;
  functions: ConstructorParameters<typeof LambdaServer>[0]['functions'];
}): LambdaServer {
  const { environmentsPerFunction: perFunction } = options;
  return new LambdaServer({
    functions,
    clockCell: clock.cell,
    machineVariables: endpointVariables(addresses),
    log: log.add,
    ...(perFunction === undefined ? {} : { perFunction }),
  });
}

function startClock({ clock: asked }: CloudOptions, state: State): MovedClock {
  const kept = state<number>('clock');
  const isNew = kept.read() === undefined;
  const clock = new MovedClock(kept);
  const wanted = asked === undefined ? clock.now() : new Date(asked).getTime();
  if (Number.isNaN(wanted)) throw new BadInstant(String(asked));
  if (!isNew) clock.moveTo(wanted);
  else {
    clock.set(wanted);
    // What lies before the clock's first instant never was.
    state<number>('firedUpTo').write(wanted);
  }
  return clock;
}

export class BadInstant extends Error {
  constructor(given: string) {
    super(`CLOCK is not an instant: ${given}. Write it as 2026-03-01T09:00:00Z.`);
    this.name = 'BadInstant';
  }
}
