import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Cloud, CloudOptions } from '../../../local/cloud/cloud';
import { startCloud } from '../../../local/cloud/startCloud';
import { type Resources, smallSystem } from './smallSystem';

const begin = '2026-03-01T10:00:30Z';
const ann = { practiceId: 'p1', name: 'Oak', timeZone: 'America/Chicago' };

async function withCloud(run: (cloud: Cloud) => Promise<void>, more: Partial<CloudOptions> = {}): Promise<void> {
  const cloud = await startCloud({ port: 0, assembly: { folder: smallSystem() }, clock: begin, ...more });
  await run(cloud).finally(() => cloud.close());
}

const without = (...names: readonly string[]) => ({
  assembly: {
    folder: smallSystem((resources: Resources) =>
      Object.fromEntries(Object.entries(resources).filter(([name]) => !names.includes(name))),
    ),
  },
});

const put = (cloud: Cloud, id: string, headers: Record<string, string> = { authorization: 'Bearer t' }) =>
  fetch(`${cloud.urls.api}/items/${id}`, { method: 'PUT', headers });

async function items(cloud: Cloud): Promise<Record<string, string>> {
  const answer = await fetch(cloud.urls.dynamodb, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.Scan',
    },
    body: JSON.stringify({ TableName: cloud.environment.TABLE_NAME }),
  });
  const { Items } = (await answer.json()) as { Items: { pk: { S: string }; text: { S: string } }[] };
  return Object.fromEntries(Items.map(({ pk, text }) => [pk.S, text.S]));
}

const local = (cloud: Cloud, method: string, where: string, body?: unknown) =>
  fetch(`${cloud.urls.portal}/_local${where}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('a request', () => {
  test('walks from the front door over gateway and authorizer to the function and its table', () =>
    withCloud(async cloud => {
      const answer = await put(cloud, 'one');
      expect(answer.status).toBe(201);
      expect(await answer.json()).toEqual({
        caller: { token: 'Bearer t', issuer: cloud.issuer },
        publicUrl: cloud.urls.portal,
      });
      expect((await items(cloud)).one).toMatch(/^2026-03-01T10:00:3/);
      expect(cloud.issuer).toMatch(new RegExp(`^${cloud.urls.signIn}/us-east-1_`));
    }));

  test('without a token ends at the gateway', () =>
    withCloud(async cloud => {
      const answer = await put(cloud, 'one', {});
      expect([answer.status, await answer.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    }));

  test('past the front door lacks its secret', () =>
    withCloud(async cloud => {
      const answer = await fetch(`${cloud.urls.gateway}/api/items/one`, {
        method: 'PUT',
        headers: { authorization: 'Bearer t' },
      });
      expect(answer.status).toBe(403);
    }));

  test('to a route that the template lacks gets the gateway’s 404', () =>
    withCloud(async cloud => {
      const answer = await put(cloud, 'one');
      expect([answer.status, await answer.text()]).toEqual([404, '{"message":"Not Found"}']);
    }, without('writeRoute')));

  test.each([['its policy', 'writePolicy']])('to a function that lacks %s is refused by the table', (_what, missing) =>
    withCloud(async cloud => {
      const answer = await put(cloud, 'one');
      expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([502, 'AccessDeniedException']);
    }, without(missing)),
  );

  test('to a function that lacks the right to the table’s key is refused as well', () => {
    const folder = smallSystem(resources => {
      const policy = JSON.parse(JSON.stringify(resources.writePolicy)) as {
        Properties: { PolicyDocument: { Statement: unknown[] } };
      };
      policy.Properties.PolicyDocument.Statement.pop();
      return { ...resources, writePolicy: policy };
    });
    return withCloud(
      async cloud => {
        const answer = await put(cloud, 'one');
        expect(((await answer.json()) as { type: string }).type).toBe('AccessDeniedException');
      },
      { assembly: { folder } },
    );
  });
});

describe('by itself', () => {
  test('a message comes to its function', () =>
    withCloud(async cloud => {
      expect((await fetch(`${cloud.urls.api}/items/one/work`, { method: 'POST' })).status).toBe(202);
      await cloud.settle();
      expect(await items(cloud)).toHaveProperty('worked one');
      expect(Object.values(cloud.queueDepths()).every(({ visible, inFlight }) => visible + inFlight === 0)).toBe(true);
    }));

  test('a schedule fires at its own instant, in the moved time', () =>
    withCloud(async cloud => {
      const answer = await local(cloud, 'POST', '/clock', { advanceMinutes: 11 });
      const { now, fired } = (await answer.json()) as { now: string; fired: unknown };
      expect(now).toMatch(/^2026-03-01T10:11:3/);
      expect(fired).toEqual([
        { schedule: 'tick', at: '2026-03-01T10:05:00.000Z' },
        { schedule: 'tick', at: '2026-03-01T10:10:00.000Z' },
      ]);
      expect(await items(cloud)).toEqual({
        'tick 2026-03-01T10:05:00Z': expect.stringMatching(/^2026-03-01T10:05:0/),
        'tick 2026-03-01T10:10:00Z': expect.stringMatching(/^2026-03-01T10:10:0/),
      });
    }));

  test('what became of a mail comes to its function, as far as the configuration set tells it', () =>
    withCloud(async cloud => {
      const { AWS_ENDPOINT_URL_SESV2: ses } = cloud.environment;
      const to = ['bounce@test.example'];
      const mime = `From: a@practice.example\r\nTo: ${to}\r\nSubject: Bill\r\n\r\nHello`;
      await fetch(`${ses}/v2/email/outbound-emails`, {
        method: 'POST',
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/ses/aws4_request' },
        body: JSON.stringify({
          FromEmailAddress: 'a@practice.example',
          Destination: { ToAddresses: to },
          ConfigurationSetName: 'mails',
          Content: { Raw: { Data: Buffer.from(mime).toString('base64') } },
        }),
      });
      await cloud.settle();
      const [mail] = await cloud.mail();
      expect(await items(cloud)).toEqual({ 'mail Bounce': mail?.id });
      const listed = (await (await local(cloud, 'GET', '/mail')).json()) as { subject: string }[];
      expect(listed.map(({ subject }) => subject)).toEqual(['Bill']);
      expect(await (await fetch(cloud.urls.mail)).text()).toContain('Bill');
      expect(await (await fetch(`${cloud.urls.mail}/${mail?.id}`)).text()).toContain('Hello');
      expect((await local(cloud, 'DELETE', '/mail')).status).toBe(204);
      expect(await cloud.mail()).toEqual([]);
    }));
});

describe('a fault', () => {
  test('of the table reaches the function as the table’s own error', () =>
    withCloud(async cloud => {
      const fault = { service: 'dynamodb', operation: 'PutItem', when: 'before', error: 'throttle', skip: 1 };
      expect((await local(cloud, 'POST', '/faults', fault)).status).toBe(204);
      const statuses = [];
      for (const id of ['one', 'two', 'three']) statuses.push((await put(cloud, id)).status);
      expect(statuses).toEqual([201, 502, 201]);
    }));

  test('that crashes kills the function in the middle: the caller gets the gateway’s 500', () =>
    withCloud(async cloud => {
      await local(cloud, 'POST', '/faults', { service: 'dynamodb', when: 'after', error: 'crash' });
      const answer = await put(cloud, 'one');
      expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
      expect(await items(cloud)).toHaveProperty('one');
      expect((await put(cloud, 'two')).status).toBe(201);
    }));

  test('that was cleared does nothing', () =>
    withCloud(async cloud => {
      await local(cloud, 'POST', '/faults', { service: 'dynamodb', when: 'before', error: '500', times: 9 });
      await local(cloud, 'DELETE', '/faults');
      expect((await put(cloud, 'one')).status).toBe(201);
    }));
});

describe('/_local', () => {
  test('tells addresses, time, practices and users', () =>
    withCloud(async cloud => {
      cloud.register(ann, [{ email: 'ann@oak.test', roles: ['admin'], practiceId: 'p1' }]);
      const told = (await (await local(cloud, 'GET', '')).json()) as Record<string, unknown>;
      expect(told).toMatchObject({
        practices: [ann],
        users: [{ email: 'ann@oak.test', roles: ['admin'], practiceId: 'p1' }],
      });
      expect(Object.keys(told.urls as object)).toEqual(
        expect.arrayContaining(['portal', 'client', 'pay', 'api', 'mail', 'stripe', 'dynamodb', 's3']),
      );
      expect(told.now).toMatch(/^2026-03-01T10:00:3/);
    }));

  test('runs one function, and tells what it threw', () =>
    withCloud(async cloud => {
      const invoke = async (called: string, event: unknown) => {
        const answer = await local(cloud, 'POST', '/invoke', { function: called, event });
        return [answer.status, await answer.json()];
      };
      expect(await invoke('authorize', { identitySource: ['x'] })).toMatchObject([
        200,
        { result: { isAuthorized: true } },
      ]);
      expect(await invoke('write', {})).toMatchObject([502, { error: { errorType: 'TypeError' } }]);
      expect(await invoke('nobody', {})).toMatchObject([404, {}]);
    }));

  test.each([
    ['POST', '/clock', {}, 422],
    ['POST', '/clock', { to: '2020-01-01T00:00:00Z' }, 422],
    ['POST', '/faults', { service: 'mars', when: 'before', error: '500' }, 422],
    ['POST', '/token', { email: 'nobody@oak.test' }, 404],
    ['POST', '/nowhere', {}, 404],
  ])('refuses %s %s %j with %i', (method, where, body, status) =>
    withCloud(async cloud => {
      expect((await local(cloud, method, where, body)).status).toBe(status);
    }),
  );

  test('does not listen to pages of other origins', () =>
    withCloud(async cloud => {
      const answer = await fetch(`${cloud.urls.portal}/_local/faults`, {
        method: 'DELETE',
        headers: { origin: 'https://evil.example' },
      });
      expect(answer.status).toBe(403);
    }));

  test('counts requests to the table while asked to, with who made them and what they consumed', () =>
    withCloud(async cloud => {
      cloud.startCounting();
      await put(cloud, 'one');
      const counted = { operation: 'PutItem', by: 'index', readUnits: 0, writeUnits: 1 };
      expect(cloud.stopCounting()).toEqual([counted]);
      await put(cloud, 'two');
      expect(cloud.dynamodbRequests).toHaveLength(1);
    }));
});

function startProgram(folder: string): ChildProcess {
  const entry = 'test/local/cloud/smallProgram.ts';
  return spawn(process.execPath, ['tools/run.mjs', entry, folder, smallSystem()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the program has no output');
  const [line] = (await once(stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { api: string }).api;
}

describe('a data folder', () => {
  const folderOf = () => mkdtempSync(path.join(os.tmpdir(), 'cloud-'));

  test('keeps items, clock, ports and tokens over a restart', async () => {
    const folder = folderOf();
    let before: { token: string; now: number; portal: string } | undefined;
    await withCloud(
      async cloud => {
        cloud.register(ann, [{ email: 'ann@oak.test', roles: ['admin'], practiceId: 'p1' }]);
        await put(cloud, 'one');
        await cloud.advance({ minutes: 60 });
        before = { token: await cloud.token('ann@oak.test'), now: cloud.now(), portal: cloud.urls.portal };
      },
      { folder },
    );
    await withCloud(
      async cloud => {
        expect(await items(cloud)).toHaveProperty('one');
        expect(cloud.now()).toBeGreaterThanOrEqual(before?.now ?? 0);
        expect(cloud.urls.portal).toBe(before?.portal);
        await cloud.advance({ minutes: 60 * 24 * 10 });
        const headers = { authorization: `Bearer ${before?.token}` };
        expect((await fetch(`${cloud.urls.signIn}/oauth2/userInfo`, { headers })).status).toBe(200);
        expect(cloud.practices).toEqual([ann]);
      },
      { folder },
    );
  });

  test('keeps all that was answered, though the process was killed', async () => {
    const folder = folderOf();
    const program = startProgram(folder);
    const api = await urlOf(program);
    const answered: string[] = [];
    await fetch(`${new URL(api).origin}/_local/clock`, { method: 'POST', body: '{"advanceMinutes":600}' });
    const killing = (async () => {
      for (let id = 0; ; id += 1) {
        const answer = await fetch(`${api}/items/${id}`, { method: 'PUT', headers: { authorization: 'Bearer t' } });
        if (answer.status !== 201) throw new Error(`answered ${answer.status}`);
        answered.push(String(id));
        if (id === 20) process.kill(program.pid ?? 0, 'SIGKILL');
      }
    })();
    await Promise.all([once(program, 'exit'), expect(killing).rejects.toThrow('fetch failed')]);
    await withCloud(
      async cloud => {
        expect(answered.length).toBeGreaterThan(20);
        expect(Object.keys(await items(cloud))).toEqual(expect.arrayContaining(answered));
        expect(new Date(cloud.now()).toISOString()).toMatch(/^2026-03-01T20:0/);
      },
      { folder },
    );
  });

  test('is one system’s at a time', async () => {
    const folder = folderOf();
    await withCloud(
      async cloud => {
        await expect(startCloud({ port: 0, folder, assembly: { folder: smallSystem() } })).rejects.toThrow(
          `${folder} is in use: the system already runs (process ${process.pid}, ${cloud.urls.portal}). Stop it`,
        );
      },
      { folder },
    );
  });

  test('that is damaged is named, with what to do', async () => {
    const folder = folderOf();
    await withCloud(async () => undefined, { folder });
    const secret = path.join(folder, 'secrets', readdirSync(path.join(folder, 'secrets'))[0] ?? '');
    const kept = readFileSync(secret);
    writeFileSync(secret, '{');
    await expect(startCloud({ port: 0, folder, assembly: { folder: smallSystem() } })).rejects.toThrow(
      `${path.join(folder, 'secrets')} is damaged. Move the data folder away`,
    );
    writeFileSync(secret, kept);
    writeFileSync(path.join(folder, 'cloud/clock.json'), '{');
    await expect(startCloud({ port: 0, folder, assembly: { folder: smallSystem() } })).rejects.toThrow(
      /clock\.json is damaged\. Move the data folder away/,
    );
  });
});

test('a port that somebody else has is named', () =>
  withCloud(async cloud => {
    const port = Number(new URL(cloud.urls.portal).port);
    await expect(startCloud({ port, assembly: { folder: smallSystem() } })).rejects.toThrow(`Port ${port} is in use`);
  }));
