import { type Door, openDoor, type WebRequest } from '../../../local/gateway/exchange';
import { httpApi } from '../../../local/gateway/httpApi';
import { readRoutes } from '../../../local/gateway/routes';
import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { writeAssembly } from '../template/writtenAssembly';

/** A function, its integration, its permission, and a route that leads there. */
function route(name: string, routeKey: string, more: object = {}): object {
  return {
    [name]: { Type: 'AWS::Lambda::Function' },
    [`${name}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [name, 'Arn'] },
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 200,
      },
    },
    [`${name}Route`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: routeKey,
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] },
        ...more,
      },
    },
    [`${name}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { 'Fn::GetAtt': [name, 'Arn'] }, Principal: 'apigateway.amazonaws.com' },
    },
  };
}

const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Caller' } };
const resources = {
  ...route('list', 'GET /api/bills'),
  ...route('get', 'GET /api/bills/{billId}', guarded),
  ...route('open', 'GET /api/bills/open'),
  ...route('any', 'ANY /api/any'),
  ...route('put', 'PUT /api/bills'),
  ...route('rest', 'GET /files/{path+}'),
  Caller: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 60,
      AuthorizerUri: {
        'Fn::Sub': `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${authorize.Arn}/invocations`,
      },
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
    },
  },
  authorize: { Type: 'AWS::Lambda::Function' },
};

const templateOf = (Resources: object) =>
  new Template(readAssembly(writeAssembly({ one: { Resources } })), { secret: id => id, address: text => text });

interface Invoked {
  readonly name: string;
  readonly event: Readonly<Record<string, unknown>> & { readonly requestContext: Readonly<Record<string, unknown>> };
}

function machine(answer: (invoked: Invoked) => unknown = () => ({ statusCode: 200, body: 'ok' }), more: object = {}) {
  const invoked: Invoked[] = [];
  let now = Date.parse('2026-03-12T19:03:58Z');
  const door = httpApi({
    apiId: 'api',
    routes: readRoutes(templateOf({ ...resources, ...more })),
    clock: { now: () => now },
    invoke: async (functionArn, event) => {
      const call = { name: functionArn.split('-').at(-1) ?? '', event: event as Invoked['event'] };
      invoked.push(call);
      return answer(call);
    },
  });
  const passes = (milliseconds: number) => {
    now += milliseconds;
  };
  return { door, invoked, passes };
}

const request = (method: string, rawPath: string, more: Partial<WebRequest> = {}): WebRequest => ({
  method,
  rawPath,
  rawQuery: '',
  headers: { host: 'api.test' },
  body: Buffer.alloc(0),
  address: '10.0.0.1',
  tooLarge: false,
  ...more,
});

describe('a request goes', () => {
  test.each([
    ['GET', '/api/bills', 'list'],
    ['PUT', '/api/bills', 'put'],
    ['GET', '/api/bills/open', 'open'],
    ['DELETE', '/api/any', 'any'],
    ['GET', '/files/a/b/c', 'rest'],
  ])('%s %s to %s', async (method, path, name) => {
    const { door, invoked } = machine();
    await door(request(method, path));
    expect(invoked.map(call => call.name)).toEqual([name]);
  });

  test.each([
    ['POST', '/api/bills'],
    ['GET', '/api/bills/'],
    ['GET', '/api/unknown'],
    ['GET', '/'],
  ])('%s %s nowhere: the gateway’s own 404', async (method, path) => {
    const { door, invoked } = machine();
    expect(await door(request(method, path))).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
    expect(invoked).toEqual([]);
  });

  test('to the default route, when there is one', async () => {
    const { door, invoked } = machine(undefined, route('fallback', '$default'));
    await door(request('GET', '/api/unknown/deeper'));
    expect(invoked[0]?.name).toBe('fallback');
  });
});

describe('a function is told', () => {
  test('the request in payload format 2.0', async () => {
    const { door, invoked } = machine();
    await door(
      request('PUT', '/api/bills', {
        rawQuery: 'a=1&b=x%20y&a=2',
        headers: {
          host: 'api.test',
          cookie: 'one=1; two=2',
          'content-type': 'application/json',
          'x-own': 'v',
          'x-forwarded-for': '1.1.1.1',
        },
        body: Buffer.from('{"ü":1}'),
      }),
    );
    expect(invoked[0]?.event).toEqual({
      version: '2.0',
      routeKey: 'PUT /api/bills',
      rawPath: '/api/bills',
      rawQueryString: 'a=1&b=x%20y&a=2',
      queryStringParameters: { a: '1,2', b: 'x y' },
      cookies: ['one=1', 'two=2'],
      headers: {
        host: 'api.test',
        'content-type': 'application/json',
        'x-own': 'v',
        'x-forwarded-for': '1.1.1.1, 10.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '443',
      },
      body: '{"ü":1}',
      isBase64Encoded: false,
      requestContext: expect.objectContaining({
        apiId: 'api',
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        http: expect.objectContaining({ method: 'PUT', path: '/api/bills', sourceIp: '10.0.0.1' }),
      }),
    });
  });

  test('path parameters, decoded', async () => {
    const { door, invoked } = machine(({ name }) => (name === 'authorize' ? { isAuthorized: true } : {}));
    await door(request('GET', '/api/bills/b%201', { headers: { authorization: 'Bearer t' } }));
    expect(invoked[1]?.event.pathParameters).toEqual({ billId: 'b 1' });
  });

  test.each([
    ['text/csv', false],
    ['application/json; charset=utf-8', false],
    ['application/pdf', true],
    ['multipart/form-data; boundary=x', true],
  ])('a body of %s with base64: %s', async (type, isBase64Encoded) => {
    const { door, invoked } = machine();
    await door(request('PUT', '/api/bills', { headers: { 'content-type': type }, body: Buffer.from('ab') }));
    expect(invoked[0]?.event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YWI=' : 'ab' });
  });
});

describe('a caller is answered', () => {
  test.each([
    [
      'status, headers, cookies and text',
      { statusCode: 201, headers: { ETag: '"1"' }, cookies: ['a=1'], body: 'made' },
      201,
      'made',
    ],
    ['bytes', { statusCode: 200, body: 'YWI=', isBase64Encoded: true }, 200, Buffer.from('ab')],
    ['a plain value as 200', { items: [] }, 200, '{"items":[]}'],
    ['a wrong status as 500', { statusCode: 'many' }, 500, '{"message":"Internal Server Error"}'],
  ])('%s', async (_what, result, status, body) => {
    const { door } = machine(() => result);
    expect(await door(request('GET', '/api/bills'))).toMatchObject({ status, body });
  });

  test('500 when the function fails', async () => {
    const { door } = machine(() => Promise.reject(new Error('no')));
    expect(await door(request('GET', '/api/bills'))).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
  });

  test('503 when the function takes longer than the integration may', async () => {
    const { door } = machine(() => new Promise(resolve => setTimeout(resolve, 400)));
    expect(await door(request('GET', '/api/bills'))).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  test('413 for a body over 10 MB', async () => {
    const { door } = machine();
    expect(await door(request('PUT', '/api/bills', { tooLarge: true }))).toMatchObject({
      status: 413,
      body: '{"message":"Request Entity Too Large"}',
    });
  });
});

describe('the authorizer', () => {
  const ask = (door: Door, token: string, path = '/api/bills/1') =>
    door(request('GET', path, { headers: { authorization: token } }));
  const allowing = ({ name }: Invoked) =>
    name === 'authorize' ? { isAuthorized: true, context: { caller: 'Ann' } } : { statusCode: 200 };
  const asked = (invoked: readonly Invoked[]) => invoked.filter(({ name }) => name === 'authorize').length;

  test('is not asked without a token: 401', async () => {
    const { door, invoked } = machine(allowing);
    expect(await door(request('GET', '/api/bills/1'))).toMatchObject({
      status: 401,
      body: '{"message":"Unauthorized"}',
    });
    expect(invoked).toEqual([]);
  });

  test('hands its context to the function', async () => {
    const { door, invoked } = machine(allowing);
    await ask(door, 'Bearer a');
    expect(invoked[0]?.event).toMatchObject({
      type: 'REQUEST',
      identitySource: ['Bearer a'],
      routeKey: 'GET /api/bills/{billId}',
    });
    expect(invoked[1]?.event.requestContext.authorizer).toEqual({ lambda: { caller: 'Ann' } });
  });

  test('is asked once a minute and token, by the moved clock', async () => {
    const { door, invoked, passes } = machine(allowing);
    await ask(door, 'Bearer a');
    await ask(door, 'Bearer a', '/api/bills/2');
    expect(asked(invoked)).toBe(1);
    await ask(door, 'Bearer b');
    expect(asked(invoked)).toBe(2);
    passes(61_000);
    await ask(door, 'Bearer a');
    expect(asked(invoked)).toBe(3);
  });

  test('refuses with 403', async () => {
    const { door } = machine(() => ({ isAuthorized: false }));
    expect(await ask(door, 'Bearer a')).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  });

  test('that fails is a 500, and is asked again', async () => {
    const { door, invoked } = machine(() => Promise.reject(new Error('no')));
    expect(await ask(door, 'Bearer a')).toMatchObject({ status: 500 });
    await ask(door, 'Bearer a');
    expect(asked(invoked)).toBe(2);
  });
});

describe('a template is refused', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(resources).filter(([key]) => key !== name));

  test('when nothing lets the gateway call a function', () => {
    expect(() => readRoutes(templateOf(without('listPermission')))).toThrow(
      /no AWS::Lambda::Permission lets the gateway call/,
    );
  });

  test('when a guarded route has no authorizer here', () => {
    const jwt = route('jwt', 'GET /jwt', { AuthorizationType: 'JWT' });
    expect(() => readRoutes(templateOf({ ...resources, ...jwt }))).toThrow(/the authorization JWT/);
  });
});

describe('a door', () => {
  test('opens for this machine only', async () => {
    const part = await openDoor(0, async () => ({ status: 200, headers: {}, body: 'in' }));
    const status = async (host: string) => {
      const { request: ask } = await import('node:http');
      return new Promise(resolve => {
        ask(part.url, { headers: { host } }, answer => resolve(answer.resume().statusCode)).end();
      });
    };
    expect(await status('evil.example')).toBe(403);
    expect(await status('127.0.0.1:4000')).toBe(200);
    expect(await status('localhost')).toBe(200);
    await part.close();
  });

  test('says when a body is too large, and keeps none of it', async () => {
    const seen: WebRequest[] = [];
    const part = await openDoor(0, async given => {
      seen.push(given);
      return { status: 204, headers: {}, body: '' };
    });
    await fetch(part.url, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(seen[0]).toMatchObject({ tooLarge: true });
    expect(seen[0]?.body).toHaveLength(0);
    await part.close();
  });
});
