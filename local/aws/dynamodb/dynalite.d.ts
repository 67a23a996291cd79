/**
 * The internal modules of dynalite 4.0.0 that the DynamoDB stand-in builds on; the package ships no types. Pinned exactly,
 * because nothing promises that they stay.
 */
declare module 'dynalite/db/index.js' {
  import type { Image, Keyed, Store, Table, TableIndex } from 'dynalite/types';

  interface IndexActions {
    readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Image }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  }
  const db: {
    create(options: { path?: string; createTableMs: number; updateTableMs: number; deleteTableMs: number }): Store;
    createKey(item: Image, table: Table): string;
    validateItem(item: Image, table: Table): Error | null | undefined;
    validateKey(key: Image, table: Table): Error | null | undefined;
    checkConditional(request: Keyed, existing: Image | undefined): Error | null | undefined;
    itemSize(item: Image): number;
    getIndexActions(
      indexes: readonly TableIndex[],
      existing: Image | undefined,
      item: Image | undefined,
      table: Table,
    ): IndexActions;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { RequestTypes, Store } from 'dynalite/types';

  const validations: {
    /** Throws an error with `statusCode` and `body` on a wrong type; drops fields it does not know. */
    checkTypes(request: object, types: RequestTypes): Record<string, unknown>;
    checkValidations(request: object, types: RequestTypes, custom: unknown, store: Store): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  import type { RequestTypes } from 'dynalite/types';

  const validation: { readonly types: RequestTypes; readonly custom?: unknown };
  export default validation;
}

declare module 'dynalite/actions/*' {
  import type { Callback, Store } from 'dynalite/types';

  const action: (store: Store, request: object, callback: Callback<Record<string, unknown>>) => void;
  export default action;
}

declare module 'dynalite/types' {
  export type Callback<T> = (error: Error | null | undefined, result?: T) => void;
  export type RequestTypes = Readonly<Record<string, unknown>>;

  /** One value in wire form: `{ S: 'text' }`, `{ N: '1' }`, … */
  export type Value = Readonly<Record<string, unknown>>;
  export type Image = Readonly<Record<string, Value>>;

  export interface KeyPart {
    readonly AttributeName: string;
    readonly KeyType: string;
  }

  export interface TableIndex {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyPart[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
    readonly IndexStatus?: string;
  }

  export interface AttributeDefinition {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }

  export interface Table {
    readonly TableName: string;
    readonly TableArn: string;
    readonly TableStatus: string;
    readonly KeySchema: readonly KeyPart[];
    readonly AttributeDefinitions: readonly AttributeDefinition[];
    readonly GlobalSecondaryIndexes?: readonly TableIndex[];
    readonly LocalSecondaryIndexes?: readonly TableIndex[];
  }

  /** A request that names one item. */
  export type Keyed = Readonly<Record<string, unknown>> & {
    readonly TableName: string;
    readonly Item?: Image;
    readonly Key?: Image;
  };

  export type BatchOperation =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string };

  export interface LevelRange {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }

  /** The LevelDB below all tables: one batch of it is applied whole or not at all, whatever kills the process. */
  export interface Level {
    open(): Promise<void>;
    get(key: string): Promise<unknown>;
    batch(operations: readonly BatchOperation[]): Promise<void>;
    iterator(range: LevelRange): AsyncIterable<[string, unknown]>;
    close(): Promise<void>;
  }

  export interface SubDb {
    get(key: string, callback: Callback<unknown>): void;
    put(key: string, value: unknown, callback: Callback<void>): void;
    del(key: string, callback: Callback<void>): void;
    lock(key: string, run: (release: <C>(callback: C) => C) => void): void;
  }

  export interface Store {
    readonly db: Level;
    readonly tableDb: SubDb & { awsAccountId: string; awsRegion: string };
    getItemDb(table: string): SubDb;
    getIndexDb(kind: string, table: string, index: string): SubDb;
    getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void;
  }
}
