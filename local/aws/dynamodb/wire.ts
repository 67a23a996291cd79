import type { Image, Table } from 'dynalite/types';
import { type Json, ServiceError } from '../jsonService';

const TYPE = 'com.amazonaws.dynamodb.v20120810#';

export const dynamoError = (name: string, message: string, more: Json = {}, status = 400) =>
  new ServiceError(TYPE + name, message, status, more);

export const validationError = (message: string) =>
  new ServiceError('com.amazon.coral.validate#ValidationException', message);

/** dynalite's errors carry the whole answer: `statusCode` and `body`. */
export function asServiceError(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error) || !('statusCode' in error)) return error;
  const { __type, message, ...more } = error.body as { __type: string; message?: string };
  return new ServiceError(__type, message ?? error.message, Number(error.statusCode), more);
}

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Image;
}

export const cancelled = (reasons: readonly CancellationReason[]) =>
  dynamoError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(reason => reason.Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );

export const throttled = () =>
  dynamoError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded.',
  );

/** The key attributes of a table, out of an item or a key. */
export function keyOf(table: Table, image: Image): Image {
  return Object.fromEntries(
    table.KeySchema.flatMap(({ AttributeName: name }) => {
      const value = image[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
