import * as z from 'zod';
import type { Row } from '../../shared/operations/row';
import type { Answer, Content, Header } from './contract';
import { schemaNameOf, type ToldProblem } from './problems';
import { problemsOf } from './problemsOf';
import { components, type Schema, type Schemas } from './schemas';

const meanings: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted; the work goes on afterwards',
  204: 'Done; there is nothing to say',
  302: 'A link that holds for a short time, in Location',
  304: 'Nothing changed since',
};

/** What success looks like, by status. */
export function answersOf(row: Row, schemas: Schemas): Record<string, Answer> {
  const answers = Object.entries(row.answers).map(([status, given]): [string, Answer] => {
    const content = given === null ? {} : contentOf(given, row, schemas);
    const headers = answerHeaders(row, status, Object.values(content)[0]?.schema, schemas);
    return [
      status,
      {
        description: meanings[status] ?? 'Done',
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
        ...(given === null ? {} : { content }),
      },
    ];
  });
  return Object.fromEntries(answers);
}

function contentOf(given: z.ZodType | 'bytes', row: Row, schemas: Schemas): Record<string, Content> {
  const bytes = { [row.bytesAre ?? 'application/octet-stream']: {} };
  if (given === 'bytes') return bytes;
  if (!(given instanceof z.ZodUnion)) return { 'application/json': { schema: schemas.answer(given) } };
  const [only, ...others] = given.options.filter(isJson);
  const schema = schemas.answer(only && others.length === 0 ? only : given);
  return { 'application/json': { schema }, ...(given.options.every(isJson) ? {} : bytes) };
}

/** Bytes are declared as an instance of their class, which JSON cannot show. */
const isJson = (schema: unknown): schema is z.ZodType =>
  schema instanceof z.ZodType && !(schema instanceof z.ZodCustom);

function answerHeaders(row: Row, status: string, schema: Schema | undefined, schemas: Schemas): Record<string, Header> {
  const told = (description: string, type = 'string'): Header => ({ description, schema: { type } });
  const properties = schema ? (schemas.follow(schema).properties ?? {}) : {};
  const ofBill = 'bill' in properties || ('billId' in properties && 'version' in properties);
  return {
    ...(ofBill ? { ETag: told('The bill’s version, for If-Match') } : {}),
    ...(304 in row.answers ? { ETag: told('For If-None-Match') } : {}),
    ...(row.idempotency ? { 'Idempotent-Replayed': told('`true` when the key was answered before') } : {}),
    ...(status === '302' ? { Location: told('The link') } : {}),
  };
}

/** What a refusal looks like, by status. */
export function refusalsOf(row: Row, told: readonly ToldProblem[]): Record<string, Answer> {
  const codes = problemsOf(row);
  const mine = told.filter(({ code }) => codes.includes(code));
  return Object.fromEntries(
    mine.map(({ status }) => [status, refusal(mine.filter(problem => problem.status === status))]),
  );
}

function refusal(problems: readonly ToldProblem[]): Answer {
  const refs = problems.map(({ code }) => ({ $ref: components + schemaNameOf(code) }));
  const waits = problems.some(problem => problem.facts.some(fact => fact.name === 'retryAfterSeconds'));
  const retryAfter: Header = { description: 'Seconds to wait', schema: { type: 'integer' } };
  return {
    description: problems.map(({ code, title }) => `\`${code}\`: ${title}`).join('; '),
    'x-problems': problems.map(problem => problem.code),
    ...(waits ? { headers: { 'Retry-After': retryAfter } } : {}),
    content: { 'application/problem+json': { schema: refs.length === 1 ? { ...refs[0] } : { oneOf: refs } } },
  };
}
