import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { exampleBodies } from '../../shared/operations/examples';
import { defaultMaxBodyBytes, type Row } from '../../shared/operations/row';
import { answersOf, refusalsOf } from './answers';
import type { Body, OpenApi, Operation, Parameter } from './contract';
import { conventions } from './conventions';
import { problemSchemas, type ToldProblem, toldProblems } from './problems';
import { takesIfMatch } from './problemsOf';
import { rowsInOrder } from './rowsInOrder';
import { type Schema, Schemas } from './schemas';

const securitySchemes = {
  staff: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of the sign-in' },
  guest: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of `POST /guest/bills/lookup`: one bill, 30 minutes',
  },
  client: { type: 'http', scheme: 'bearer', description: 'The session of a client or billing contact' },
};

/** The contract, from the rows and nothing else. */
export function openApiDocument(): OpenApi {
  const making: Making = { schemas: new Schemas(), told: toldProblems() };
  const paths: Record<string, Record<string, Operation>> = {};
  for (const row of rowsInOrder)
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(row, making) };
  const used = new Set(rowsInOrder.map(row => row.auth).filter(auth => auth !== 'none'));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Practice billing',
      version: versionOfPackage(),
      summary: 'Client billing for therapy practices: bills, payments, refunds, credit',
      description: conventions.map(([title, text]) => `## ${title}\n${text}`).join('\n\n'),
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api' }],
    tags: [...new Set(rowsInOrder.map(row => row.noun))].map(name => ({ name })),
    paths,
    components: {
      schemas: { ...sorted(making.schemas.named), ...problemSchemas(making.told) },
      securitySchemes: Object.fromEntries([...used].map(auth => [auth, securitySchemes[auth]])),
    },
  };
}

const sorted = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));

const versionOfPackage = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8'))).version;

interface Making {
  readonly schemas: Schemas;
  readonly told: readonly ToldProblem[];
}

function operationOf(row: Row, making: Making): Operation {
  const body = bodyOf(row, making.schemas);
  return {
    operationId: row.operation,
    tags: [row.noun],
    summary: row.summary,
    description: row.openBecause
      ? `Open to everybody. ${row.openBecause}.`
      : `For ${(row.roles ?? [row.auth]).join(', ')}.`,
    ...(row.roles ? { 'x-roles': row.roles } : {}),
    security: row.auth === 'none' ? [] : [{ [row.auth]: [] }],
    parameters: [
      ...parametersIn('path', row.pathParams, making.schemas),
      ...parametersIn('query', row.query, making.schemas),
      ...headersOf(row),
    ],
    ...(body ? { requestBody: body } : {}),
    responses: { ...answersOf(row, making.schemas), ...refusalsOf(row, making.told) },
  };
}

function parametersIn(place: 'path' | 'query', from: z.ZodObject | undefined, schemas: Schemas): Parameter[] {
  if (!from) return [];
  const { properties = {}, required = [] } = schemas.of(from);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema,
  }));
}

function headersOf(row: Row): Parameter[] {
  const header = (
    name: string,
    description: string,
    more: { required?: boolean; schema?: Schema } = {},
  ): Parameter => ({
    name,
    in: 'header',
    required: more.required ?? false,
    description,
    schema: more.schema ?? { type: 'string' },
  });
  const key = { required: row.idempotency === 'required', schema: { type: 'string', minLength: 8, maxLength: 255 } };
  return [
    ...(row.idempotency ? [header('Idempotency-Key', 'New for each intent, the same to repeat', key)] : []),
    ...(takesIfMatch(row) ? [header('If-Match', 'The ETag of the bill that the change was made for')] : []),
    ...(304 in row.answers ? [header('If-None-Match', 'The ETag of what you have')] : []),
  ];
}

function bodyOf(row: Row, schemas: Schemas): Body | undefined {
  const most = `at most ${(row.maxBodyBytes ?? defaultMaxBodyBytes) / 1_000_000} MB`;
  const example = exampleBodies[row.operation];
  const shown = example ? { example } : {};
  if (row.bodyFormat === 'raw') {
    const types = row.accepts ?? ['application/json'];
    return {
      description: `${most}, as it is`,
      required: true,
      content: Object.fromEntries(types.map(type => [type, type === 'application/json' ? shown : {}])),
    };
  }
  if (!row.body) return undefined;
  const schema = schemas.of(row.body);
  // An empty body stands for an empty object.
  const required = (schemas.follow(schema).required ?? []).length > 0;
  return { description: most, required, content: { 'application/json': { schema, ...shown } } };
}
