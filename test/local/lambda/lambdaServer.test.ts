import { functionOf, moveClock, withFunctions } from './environments';

const day = 86_400_000;

describe('a function', () => {
  test('gets its event and context and answers in JSON', () =>
    withFunctions(
      [
        functionOf(
          'echo',
          'return { event, gone: undefined, name: context.functionName, left: context.getRemainingTimeInMillis() }',
        ),
      ],
      async lambda => {
        const answer = (await lambda.invoke('echo', { a: 1 })) as { left: number };
        expect(answer).toEqual({ event: { a: 1 }, name: 'echo', left: expect.any(Number) });
        expect(answer.left).toBeGreaterThan(4000);
      },
    ));

  test('sees its own environment variables, its credentials, the machine’s, and no others', () => {
    process.env.FROM_THE_HOST = 'secret';
    const variables = { TABLE_NAME: 'bills', STRIPE_API: 'x' };
    return withFunctions(
      [functionOf('env', 'return { ...process.env }', { variables })],
      async lambda => {
        expect(await lambda.invoke('env', {})).toEqual({
          TABLE_NAME: 'bills',
          STRIPE_API: 'x',
          AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: expect.stringMatching(/^env~\d+$/),
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_LAMBDA_FUNCTION_NAME: 'env',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
        });
      },
      { machineVariables: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' } },
    );
  });

  test('is found by name, ARN and its construct, unless two have it', () =>
    withFunctions(
      [
        functionOf('one', 'return 1', { aliases: ['addBill', 'Resource'] }),
        functionOf('two', 'return 2', { aliases: ['Resource'] }),
      ],
      async lambda => {
        expect(await lambda.invoke('addBill', {})).toBe(1);
        expect(await lambda.invoke('arn:aws:lambda:us-east-1:123456789012:function:two', {})).toBe(2);
        await expect(lambda.invoke('Resource', {})).rejects.toMatchObject({ errorType: 'ResourceNotFoundException' });
      },
    ));

  test('tells what it threw', () =>
    withFunctions([functionOf('bad', "throw new TypeError('no such bill')")], async lambda => {
      await expect(lambda.invoke('bad', {})).rejects.toMatchObject({ errorType: 'TypeError', message: 'no such bill' });
    }));

  test('prints to the log, as JSON lines, and not to the terminal', async () => {
    const lines: string[] = [];
    await withFunctions(
      [
        functionOf(
          'talk',
          'console.log("plain"); console.log(JSON.stringify({ level: "INFO", message: "made" })); return 1',
        ),
      ],
      async lambda => {
        await lambda.invoke('talk', {});
        while (lines.length < 2) await new Promise(setImmediate);
      },
      { log: line => lines.push(line) },
    );
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual([
      { function: 'talk', message: 'plain', timestamp: expect.any(String) },
      { function: 'talk', level: 'INFO', message: 'made' },
    ]);
  });
});

describe('an environment', () => {
  test('is kept for the next call', () =>
    withFunctions([functionOf('count', 'return calls')], async lambda => {
      await lambda.invoke('count', {});
      expect(await lambda.invoke('count', {})).toBe(2);
    }));

  test('takes one call at a time, so that calls overlap in several', () =>
    withFunctions(
      [functionOf('meet', 'const cell = new Int32Array(1); await new Promise(r => setTimeout(r, 150)); return calls')],
      async lambda => {
        const began = performance.now();
        const calls = await Promise.all([1, 2, 3, 4].map(() => lambda.invoke('meet', {})));
        expect(calls).toEqual([1, 1, 1, 1]);
        expect(performance.now() - began).toBeLessThan(1500);
      },
    ));

  test('beyond the limit of its function is waited for', () =>
    withFunctions(
      [functionOf('one', 'await new Promise(r => setTimeout(r, 20)); return calls')],
      async lambda => {
        expect(await Promise.all([1, 2, 3].map(() => lambda.invoke('one', {})))).toEqual([1, 2, 3]);
      },
      { perFunction: 1 },
    ));

  test('beyond the limit of all takes the place of an idle one', () =>
    withFunctions(
      [functionOf('one', 'return calls'), functionOf('two', 'await new Promise(r => setTimeout(r, 20)); return calls')],
      async lambda => {
        expect(await lambda.invoke('one', {})).toBe(1);
        expect(await Promise.all([lambda.invoke('two', {}), lambda.invoke('one', {})])).toEqual([1, 1]);
      },
      { inAll: 1 },
    ));

  test('ends with its time, and the next call gets a new one', () =>
    withFunctions(
      [
        functionOf('slow', 'if (event.slow) await new Promise(r => setTimeout(r, 60000)); return calls', {
          timeoutSeconds: 0.3,
        }),
      ],
      async lambda => {
        await expect(lambda.invoke('slow', { slow: true })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
        expect(await lambda.invoke('slow', {})).toBe(1);
      },
    ));

  test('tells how much memory it took at most, garbage included', () =>
    withFunctions([functionOf('big', 'return Buffer.alloc(event.bytes).length + calls')], async lambda => {
      expect(lambda.mostMemoryBytes('big')).toBe(0);
      await lambda.invoke('big', { bytes: 1 });
      const small = lambda.mostMemoryBytes('big');
      expect(small).toBeGreaterThan(1e6);
      await lambda.invoke('big', { bytes: 50e6 });
      expect(lambda.mostMemoryBytes('big')).toBeGreaterThan(small + 45e6);
    }));

  test('ends when it runs out of memory', () =>
    withFunctions(
      [
        functionOf('big', 'const kept = []; for (;;) kept.push(new Array(100000).fill(String(kept.length)))', {
          memoryMb: 24,
          timeoutSeconds: 20,
        }),
      ],
      async lambda => {
        await expect(lambda.invoke('big', {})).rejects.toMatchObject({ errorType: 'Runtime.OutOfMemory' });
      },
    ));

  test('crashes in the middle of its call, alone', () =>
    withFunctions(
      [
        functionOf(
          'key',
          'if (event.wait) await new Promise(r => setTimeout(r, event.wait)); return process.env.AWS_ACCESS_KEY_ID',
        ),
      ],
      async lambda => {
        const [first, second] = (await Promise.all([
          lambda.invoke('key', { wait: 50 }),
          lambda.invoke('key', { wait: 50 }),
        ])) as string[];
        const calls = [lambda.invoke('key', { wait: 300 }), lambda.invoke('key', { wait: 300 })];
        setTimeout(() => lambda.crash(first ?? ''), 50);
        const [crashed, other] = await Promise.allSettled(calls);
        expect(crashed).toMatchObject({ status: 'rejected', reason: { errorType: 'Runtime.ExitError' } });
        expect(other).toMatchObject({ status: 'fulfilled', value: second });
      },
    ));
});

test('a call to a server of this machine tells which environment makes it', async () => {
  const { createServer } = await import('node:http');
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers['x-caller-access-key']);
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const body = `const { request } = await import('node:http');
    await new Promise(r => request({ host: '127.0.0.1', port: ${port} }, a => a.resume().on('end', r)).end());
    return process.env.AWS_ACCESS_KEY_ID`;
  await withFunctions([functionOf('caller', body)], async lambda => {
    expect(seen).toEqual([]);
    const key = await lambda.invoke('caller', {});
    expect(seen).toEqual([key]);
  });
  server.close();
});

describe('the moved time', () => {
  const body = `const before = performance.now();
    await new Promise(r => setTimeout(r, 20));
    class Later extends Date {}
    return {
      now: Date.now(), made: new Date().getTime(), text: new Date(Date()).getFullYear(), own: new Later().getTime(),
      given: new Date(5).getTime(), parts: Date.UTC(2026, 0, 1), parsed: Date.parse('2026-01-01T00:00:00Z'),
      is: new Date() instanceof Date, same: new Date().constructor === Date, waited: performance.now() - before,
    }`;

  test('is what functions see in Date, also after it moved, while timers stay real', () =>
    withFunctions([functionOf('when', body)], async lambda => {
      for (const offset of [0, 400 * day]) {
        moveClock(offset);
        const seen = (await lambda.invoke('when', {})) as Record<string, number>;
        const expected = Date.now() + offset;
        for (const name of ['now', 'made', 'own']) expect(Math.abs((seen[name] ?? 0) - expected)).toBeLessThan(2000);
        expect(seen).toMatchObject({
          text: new Date(expected).getFullYear(),
          given: 5,
          parts: Date.UTC(2026, 0, 1),
          parsed: Date.UTC(2026, 0, 1),
          is: true,
          same: true,
        });
        expect(seen.waited).toBeLessThan(1000);
      }
      moveClock(0);
    }));

  test('never moves the host', async () => {
    moveClock(400 * day);
    const before = Date.now();
    await withFunctions([functionOf('when', 'return Date.now()')], async lambda => {
      await lambda.invoke('when', {});
    });
    expect(Date.now() - before).toBeLessThan(10_000);
    moveClock(0);
  });
});

test('a payload over 6 MB is refused, in and out', () =>
  withFunctions([functionOf('large', "return event.size ? 'x'.repeat(event.size) : 1")], async lambda => {
    await expect(lambda.invoke('large', { x: 'x'.repeat(6_300_000) })).rejects.toMatchObject({
      errorType: 'RequestTooLargeException',
    });
    await expect(lambda.invoke('large', { size: 6_300_000 })).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  }));
