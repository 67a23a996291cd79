import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Json, ServiceError } from '../../../local/aws/jsonService';

/** A command of the document client. */
export interface DocumentCommand {
  readonly input: object;
}

const operations: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  BatchGetCommand: 'BatchGetItem',
  QueryCommand: 'Query',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  TransactWriteCommand: 'TransactWriteItems',
};

export function operationOf(command: DocumentCommand): string {
  const operation = operations[command.constructor.name];
  if (!operation) throw new Error(`no short way for ${command.constructor.name}`);
  return operation;
}

/** Which fields hold what the document client translates: a whole item, or a list of them. */
const itemFields = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey', 'Attributes', 'LastEvaluatedKey'];
const listFields = ['Items', 'Keys'];

type Translate = (item: never) => unknown;

function translated(value: unknown, item: Translate): unknown {
  if (Array.isArray(value)) return value.map(each => translated(each, item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
    if (field === undefined || name === 'CancellationReasons') return [name, field];
    if (itemFields.includes(name)) return [name, item(field as never)];
    if (listFields.includes(name)) return [name, (field as never[]).map(item)];
    // Answers of a batch: lists of items by table.
    if (name === 'Responses') return [name, mapped(field as Record<string, never[]>, items => items.map(item))];
    return [name, translated(field, item)];
  });
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

const mapped = <A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const toWire: Translate = (item: Record<string, unknown>) => marshall(item, { removeUndefinedValues: true });
const fromWire: Translate = (item: Parameters<typeof unmarshall>[0]) => unmarshall(item);

/** As the document client would, without what an SDK does around a call: the same wire form in, the same answer out. */
export async function sendShort(
  operation: string,
  { input }: DocumentCommand,
  perform: (operation: string, input: Json) => Promise<Json>,
): Promise<unknown> {
  try {
    return translated(await perform(operation, translated(input, toWire) as Json), fromWire);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw Object.assign(new Error(error.message), { name: plain(error.type), $fault: 'client', ...error.more });
  }
}

const plain = (type: string): string => type.split('#').at(-1) ?? type;
