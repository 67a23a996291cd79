import type { AccessCheck } from '../../parts';
import { indexArn, tableArn } from '../arns';
import type { Json } from '../jsonService';
import { validationError } from './wire';

/** What a transaction's parts are called in a policy: AWS asks for the single actions, none is called `TransactWriteItems`. */
const transactionActions = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
} as const;

export type TransactionPart = keyof typeof transactionActions;

export interface TransactionEntry {
  readonly part: TransactionPart;
  readonly request: Json & { readonly TableName: string };
}

/** The parts of `TransactItems`, each with its one kind. */
export function transactionEntries(input: Json): TransactionEntry[] {
  const items = input.TransactItems;
  if (!Array.isArray(items) || items.length === 0 || items.length > 100)
    throw validationError(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
  return items.map((item: Json) => {
    const [part, ...more] = Object.keys(item);
    const request = part === undefined ? undefined : (item[part] as TransactionEntry['request'] | undefined);
    if (part === undefined || more.length > 0 || !Object.hasOwn(transactionActions, part) || request === undefined)
      throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    return { part: part as TransactionPart, request };
  });
}

interface Touched {
  readonly action: string;
  readonly table: string | undefined;
  readonly resource: string;
}

function touches(operation: string, input: Json): Touched[] {
  const on = (action: string, table: string): Touched => ({
    action: `dynamodb:${action}`,
    table,
    resource: tableArn(table),
  });
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems')
    return transactionEntries(input).map(({ part, request }) => on(transactionActions[part], request.TableName));
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem')
    return Object.keys((input.RequestItems as Json | undefined) ?? {}).map(table => on(operation, table));
  if (typeof input.ResourceArn === 'string')
    return [{ action: `dynamodb:${operation}`, table: undefined, resource: input.ResourceArn }];
  if (typeof input.TableName !== 'string')
    return [{ action: `dynamodb:${operation}`, table: undefined, resource: tableArn('*') }];
  const touched = on(operation, input.TableName);
  if (typeof input.IndexName !== 'string') return [touched];
  return [{ ...touched, resource: indexArn(input.TableName, input.IndexName) }];
}

/** Throws `AccessDenied` unless the caller may do all that a call does; a table with a key of its own also asks for the key. */
export function checkRights(
  check: AccessCheck,
  call: { operation: string; input: Json; accessKeyId: string },
  kmsKeyOf: (table: string) => string | undefined,
): void {
  const asked = new Set<string>();
  const once = (action: string, resource: string) => {
    if (asked.has(`${action} ${resource}`)) return;
    asked.add(`${action} ${resource}`);
    check(call.accessKeyId, action, resource);
  };
  for (const { action, table, resource } of touches(call.operation, call.input)) {
    once(action, resource);
    const key = table === undefined ? undefined : kmsKeyOf(table);
    if (key !== undefined) once('kms:Decrypt', key);
  }
}
