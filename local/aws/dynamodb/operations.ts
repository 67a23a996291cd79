import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import tagResource from 'dynalite/actions/tagResource.js';
import untagResource from 'dynalite/actions/untagResource.js';
import updateItem from 'dynalite/actions/updateItem.js';
import updateTable from 'dynalite/actions/updateTable.js';
import type { Store } from 'dynalite/types';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import deleteTableRules from 'dynalite/validations/deleteTable.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import listTagsOfResourceRules from 'dynalite/validations/listTagsOfResource.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import tagResourceRules from 'dynalite/validations/tagResource.js';
import untagResourceRules from 'dynalite/validations/untagResource.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import updateTableRules from 'dynalite/validations/updateTable.js';
import type { Json } from '../jsonService';
import { asServiceError } from './wire';

const operations = {
  BatchGetItem: { perform: batchGetItem, rules: batchGetItemRules },
  BatchWriteItem: { perform: batchWriteItem, rules: batchWriteItemRules },
  CreateTable: { perform: createTable, rules: createTableRules },
  DeleteItem: { perform: deleteItem, rules: deleteItemRules },
  DeleteTable: { perform: deleteTable, rules: deleteTableRules },
  DescribeTable: { perform: describeTable, rules: describeTableRules },
  GetItem: { perform: getItem, rules: getItemRules },
  ListTables: { perform: listTables, rules: listTablesRules },
  ListTagsOfResource: { perform: listTagsOfResource, rules: listTagsOfResourceRules },
  PutItem: { perform: putItem, rules: putItemRules },
  Query: { perform: query, rules: queryRules },
  Scan: { perform: scan, rules: scanRules },
  TagResource: { perform: tagResource, rules: tagResourceRules },
  UntagResource: { perform: untagResource, rules: untagResourceRules },
  UpdateItem: { perform: updateItem, rules: updateItemRules },
  UpdateTable: { perform: updateTable, rules: updateTableRules },
};

export type DynaliteOperation = keyof typeof operations;

export const isDynaliteOperation = (name: string): name is DynaliteOperation => Object.hasOwn(operations, name);

/** Checks a request as DynamoDB does before it looks at any table, and gives what `perform` takes. Changes its argument. */
export function checkRequest(operation: DynaliteOperation, input: Json, store: Store): Json {
  const { rules } = operations[operation];
  try {
    const request = validations.checkTypes(input, rules.types);
    validations.checkValidations(request, rules.types, rules.custom, store);
    return request;
  } catch (error) {
    throw asServiceError(error);
  }
}

export function perform(operation: DynaliteOperation, store: Store, request: Json): Promise<Json> {
  return new Promise((resolve, reject) => {
    operations[operation].perform(store, request, (error, result) =>
      // Tagging answers '' where JSON wants an object.
      error ? reject(asServiceError(error)) : resolve(result || {}),
    );
  });
}
