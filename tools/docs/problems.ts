import type { ProblemCode } from '../../shared/domain/problem';
import { catalogue, problemDocument } from '../../shared/http/problemJson';
import { type Fact, readProblemFacts } from './problemFacts';
import { components, type Schema } from './schemas';

/** A refusal as the docs tell it. */
export interface ToldProblem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What happened, what did not, what to do; facts stand in it as `{name}`. */
  readonly detail: string;
  readonly facts: readonly Fact[];
}

const isCode = (name: string): name is ProblemCode => name in catalogue;

/** Every refusal of the catalogue, and the one for what is our own fault; by status. */
export function toldProblems(): ToldProblem[] {
  const factsOf = readProblemFacts();
  const told = Object.keys(catalogue)
    .filter(isCode)
    .map(code => {
      const { status, title, detail } = catalogue[code];
      const facts = factsOf.get(code) ?? [];
      return { code, status, title, detail: typeof detail === 'string' ? detail : filledIn(detail, facts), facts };
    });
  const { status, body } = problemDocument(new Error('not a Problem'), 'the request');
  const ours = { code: String(body.code), status, title: String(body.title), detail: String(body.detail), facts: [] };
  return [...told, ours].sort((a, b) => a.status - b.status);
}

/** The sentence with each fact's name in the place of its value. */
function filledIn(detail: (facts: never) => string, facts: readonly Fact[]): string {
  const named = facts.map(({ name, schema }) => [name, schema.type === 'array' ? [`{${name}}`] : `{${name}}`]);
  return Reflect.apply(detail, undefined, [Object.fromEntries(named)]);
}

export const schemaNameOf = (code: string): string =>
  `${code.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Problem`;

/** RFC 9457, with what this API adds to it. */
const problemSchema: Schema = {
  type: 'object',
  description:
    'RFC 9457. The facts of the case stand beside these members; `type` leads to the section that explains it.',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, what did not, what to do' },
    code: { type: 'string' },
    requestId: { type: 'string', description: 'Names the request in our logs' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
};

/** `Problem`, and one schema a code with its facts. */
export const problemSchemas = (told: readonly ToldProblem[]): Record<string, Schema> => ({
  Problem: problemSchema,
  ...Object.fromEntries(told.map(problem => [schemaNameOf(problem.code), schemaOf(problem)])),
});

const schemaOf = ({ code, status, title, detail, facts }: ToldProblem): Schema => ({
  allOf: [
    { $ref: `${components}Problem` },
    {
      type: 'object',
      description: `${title}. ${detail}`,
      properties: {
        code: { type: 'string', const: code },
        status: { type: 'integer', const: status },
        ...Object.fromEntries(facts.map(({ name, schema }) => [name, schema])),
      },
      required: ['code', 'status', ...facts.filter(fact => fact.required).map(fact => fact.name)],
    },
  ],
});
