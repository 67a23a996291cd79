import { gunzipSync } from 'node:zlib';
import { getOpenApi } from '../../../functions/docs/getOpenApi';
import { builtFileOf } from '../../../shared/http/builtFile';
import { serve } from '../../../shared/http/serve';
import { getOpenApiRow } from '../../../shared/operations/docs';
import { apiEvent } from '../../fixtures/apiEvent';

const contract = '{"openapi":"3.1.1","info":{"title":"Practice billing"}}';
const handler = serve(
  getOpenApiRow,
  getOpenApi(() => builtFileOf(Buffer.from(contract))),
);

async function get(headers: Record<string, string> = {}) {
  const answer = await handler(apiEvent(getOpenApiRow, { caller: undefined, headers }), {} as never);
  const bytes = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8');
  return { status: answer.statusCode, headers: answer.headers ?? {}, bytes };
}

describe('200', () => {
  test('tells the contract to anybody, as JSON that may be kept for five minutes', async () => {
    const { status, headers, bytes } = await get();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
      vary: 'accept-encoding',
      etag: expect.stringMatching(/^W\/"[\w-]{22}"$/),
    });
    expect(bytes.toString()).toBe(contract);
  });

  test('is compressed for whoever takes gzip, under the same ETag', async () => {
    const [plain, small] = [await get(), await get({ 'accept-encoding': 'br, gzip;q=0.8' })];
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.headers.etag).toBe(plain.headers.etag);
    expect(gunzipSync(small.bytes).toString()).toBe(contract);
  });

  test.each(['identity', 'gzip;q=0', 'gzip;q=0.0, br', 'x-gzippy'])('is not compressed for %j', async encodings => {
    const { headers, bytes } = await get({ 'accept-encoding': encodings });
    expect(headers['content-encoding']).toBeUndefined();
    expect(bytes.toString()).toBe(contract);
  });
});

describe('304', () => {
  test.each([
    ['alone', (tag: string) => tag],
    ['among others', (tag: string) => `"other", ${tag}`],
    ['whatever it is', () => '*'],
  ])('answers nothing to whoever has it: the tag %s', async (_, asked) => {
    const { headers } = await get();
    const again = await get({ 'if-none-match': asked(String(headers.etag)) });
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
  });

  test('but the whole to whoever has another version', async () => {
    const { status, bytes } = await get({ 'if-none-match': 'W/"an older one"' });
    expect([status, bytes.toString()]).toEqual([200, contract]);
  });
});

test('403 to whoever walks round the front door', async () => {
  expect((await get({ 'x-origin-verify': 'guessed' })).status).toBe(403);
});
