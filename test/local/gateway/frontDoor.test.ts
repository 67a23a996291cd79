import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { WebRequest } from '../../../local/gateway/exchange';
import { frontDoor } from '../../../local/gateway/frontDoor';
import { site } from '../../../local/gateway/site';
import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { writeAssembly } from '../template/writtenAssembly';

const code = `function handler(event) {
  var request = event.request;
  if (request.uri === '/old') return { statusCode: 301, headers: { location: { value: '/new' } } };
  if (request.uri.indexOf('.') === -1 && request.uri !== '/') request.uri = '/client.html';
  return request;
}`;

const Resources = {
  Function: { Type: 'AWS::CloudFront::Function', Properties: { FunctionCode: code } },
  Headers: {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
          ContentTypeOptions: { Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Override: true },
        },
        CustomHeadersConfig: { Items: [{ Header: 'X-Robots-Tag', Value: 'noindex', Override: false }] },
        RemoveHeadersConfig: { Items: [{ Header: 'Server' }] },
      },
    },
  },
  Distribution: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        DefaultRootObject: 'index.html',
        Origins: [
          { Id: 'site', DomainName: 'site.s3.amazonaws.com', S3OriginConfig: {} },
          {
            Id: 'api',
            DomainName: 'api.execute-api.us-east-1.amazonaws.com',
            CustomOriginConfig: {},
            OriginCustomHeaders: [
              { HeaderName: 'X-Origin-Verify', HeaderValue: '{{resolve:secretsmanager:origin:SecretString:::}}' },
            ],
          },
        ],
        DefaultCacheBehavior: {
          TargetOriginId: 'site',
          Compress: true,
          ResponseHeadersPolicyId: { Ref: 'Headers' },
          FunctionAssociations: [
            { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Function', 'FunctionARN'] } },
          ],
        },
        CacheBehaviors: [
          {
            PathPattern: '/api/*',
            TargetOriginId: 'api',
            AllowedMethods: ['GET', 'POST'],
            ResponseHeadersPolicyId: { Ref: 'Headers' },
          },
        ],
      },
    },
  },
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'site-'));
writeFileSync(path.join(folder, 'index.html'), 'staff');
writeFileSync(path.join(folder, 'client.html'), 'client');
writeFileSync(path.join(folder, 'app.js'), 'script');
writeFileSync(path.join(folder, 'large.js'), 'script;'.repeat(1000));
writeFileSync(path.join(folder, '..', 'outside.txt'), 'secret');

const template = new Template(readAssembly(writeAssembly({ web: { Resources } })), {
  secret: id => `secret of ${id}`,
  address: text => text,
});
const reached: WebRequest[] = [];
const door = frontDoor(template, {
  site: site(folder, { '/config.json': '{"issuer":"x"}' }),
  api: async request => {
    reached.push(request);
    return { status: 200, headers: { server: 'x', 'x-robots-tag': 'own' }, body: 'api' };
  },
});

const ask = (rawPath: string, more: Partial<WebRequest> = {}) =>
  door({
    method: 'GET',
    rawPath,
    rawQuery: '',
    headers: { host: 'h' },
    body: Buffer.alloc(0),
    address: '9.9.9.9',
    tooLarge: false,
    ...more,
  });

describe('the front door', () => {
  test.each([
    ['/', 'staff'],
    ['/client/bills/1', 'client'],
    ['/app.js', 'script'],
    ['/config.json', '{"issuer":"x"}'],
  ])('leads %s to %s', async (rawPath, body) => {
    const answer = await ask(rawPath);
    expect([answer.status, String(answer.body)]).toEqual([200, body]);
  });

  test.each(['/missing.js', '/../outside.txt', '/%2e%2e/outside.txt', '/%.js'])('has nothing at %s', async rawPath => {
    expect((await ask(rawPath)).status).toBeGreaterThanOrEqual(400);
  });

  test('lets its function answer', async () => {
    expect(await ask('/old')).toMatchObject({ status: 301, headers: { location: '/new' } });
  });

  test('sets the template’s headers on pages and on the API', async () => {
    const expected = {
      'content-security-policy': "default-src 'self'",
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=60; includeSubDomains',
    };
    expect((await ask('/')).headers).toMatchObject({ ...expected, 'x-robots-tag': 'noindex' });
    const { headers } = await ask('/api/x');
    expect(headers).toMatchObject({ ...expected, 'x-robots-tag': 'own' });
    expect(headers).not.toHaveProperty('server');
  });

  test('gives the API its secret and the way of the request, whatever the client claims', async () => {
    await ask('/api/x', { headers: { host: 'h', 'x-origin-verify': 'guess', 'x-forwarded-for': '6.6.6.6' } });
    expect(reached.at(-1)).toMatchObject({
      rawPath: '/api/x',
      headers: { 'x-origin-verify': 'secret of origin', 'x-forwarded-for': '6.6.6.6, 9.9.9.9' },
    });
    expect(reached.at(-1)?.address).not.toBe('9.9.9.9');
    expect(reached.at(-1)?.headers).not.toHaveProperty('host');
  });

  test('takes only the methods that the template allows', async () => {
    expect((await ask('/api/x', { method: 'DELETE' })).status).toBe(403);
    expect((await ask('/', { method: 'POST' })).status).toBe(403);
    expect((await ask('/api/x', { method: 'POST' })).status).toBe(200);
  });

  test('compresses what is worth it, for those who take it', async () => {
    const asked = async (rawPath: string, accepted: string) =>
      (await ask(rawPath, { headers: { 'accept-encoding': accepted } })).headers['content-encoding'];
    expect(await asked('/large.js', 'gzip, deflate, br')).toBe('br');
    expect(await asked('/large.js', 'gzip')).toBe('gzip');
    expect(await asked('/large.js', 'identity')).toBeUndefined();
    expect(await asked('/app.js', 'br')).toBeUndefined();
    const { body } = await ask('/large.js', { headers: { 'accept-encoding': 'br' } });
    expect(brotliDecompressSync(Buffer.from(body)).toString()).toBe('script;'.repeat(1000));
  });

  test('answers 304 to who has it already', async () => {
    const { headers } = await ask('/app.js');
    expect((await ask('/app.js', { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(304);
  });
});
