import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createEngine, type Engine } from '../../../local/aws/dynamodb/engine';
import type { MemoryLevel } from '../../../local/aws/dynamodb/memoryLevel';
import { answerOf, type Json, ServiceError } from '../../../local/aws/jsonService';
import type { Fault, FaultBook } from '../../../local/parts';
import { useDocumentClient } from '../../../shared/store/kernel';
import { sqsQueues, type WorkQueues, workQueues } from '../../../shared/work/queues';
import { directDocuments, operationOf } from '../../fixtures/directDocuments';
import { TABLE, tableDefinition } from '../../fixtures/store';
import { Life } from './life';
import type { Queues } from './queues';
import { time } from './time';
import type { Call, Service, Wire } from './wire';

/** The one fault that the next call at a stand-in suffers. */
export class NextFault implements FaultBook {
  #fault: Fault | undefined;

  /** The stand-ins ask for it as soon as they are called. */
  under<T>(fault: Fault, call: () => Promise<T>): Promise<T> {
    this.#fault = fault;
    try {
      return call();
    } finally {
      this.#fault = undefined;
    }
  }
  next(): Fault | undefined {
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }
}

/** What the SDKs' clients of a file speak to: the services of the schedule that runs now. */
export interface Services {
  readonly wire: Wire;
  readonly engine: Engine;
  readonly faults: NextFault;
  readonly queues: Queues;
}

let services: Services | undefined;
const now = (): Services => {
  if (!services) throw new Error('no schedule runs');
  return services;
};
export const useServices = (next: Services): void => {
  services = next;
};

type AwsService = Extract<Service, 'dynamodb' | 'sqs'>;
const perform: Readonly<Record<AwsService, (operation: string, input: Json) => Promise<Json>>> = {
  dynamodb: (operation, input) => now().engine.handle(operation, input),
  sqs: (operation, input) => now().queues.handle(operation, input),
};

/** The call that an SDK is busy with, for its request handler. */
const busy = new AsyncLocalStorage<{ readonly call: Call; readonly life: Life }>();

/**
 * Makes one call. What nothing befalls takes a short way to the service, since the SDK would be most of its time; any other
 * goes through the SDK, with its repeats and its errors.
 */
function callAws<T>(
  sending: { readonly service: AwsService; readonly operation: string; readonly reads: boolean },
  ways: { readonly short: () => Promise<T>; readonly bySdk: () => Promise<T> },
): Promise<T> {
  const life = Life.current();
  if (!life) return ways.short();
  return life.call(() => {
    const { wire } = now();
    const call = wire.begin(sending, life);
    return call.fault ? busy.run({ call, life }, ways.bySdk) : life.underWay(ways.short());
  });
}

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
interface WireResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The kernel's client waits three seconds; the queues' client as long here. */
const patience = 3_000;

const textOf = (body: unknown): string => (body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body));

function response(status: number, body: string | Uint8Array | undefined): { response: WireResponse } {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode: status, headers, body: Buffer.from(body ?? '') } };
}

/** The way of an SDK to its service, through whatever befalls the call. */
const requestHandler = (service: AwsService) => ({
  handle({ headers, body }: WireRequest) {
    const made = busy.getStore();
    if (!made) throw new Error('an SDK calls, and nobody made it');
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const answer = () =>
      perform[service](operation, JSON.parse(textOf(body)) as Json).then(
        output => response(200, JSON.stringify(output)),
        (error: unknown) => {
          const refused = answerOf({ version: '1.0', handle: perform[service], throttled: unused }, error);
          return response(refused.status, refused.body);
        },
      );
    const { wire, faults } = now();
    return wire.befall(made.life, made.call, {
      patience,
      pass: answer,
      throttle: () => faults.under({ service, when: 'before', error: 'throttle' }, answer),
      break: when => faults.under({ service, when, error: '500' }, answer),
    });
  },
});

const unused = (operation: string) => new ServiceError('ThrottlingException', operation);

/**
 * As the SDK's own standard way of repeating, four attempts, but without its bucket of tokens, which would carry over from
 * one schedule to the next.
 */
const attempt = (count: number) => ({
  getRetryCount: () => count,
  getRetryDelay: () => (count === 0 ? 0 : 50 * 2 ** count),
});
const retryStrategy: NonNullable<DynamoDBClientConfig['retryStrategy']> = {
  acquireInitialRetryToken: async () => attempt(0),
  refreshRetryTokenForRetry: async (token, { errorType }) => {
    if (errorType === 'CLIENT_ERROR' || token.getRetryCount() >= 3) throw new Error('repeated often enough');
    return attempt(token.getRetryCount() + 1);
  },
  recordSuccess: () => undefined,
};

const common = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  retryStrategy,
  // Nobody checks signatures here, and they would be a third of a call's time.
  signer: { sign: async <T>(request: T) => request },
};

/** Makes the store and the queues of this file speak to the services of whichever schedule runs. */
export function connectClients(): WorkQueues {
  useDocumentClient(documents());
  const client = new SQSClient({
    ...common,
    endpoint: 'http://sqs.test',
    requestHandler: requestHandler('sqs') as never,
  });
  const bySdk = sqsQueues({ client, url: queue => `http://sqs.test/${queue}` });
  const sending = { service: 'sqs', operation: 'SendMessageBatch', reads: false } as const;
  const queues: WorkQueues = {
    send: (queue, messages) =>
      callAws(sending, {
        short: async () =>
          now().queues.take(
            queue,
            messages.map(message => JSON.stringify(message)),
          ),
        bySdk: () => bySdk.send(queue, messages),
      }),
  };
  // Workers that are declared with the deployed queues.
  jest.spyOn(workQueues, 'send').mockImplementation(queues.send);
  return queues;
}

function documents(): DynamoDBDocumentClient {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      ...common,
      endpoint: 'http://dynamodb.test',
      requestHandler: requestHandler('dynamodb') as never,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const bySdk = client.send.bind(client);
  const send = (command: { readonly input: object }) => {
    const operation = operationOf(command);
    const sending = { service: 'dynamodb', operation, reads: readingOperations.includes(operation) } as const;
    return callAws<unknown>(sending, {
      short: () => directDocuments(now().engine).send(command as never),
      bySdk: () => bySdk(command as never),
    });
  };
  return Object.assign(client, { send });
}

const readingOperations = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

/** The table, empty or as it was. One shard of due work, so that a look at it is one call. */
export async function openEngine(faults: NextFault, contents?: MemoryLevel): Promise<Engine> {
  process.env.TABLE_NAME = TABLE;
  process.env.DUE_SHARDS = '1';
  const engine = await createEngine({ clock: time, faults, ...(contents ? { contents } : {}) });
  if (!contents) await engine.handle('CreateTable', { ...tableDefinition });
  return engine;
}
