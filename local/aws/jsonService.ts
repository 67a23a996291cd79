import { randomUUID } from 'node:crypto';
import type { FaultService, Part, PartOptions } from '../parts';
import { AccessDenied } from '../parts';
import { accessKeyIdOf } from './credentials';
import { suffer } from './faulty';
import { type Answer, type Call, listen } from './loopback';

/** What a JSON service answers instead of a result. */
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = type;
  }
}

export type Json = Record<string, unknown>;

export interface JsonService {
  /** 1.0 for DynamoDB and SQS, 1.1 for Secrets Manager and Cognito. */
  readonly version: '1.0' | '1.1';
  /** Absent: no faults are kept for this service. */
  readonly faultService?: FaultService;
  handle(operation: string, input: Json, accessKeyId: string): Promise<Json>;
  throttled(operation: string): ServiceError;
}

export function answerOf(service: JsonService, error: unknown): Answer {
  if (error instanceof ServiceError) return refusal(service, error);
  if (error instanceof AccessDenied) return refusal(service, new ServiceError('AccessDeniedException', error.message));
  throw error;
}

function refusal(service: JsonService, error: ServiceError): Answer {
  return jsonAnswer(service, error.status, { __type: error.type, message: error.message, ...error.more });
}

function jsonAnswer(service: JsonService, status: number, body: Json): Answer {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${service.version}`, 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(body),
  };
}

const internalError = () => new ServiceError('InternalServerError', 'We encountered an internal error.', 500);

async function answerCall(service: JsonService, options: PartOptions, call: Call): Promise<Answer> {
  const operation = String(call.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  const accessKeyId = accessKeyIdOf(call);
  try {
    if (accessKeyId === undefined)
      throw new ServiceError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
    const input = JSON.parse(call.body.toString() || '{}') as Json;
    const run = () => service.handle(operation, input, accessKeyId);
    if (service.faultService === undefined) return jsonAnswer(service, 200, await run());
    const error = (kind: 'throttle' | '500') => (kind === 'throttle' ? service.throttled(operation) : internalError());
    const faulty = { service: service.faultService, operation, accessKeyId, error };
    return jsonAnswer(service, 200, await suffer(options, faulty, run));
  } catch (error) {
    return answerOf(service, error);
  }
}

/** Serves a service that speaks AWS's JSON protocol: the operation in `X-Amz-Target`, the rest in the body. */
export function serveJson(service: JsonService, options: PartOptions): Promise<Part> {
  return listen(options, call => answerCall(service, options, call));
}
