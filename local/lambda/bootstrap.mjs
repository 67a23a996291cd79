// What runs inside a function's environment (a worker thread) before the function: the moved time, who calls Stripe, and
// the loop of invocations. Plain JavaScript, since a worker loads it from its file.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';

const { clockCell, entryFile, handlerName, callerHeader, accessKeyId } = workerData;
const offset = new BigInt64Array(clockCell);
const RealDate = Date;
const realNow = RealDate.now;
const movedNow = () => realNow() + Number(Atomics.load(offset, 0));

/** Only `Date` moves: timers, `performance` and sockets go on in real time. */
function MovedDate(...parts) {
  if (!new.target) return new RealDate(movedNow()).toString();
  const target = new.target === MovedDate ? RealDate : new.target;
  return Reflect.construct(RealDate, parts.length === 0 ? [movedNow()] : parts, target);
}
Object.defineProperty(MovedDate, 'name', { value: 'Date' });
Object.defineProperty(MovedDate, 'length', { value: 7 });
MovedDate.now = movedNow;
MovedDate.parse = RealDate.parse;
MovedDate.UTC = RealDate.UTC;
MovedDate.prototype = RealDate.prototype;
Object.defineProperty(RealDate.prototype, 'constructor', { value: MovedDate, writable: true, configurable: true });
globalThis.Date = MovedDate;

/** Stripe's calls carry Stripe's key and not the function's; a stand-in on this machine learns here whose call it is. */
const http = createRequire(import.meta.url)('node:http');
const { request } = http;
http.request = (...given) => {
  const made = request(...given);
  if (/^(127\.0\.0\.1|localhost)$/.test(made.host) && !made.headersSent) made.setHeader(callerHeader, accessKeyId);
  return made;
};
syncBuiltinESMExports();

const loading = import(pathToFileURL(entryFile).href);
// That it failed is told to the host by the first invocation, which waits for it.
loading.then(
  () => parentPort.postMessage({ loaded: true, memoryBytes: memoryBytes() }),
  () => undefined,
);

const contextOf = ({ requestId, timeoutMs, functionName, functionArn, memoryMb }) => {
  const endsAt = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  };
};

/** What this thread's heap has taken, garbage included, and what hangs on it outside. */
const memoryBytes = () => {
  const { total_heap_size, malloced_memory, external_memory } = getHeapStatistics();
  return total_heap_size + malloced_memory + external_memory;
};

const described = error => ({
  errorType: error?.name ?? 'Error',
  errorMessage: String(error?.message ?? error),
  trace: String(error?.stack ?? '').split('\n'),
});

parentPort.on('message', async call => {
  try {
    const handler = (await loading)[handlerName];
    if (typeof handler !== 'function') throw new Error(`${entryFile} exports no function ${handlerName}`);
    const result = await handler(JSON.parse(call.event), contextOf(call));
    // As text, because Lambda speaks JSON: an undefined or a Date must come out as it would there.
    parentPort.postMessage({ result: JSON.stringify(result) ?? 'null', memoryBytes: memoryBytes() });
  } catch (error) {
    parentPort.postMessage({ error: described(error), memoryBytes: memoryBytes() });
  }
});
