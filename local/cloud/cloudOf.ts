import path from 'node:path';
import { functionOfAccessKey, type LambdaServer } from '../lambda/lambdaServer';
import type { MovedClock } from '../schedule/movedClock';
import type { Closing } from './closing';
import type { Cloud, Urls } from './cloud';
import type { PlannedFaults } from './faultBook';
import type { FunctionLog } from './functionLog';
import type { Identity } from './identity';
import type { Addresses } from './ports';
import { RequestCounter } from './requestCounter';
import type { StandIns } from './standIns';
import type { Work } from './work';

export interface CloudParts {
  readonly addresses: Addresses;
  readonly clock: MovedClock;
  readonly closing: Closing;
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: PlannedFaults;
  readonly folder: string | undefined;
  readonly identity: Identity;
  readonly issuer: string;
  readonly lambda: LambdaServer;
  readonly log: FunctionLog;
  readonly standIns: StandIns;
  readonly work: Work;
}

/** A token that tests keep for months of moved time. */
const TOKEN_YEARS_MS = 100 * 366 * 86_400_000;

export class NoSuchUser extends Error {
  constructor(email: string) {
    super(`${email} may not sign in here`);
    this.name = 'NoSuchUser';
  }
}

function urlsOf({ portal, mail, stripe, dynamodb, s3, signIn, gateway }: Addresses): Urls {
  const under = (path: string) => `${portal}/${path}`;
  return {
    portal,
    client: under('client'),
    pay: under('pay'),
    api: under('api'),
    mail,
    stripe,
    dynamodb,
    s3,
    signIn,
    gateway,
  };
}

/** The running system as its owner, tests and seeds hold it. */
export function cloudOf(parts: CloudParts): Cloud {
  const { clock, faults, lambda, standIns } = parts;
  const { people, signIn, users } = parts.identity;
  const { settle, timekeeper } = parts.work;
  const counter = new RequestCounter(standIns.dynamodb.engine, key => callerOf(lambda, key));
  return {
    urls: urlsOf(parts.addresses),
    issuer: parts.issuer,
    folder: parts.folder,
    environment: parts.environment,
    stripe: standIns.stripe,
    now: () => clock.now(),
    advance: step =>
      timekeeper.advance('to' in step ? new Date(step.to).getTime() : clock.now() + step.minutes * 60_000),
    setFault: fault => faults.add(fault),
    clearFaults: () => faults.clear(),
    token: async email => {
      const user = users.find(email);
      if (!user?.enabled) throw new NoSuchUser(email);
      return signIn.accessToken(user, clock.now() + TOKEN_YEARS_MS);
    },
    mail: async () => standIns.ses.mailbox.list(),
    clearMail: async () => standIns.ses.mailbox.clear(),
    invoke: (functionName, event) => lambda.invoke(functionName, event),
    mostMemoryBytes: functionName => lambda.mostMemoryBytes(functionName),
    settle,
    get practices() {
      return people.registered.practices;
    },
    get users() {
      return people.registered.users;
    },
    register: (practice, members) => people.register(practice, members),
    subjectOf: email => users.create(email).sub,
    startCounting: () => counter.start(),
    stopCounting: () => counter.stop(),
    get dynamodbRequests() {
      return counter.requests;
    },
    queueDepths: () => {
      const { queues } = standIns.sqs;
      return Object.fromEntries(queues.names().map(name => [name, queues.depth(name)]));
    },
    logs: () => parts.log.recent(),
    close: parts.closing.run,
  };
}

/** `createBill` for its functions' keys. */
function callerOf(lambda: LambdaServer, accessKeyId: string): string {
  const spec = lambda.find(functionOfAccessKey(accessKeyId));
  return spec === undefined ? accessKeyId : path.parse(spec.entryFile).name;
}
