import { Queues } from '../../../local/aws/sqs/queues';
import { matchesPattern, sendEvent } from '../../../local/lambda/eventRules';
import { type Mapping, Poller } from '../../../local/lambda/eventSources';
import { AccessDenied } from '../../../local/parts';

interface Records {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}

const mapping: Mapping = {
  queue: 'work',
  queueArn: 'arn:aws:sqs:us-east-1:123456789012:work',
  functionArn: 'worker',
  batchSize: 2,
  maxConcurrency: 2,
  reportsFailures: true,
};

function machine(answer: (event: Records) => unknown, more: Partial<Mapping> = {}, mostAtOnce = 5) {
  let offset = 0;
  const clock = { now: () => Date.now() + offset };
  const options = [
    { name: 'work', visibilityTimeoutSeconds: 60, maxReceiveCount: 2, deadLetterQueue: 'dead' },
    { name: 'dead' },
  ];
  const queues = new Queues(options, clock, undefined);
  const batches: string[][] = [];
  const invoke = async (_arn: string, event: unknown) => {
    const records = event as Records;
    batches.push(records.Records.map(({ body }) => body));
    return answer(records);
  };
  const demandRights = () => undefined;
  const poller = new Poller({ mapping: { ...mapping, ...more }, mostAtOnce, queues, invoke, demandRights });
  const advance = (seconds: number) => {
    offset += seconds * 1000;
  };
  return { queues, poller, batches, advance };
}

const send = (queues: Queues, ...bodies: string[]) => {
  for (const body of bodies) queues.send('work', { body });
};

describe('a queue’s messages', () => {
  test('come to the function in batches and are gone when it succeeds', async () => {
    const { queues, poller, batches } = machine(() => ({ batchItemFailures: [] }));
    send(queues, 'a', 'b', 'c');
    await poller.idle();
    poller.close();
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(queues.depth('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('reported as failed come again after the visibility timeout, the others do not', async () => {
    const { queues, poller, batches, advance } = machine(({ Records: records }) => ({
      batchItemFailures: records
        .filter(({ body }) => body === 'b')
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    send(queues, 'a', 'b');
    await poller.idle();
    expect(queues.depth('work').inFlight).toBe(1);
    advance(61);
    await poller.idle();
    expect(batches).toEqual([['a', 'b'], ['b']]);
    advance(61);
    await poller.idle();
    poller.close();
    expect(queues.depth('dead').visible).toBe(1);
    expect(batches).toHaveLength(2);
  });

  test.each([
    ['when the function throws', () => Promise.reject(new Error('no'))],
    ['when it names no message', () => ({ batchItemFailures: [{}] })],
  ])('all stay %s', async (_when, answer) => {
    const { queues, poller } = machine(answer);
    send(queues, 'a', 'b');
    await poller.idle();
    poller.close();
    expect(queues.depth('work').inFlight).toBe(2);
  });

  test.each([
    ['the template allows', 2, 5],
    ['the machine has processors for', 10, 3],
  ])('are never in more hands than %s', async (_limit, maxConcurrency, mostAtOnce) => {
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(resolve => setTimeout(resolve, 5));
      running -= 1;
    };
    const { queues, poller } = machine(work, { maxConcurrency }, mostAtOnce);
    send(queues, ...'abcdefghijkl');
    await poller.idle();
    poller.close();
    expect(most).toBe(Math.min(maxConcurrency, mostAtOnce));
  });

  test('are taken at once when they come, without anybody asking', async () => {
    const { queues, poller, batches } = machine(() => ({}));
    send(queues, 'a');
    await new Promise(resolve => setTimeout(resolve, 50));
    poller.close();
    expect(batches).toEqual([['a']]);
  });

  test('are not polled by a function whose role may not', () => {
    const queues = new Queues([{ name: 'work' }], Date, undefined);
    const demandRights = () => {
      throw new AccessDenied('sqs:ReceiveMessage', mapping.queueArn, 'role');
    };
    expect(() => new Poller({ mapping, mostAtOnce: 5, queues, invoke: async () => undefined, demandRights })).toThrow(
      AccessDenied,
    );
  });
});

describe('an event of the bus', () => {
  const event = { source: 'aws.ses', detail: { eventType: 'Bounce', mail: { tags: { set: ['ours', 'all'] } } } };

  test.each([
    [{ source: ['aws.ses'] }, true],
    [{ source: ['aws.s3', 'aws.ses'], detail: { eventType: ['Bounce'] } }, true],
    [{ detail: { mail: { tags: { set: ['ours'] } } } }, true],
    [{ detail: { eventType: [{ prefix: 'Bo' }] } }, true],
    [{ detail: { other: [{ exists: false }] } }, true],
    [{ source: ['aws.s3'] }, false],
    [{ detail: { mail: { tags: { set: ['theirs'] } } } }, false],
    [{ detail: { absent: { deep: ['x'] } } }, false],
  ])('fits the pattern %j: %s', (pattern, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  test('is tried three times', async () => {
    const called: string[] = [];
    await sendEvent([{ pattern: { source: ['aws.ses'] }, functionArns: ['one'] }], event, async functionArn => {
      called.push(functionArn);
      throw new Error('no');
    });
    expect(called).toEqual(['one', 'one', 'one']);
  });
});
