import * as z from 'zod';
import { type Door, isLoopbackHost, jsonAnswer, type WebAnswer, type WebRequest } from '../gateway/exchange';
import { FunctionError } from '../lambda/environment';
import type { Fault } from '../parts';
import type { Cloud } from './cloud';
import { NoSuchUser } from './cloudOf';

/** What a caller of `/_local` did wrong, told as `{ message }`. */
class Mistake extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'Mistake';
  }
}

const token = z.strictObject({ email: z.string() });
const clock = z.union([
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceMinutes: z.number().nonnegative() }),
]);
const invocation = z.strictObject({ function: z.string(), event: z.unknown().optional() });
const fault = z.strictObject({
  service: z.enum(['stripe', 'dynamodb', 's3', 'ses', 'sqs']),
  operation: z.string().optional(),
  when: z.enum(['before', 'after']),
  error: z.enum(['timeout', 'throttle', '500', 'crash']),
  skip: z.number().int().nonnegative().optional(),
  times: z.number().int().positive().optional(),
});

function read<S extends z.ZodType>(schema: S, { body }: WebRequest): z.output<S> {
  let given: unknown;
  try {
    given = JSON.parse(body.toString() || '{}');
  } catch {
    throw new Mistake(400, 'The body is not JSON.');
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Mistake(422, z.prettifyError(parsed.error));
  return parsed.data;
}

const done: WebAnswer = { status: 204, headers: {}, body: '' };

type Endpoint = (cloud: Cloud, request: WebRequest) => Promise<WebAnswer>;

const endpoints: Readonly<Record<string, Endpoint>> = {
  'GET /_local': async cloud => {
    // `environment` is what the programs of `tools/` set to reach the table and the sign-in, as in a deployed system.
    const { urls, practices, users, environment } = cloud;
    return jsonAnswer(200, { urls, now: new Date(cloud.now()).toISOString(), practices, users, environment });
  },
  'POST /_local/token': async (cloud, request) => {
    const accessToken = await cloud.token(read(token, request).email).catch((error: unknown) => {
      throw error instanceof NoSuchUser ? new Mistake(404, error.message) : error;
    });
    const { exp } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
    return jsonAnswer(200, { accessToken, expiresAt: new Date(exp * 1000).toISOString() });
  },
  'GET /_local/clock': async cloud => jsonAnswer(200, { now: new Date(cloud.now()).toISOString() }),
  'POST /_local/clock': async (cloud, request) => {
    const step = read(clock, request);
    if ('to' in step && Date.parse(step.to) < cloud.now()) throw new Mistake(422, 'The clock only moves forward.');
    return jsonAnswer(200, await cloud.advance('to' in step ? step : { minutes: step.advanceMinutes }));
  },
  'GET /_local/mail': async cloud => jsonAnswer(200, await cloud.mail()),
  'DELETE /_local/mail': async cloud => {
    await cloud.clearMail();
    return done;
  },
  'POST /_local/faults': async (cloud, request) => {
    cloud.setFault(read(fault, request) as Fault);
    return done;
  },
  'DELETE /_local/faults': async cloud => {
    cloud.clearFaults();
    return done;
  },
  'POST /_local/invoke': async (cloud, request) => {
    const { function: called, event } = read(invocation, request);
    try {
      return jsonAnswer(200, { result: await cloud.invoke(called, event) });
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      if (error.errorType === 'ResourceNotFoundException') throw new Mistake(404, error.message);
      const { errorType, message: errorMessage, trace } = error;
      return jsonAnswer(502, { message: errorMessage, error: { errorType, errorMessage, trace } });
    }
  },
  'POST /_local/settle': async cloud => {
    await cloud.settle();
    return done;
  },
  'GET /_local/queues': async cloud => jsonAnswer(200, cloud.queueDepths()),
};

/** A page of another origin could post here without asking; its Origin header tells. */
function isForeign({ headers: { origin } }: WebRequest): boolean {
  if (origin === undefined) return false;
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  return !isLoopbackHost(host);
}

/** What only the machine's owner may do, and only here: never deployed. */
export function localApi(cloud: Cloud): Door {
  return async request => {
    if (isForeign(request)) return jsonAnswer(403, { message: 'Only this machine may ask.' });
    const endpoint = endpoints[`${request.method} ${request.rawPath.replace(/\/$/, '')}`];
    if (endpoint === undefined) return jsonAnswer(404, { message: 'There is no such endpoint under /_local.' });
    try {
      return await endpoint(cloud, request);
    } catch (error) {
      if (error instanceof Mistake) return jsonAnswer(error.status, { message: error.message });
      throw error;
    }
  };
}
