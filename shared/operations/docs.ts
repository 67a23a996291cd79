import { row } from './row';

const openBecause = 'It tells what the source tells, and nothing of any practice';

export const getOpenApiRow = row({
  operation: 'getOpenApi',
  noun: 'docs',
  summary: 'This contract as OpenAPI 3.1',
  method: 'GET',
  path: '/openapi.json',
  auth: 'none',
  openBecause,
  answers: { 200: 'bytes', 304: null },
  bytesAre: 'application/json',
  uses: [],
});

export const getDocsRow = row({
  operation: 'getDocs',
  noun: 'docs',
  summary: 'This contract as a page to read; each problem’s `type` leads to its section there',
  method: 'GET',
  path: '/docs',
  auth: 'none',
  openBecause,
  answers: { 200: 'bytes', 304: null },
  bytesAre: 'text/html; charset=utf-8',
  uses: [],
});
