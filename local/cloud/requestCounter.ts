import type { Engine } from '../aws/dynamodb/engine';
import type { Json } from '../aws/jsonService';

/** One request to DynamoDB: who made it, and what it consumed, indexes included. */
export interface CountedRequest {
  readonly operation: string;
  /** The function, by the name of its file, which is its operation's; another program by its access key. */
  readonly by: string;
  /** Refused ones are told with 0. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

const reads = new Set(['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan']);

interface Capacity {
  readonly CapacityUnits?: number;
}

/** One table's, or several tables' in a list. */
const unitsOf = ({ ConsumedCapacity }: Json): number =>
  ([ConsumedCapacity ?? []].flat() as readonly Capacity[]).reduce(
    (sum, { CapacityUnits = 0 }) => sum + CapacityUnits,
    0,
  );

/** Counts what is asked of DynamoDB between `start` and `stop`. */
export class RequestCounter {
  #requests: CountedRequest[] = [];
  #stop: (() => void) | undefined;

  constructor(
    private readonly engine: Pick<Engine, 'onRequest'>,
    private readonly callerOf: (accessKeyId: string) => string = accessKeyId => accessKeyId,
  ) {}

  get requests(): readonly CountedRequest[] {
    return this.#requests;
  }

  start(): void {
    this.#stop?.();
    this.#requests = [];
    this.#stop = this.engine.onRequest((operation, output, accessKeyId) => {
      const units = unitsOf(output);
      const [readUnits, writeUnits] = reads.has(operation) ? [units, 0] : [0, units];
      this.#requests.push({ operation, by: this.callerOf(accessKeyId), readUnits, writeUnits });
    });
  }

  stop(): readonly CountedRequest[] {
    this.#stop?.();
    this.#stop = undefined;
    return this.#requests;
  }
}
