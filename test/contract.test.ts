import * as z from 'zod';
import type { ProblemCode } from '../shared/domain/problem';
import { Problem } from '../shared/domain/problem';
import { catalogue, problemDocument } from '../shared/http/problemJson';
import { rows } from '../shared/operations';
import { exampleBodies } from '../shared/operations/examples';
import type { Row } from '../shared/operations/row';
import { contractFiles } from '../tools/docs/contractFiles';
import { openApiDocument } from '../tools/docs/openapi';
import { schemaNameOf, toldProblems } from '../tools/docs/problems';
import { problemsOf } from '../tools/docs/problemsOf';
import type { Schema } from '../tools/docs/schemas';

const contract = openApiDocument();
const operationOf = ({ path, method }: Row) => {
  const found = contract.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`${method} ${path} is not in the contract`);
  return found;
};
const each = rows.map(row => [row.operation, row] as const);

/** Every object inside, the outermost first. */
function inside(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(inside)];
}
const refsIn = (value: unknown): string[] =>
  inside(value).flatMap(object => ('$ref' in object ? [String(object.$ref)] : []));

describe('the document', () => {
  test('is OpenAPI 3.1 with the operations of the rows and no others', () => {
    expect(contract.openapi).toMatch(/^3\.1\.\d$/);
    const told = Object.entries(contract.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${path}`),
    );
    expect(told.sort()).toEqual(rows.map(row => `${row.operation}: ${row.method} ${row.path}`).sort());
    expect(contract.tags.map(tag => tag.name).sort()).toEqual([...new Set(rows.map(row => row.noun))].sort());
  });

  test('refers to nothing that is not there, and holds no schema that nothing refers to', () => {
    const there = Object.keys(contract.components.schemas).map(name => `#/components/schemas/${name}`);
    const referred = new Set(refsIn(contract));
    expect([...referred].filter(ref => !there.includes(ref))).toEqual([]);
    expect(there.filter(ref => !referred.has(ref))).toEqual([]);
  });

  test('uses only what JSON Schema and OpenAPI know', () => {
    const keywords = new Set(
      'type description const enum format pattern default minLength maxLength minimum maximum minItems maxItems items properties required additionalProperties propertyNames anyOf oneOf allOf $ref'.split(
        ' ',
      ),
    );
    const unknown = (schema: Schema): string[] => [
      ...Object.keys(schema).filter(keyword => !keywords.has(keyword)),
      ...[...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(unknown),
      ...[schema.items, schema.additionalProperties].flatMap(inner =>
        typeof inner === 'object' ? unknown(inner) : [],
      ),
      ...(schema.allOf ?? []).flatMap(unknown),
    ];
    const everySchema = inside(contract).flatMap(object => ('schema' in object ? [object.schema as Schema] : []));
    const named = Object.values(contract.components.schemas);
    expect([...new Set([...everySchema, ...named].flatMap(unknown))]).toEqual([]);
    expect(Object.keys(contract.components.schemas).filter(name => !/^[\w.-]+$/.test(name))).toEqual([]);
  });

  test('comes out the same each time, so that a function’s asset changes with the rows alone', () => {
    expect(contractFiles()).toEqual(contractFiles());
  });

  test('tells a calendar date from other text, and what a rule says', () => {
    const { properties = {} } =
      operationOf(byName('createBill')).requestBody?.content['application/json']?.schema ?? {};
    expect(properties.dueOn).toMatchObject({ type: 'string', format: 'date' });
    expect(properties.clientId).toMatchObject({ pattern: expect.stringMatching(/^\^cli_/) });
    const { properties: adjusted = {} } =
      operationOf(byName('adjustBill')).requestBody?.content['application/json']?.schema ?? {};
    expect(adjusted.amountCents?.description).toBe('must not be 0');
  });
});

const byName = (operation: string): Row => {
  const found = rows.find(row => row.operation === operation);
  if (!found) throw new Error(`there is no ${operation}`);
  return found;
};

describe.each(each)('%s', (name, row) => {
  const operation = operationOf(row);

  test('declares each parameter of its path, and each of its query, once', () => {
    const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const declared = (place: string) => operation.parameters.filter(parameter => parameter.in === place);
    expect(declared('path').map(parameter => [parameter.name, parameter.required])).toEqual(
      inPath.map(parameter => [parameter, true]),
    );
    expect(declared('query').map(parameter => parameter.name)).toEqual(Object.keys(row.query?.shape ?? {}));
  });

  test('says who may call it', () => {
    expect(operation.security).toEqual(row.auth === 'none' ? [] : [{ [row.auth]: [] }]);
    for (const scheme of operation.security.flatMap(Object.keys))
      expect(contract.components.securitySchemes).toHaveProperty(scheme);
    expect(operation['x-roles']).toEqual(row.roles);
  });

  test('wants a key where the row does', () => {
    const key = operation.parameters.find(parameter => parameter.name === 'Idempotency-Key');
    expect(key?.required).toBe(row.idempotency === undefined ? undefined : row.idempotency === 'required');
  });

  test('tells each status of its row, each of its problems, and nothing else', () => {
    const told = toldProblems().filter(({ code }) => problemsOf(row).includes(code));
    const statuses = [...Object.keys(row.answers), ...told.map(problem => String(problem.status))];
    expect(Object.keys(operation.responses).sort()).toEqual([...new Set(statuses)].sort());
    for (const { code, status } of told) {
      const refs = refsIn(operation.responses[status]?.content?.['application/problem+json']);
      expect(refs).toContain(`#/components/schemas/${schemaNameOf(code)}`);
    }
    expect(problemsOf(row)).toEqual(expect.arrayContaining([...(row.problems ?? []), 'internal_error']));
  });

  test('has a schema for each answer in JSON, and a type for each in bytes', () => {
    for (const [status, answer] of Object.entries(row.answers)) {
      const types = Object.entries(operation.responses[status]?.content ?? {});
      if (answer === null) expect(types).toEqual([]);
      else if (answer === 'bytes') expect(types).toEqual([[row.bytesAre, {}]]);
      else expect(types[0]).toEqual(['application/json', { schema: expect.any(Object) }]);
    }
  });

  if (row.body) {
    test('shows an example that its schema takes, and a schema that takes no field it does not know', () => {
      const { schema = {}, example } = operation.requestBody?.content['application/json'] ?? {};
      expect(example).toEqual(exampleBodies[name]);
      const taken = z.fromJSONSchema({ ...schema } as Parameters<typeof z.fromJSONSchema>[0]);
      expect(taken.safeParse(example).error?.issues ?? []).toEqual([]);
      expect(taken.safeParse({ ...Object(example), misspelt: 1 }).success).toBe(false);
    });
  }
});

describe('problems', () => {
  const codes = Object.keys(catalogue) as ProblemCode[];
  const schemas = JSON.stringify(contract.components.schemas)
    .replaceAll('#/components/schemas/', '#/$defs/')
    // zod takes no relative reference for one.
    .replaceAll('"format":"uri-reference"', '"minLength":1');
  const $defs = JSON.parse(schemas);
  const takes = (code: string, body: unknown) =>
    z.fromJSONSchema({ ...$defs[schemaNameOf(code)], $defs }).safeParse(body).error?.issues ?? [];

  test.each(codes)('%s is told as it is answered: status, title, and the facts that it carries', code => {
    const told = toldProblems().find(problem => problem.code === code);
    const facts = Object.fromEntries((told?.facts ?? []).map(({ name, schema }) => [name, sampleOf(schema)]));
    const { status, body } = problemDocument(Reflect.construct(Problem, [code, facts]), 'req_1');
    expect([told?.status, told?.title]).toEqual([status, body.title]);
    expect(takes(code, body)).toEqual([]);
    expect(told?.detail).not.toMatch(/undefined|nothing \(|\[object/);
    for (const { name } of (told?.facts ?? []).filter(fact => fact.required))
      expect(takes(code, { ...body, [name]: undefined })).not.toEqual([]);
  });

  test('what is our own fault is told as well, without facts', () => {
    const { status, body } = problemDocument(new Error('secret'), 'req_1');
    expect(toldProblems().at(-1)?.status).toBe(503);
    expect(toldProblems().find(problem => problem.code === 'internal_error')).toMatchObject({ status, facts: [] });
    expect(takes('internal_error', body)).toEqual([]);
  });

  test('each has the section that its `type` names', () => {
    const { 'docs.html': page } = contractFiles();
    for (const code of codes) {
      const { body } = problemDocument(Reflect.construct(Problem, [code, { roles: [], accepted: [] }]), 'req_1');
      expect(page).toContain(`id="${String(body.type).split('#')[1]}"`);
    }
  });
});

/** A value of this shape. */
function sampleOf(schema: Schema): unknown {
  if (schema.type === 'array') return [sampleOf(schema.items ?? {})];
  if (schema.type === 'object')
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sampleOf(inner)]));
  return schema.type === 'integer' ? 7 : 'text';
}
