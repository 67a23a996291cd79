import type { CaughtMail } from '../aws/ses/mailbox';
import type { QueueDepth } from '../aws/sqs/queues';
import type { Fault } from '../parts';
import type { Fired } from '../schedule/timekeeper';
import type { StripePart } from '../stripe/server';
import type { LocalPractice, LocalUser } from './people';
import type { CountedRequest } from './requestCounter';

export interface CloudOptions {
  /** 0 takes free ones; else this and the ones after it. */
  readonly port: number;
  /** Where the state lives; absent: in memory, gone when it ends. */
  readonly folder?: string;
  /** Where the clock of a new folder begins; an older one is moved forward to it. */
  readonly clock?: string | number;
  /** A synthesised assembly; absent: this repository's, built when needed. */
  readonly assembly?: { readonly folder: string; readonly site?: string };
  /** Environments of one function at the same time. */
  readonly environmentsPerFunction?: number;
  readonly seed?: 'demo' | 'none';
  /** Called as each step of the start begins. */
  readonly progress?: (step: string) => void;
}

export interface Urls {
  readonly portal: string;
  readonly client: string;
  readonly pay: string;
  readonly api: string;
  readonly mail: string;
  readonly stripe: string;
  readonly dynamodb: string;
  readonly s3: string;
  readonly signIn: string;
  /** The API's own address, past CloudFront; for tests of what stands there. */
  readonly gateway: string;
}

/** The running one-machine cloud. */
export interface Cloud {
  readonly urls: Urls;
  /** The issuer that tokens name. */
  readonly issuer: string;
  readonly folder: string | undefined;
  now(): number;
  /** Forward; every schedule due on the way fires in order, and what follows is done. */
  advance(
    step: { readonly minutes: number } | { readonly to: string | number },
  ): Promise<{ now: string; fired: Fired[] }>;
  setFault(fault: Fault): void;
  clearFaults(): void;
  /** An access token for a user who may sign in; holds for the life of the data folder. */
  token(email: string): Promise<string>;
  /** Newest first. */
  mail(): Promise<readonly CaughtMail[]>;
  clearMail(): Promise<void>;
  /** One deployed function, by its name or the operation's; throws `FunctionError`. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** The most memory that any environment of this function held at the end of an invocation. */
  mostMemoryBytes(functionName: string): number;
  /** Resolves when queues and webhooks are empty and no function runs. */
  settle(): Promise<void>;
  readonly practices: readonly LocalPractice[];
  readonly users: readonly LocalUser[];
  /** Tells whom a seed put into the table, and lets them sign in; answers each e-mail's subject. */
  register(practice: LocalPractice, users: readonly LocalUser[]): void;
  /** The subject of a user's tokens; the user is made when new. */
  subjectOf(email: string): string;
  /** All functions' variables and the stand-ins' addresses, with the owner's key: what a store in process needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Counts what all functions, and others, ask of DynamoDB from now on. */
  startCounting(): void;
  stopCounting(): readonly CountedRequest[];
  readonly dynamodbRequests: readonly CountedRequest[];
  readonly stripe: StripePart;
  queueDepths(): Readonly<Record<string, QueueDepth>>;
  /** The functions' latest log lines. */
  logs(): readonly string[];
  close(): Promise<void>;
}
