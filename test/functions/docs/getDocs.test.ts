import { getDocs } from '../../../functions/docs/getDocs';
import { builtFileOf } from '../../../shared/http/builtFile';
import { serve } from '../../../shared/http/serve';
import { getDocsRow } from '../../../shared/operations/docs';
import { apiEvent } from '../../fixtures/apiEvent';

const page = '<!doctype html><title>Practice billing</title>';
const handler = serve(
  getDocsRow,
  getDocs(() => builtFileOf(Buffer.from(page))),
);
const get = (headers: Record<string, string> = {}) =>
  handler(apiEvent(getDocsRow, { caller: undefined, headers }), {} as never);

test('200: the page, as HTML, to anybody', async () => {
  const { statusCode, headers, body = '' } = await get();
  expect([statusCode, headers?.['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(Buffer.from(body, 'base64').toString()).toBe(page);
});

test('304 to whoever has it', async () => {
  const { headers } = await get();
  expect(await get({ 'if-none-match': String(headers?.etag) })).toMatchObject({ statusCode: 304 });
});

test('403 to whoever walks round the front door', async () => {
  expect(await get({ 'x-origin-verify': 'guessed' })).toMatchObject({ statusCode: 403 });
});
