import db from 'dynalite/db/index.js';
import type { Keyed, Table } from 'dynalite/types';
import type { Json } from '../jsonService';
import { ServiceError } from '../jsonService';
import { consumedByTable, writeUnits } from './capacity';
import { checkRequest, perform } from './operations';
import type { ItemChange, StagedWrites } from './stagedWrites';
import { keyOf, validationError } from './wire';

export type WriteOperation = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem';

const writeOperations = new Set<string>(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

export const isWrite = (operation: string): operation is WriteOperation => writeOperations.has(operation);

/** dynalite lets an empty or wrongly typed index key through where DynamoDB refuses the write. */
export function checkIndexKeys({ table, after }: ItemChange): void {
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    for (const { AttributeName: name } of index.KeySchema) {
      const value = after?.[name];
      if (value === undefined) continue;
      const type = table.AttributeDefinitions.find(attribute => attribute.AttributeName === name)?.AttributeType ?? 'S';
      if (value[type] === undefined)
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${Object.keys(value)[0]} IndexName: ${index.IndexName}`,
        );
      if (value[type] === '')
        throw validationError(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.IndexName}, IndexKey: ${name}`,
        );
    }
  }
}

async function withOldItem(
  error: ServiceError,
  input: Keyed,
  table: Table,
  staged: StagedWrites,
): Promise<ServiceError> {
  const key = db.createKey(keyOf(table, input.Item ?? input.Key ?? {}), table);
  const old = await staged.before(input.TableName, key);
  return old === undefined ? error : new ServiceError(error.type, error.message, error.status, { Item: old });
}

/** One write outside a transaction: an item with its index entries, or a batch, committed as one. */
export async function write(
  operation: WriteOperation,
  input: Json,
  staged: StagedWrites,
  loadTable: (name: string) => Promise<Table>,
): Promise<Json> {
  const wantsOld = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const request = checkRequest(operation, input, staged.view);
  try {
    const answer = await perform(operation, staged.view, request);
    for (const change of staged.changes) checkIndexKeys(change);
    await staged.commit();
    const capacity = consumedByTable(request.ReturnConsumedCapacity, () =>
      staged.changes.map(change => ({ table: change.table.TableName, units: writeUnits(change, 1) })),
    );
    if (capacity.length > 0) answer.ConsumedCapacity = operation === 'BatchWriteItem' ? capacity : capacity[0];
    return answer;
  } catch (error) {
    if (!wantsOld || !(error instanceof ServiceError) || !error.type.endsWith('#ConditionalCheckFailedException'))
      throw error;
    const keyed = request as Keyed;
    throw await withOldItem(error, keyed, await loadTable(keyed.TableName), staged);
  }
}
