import type * as z from 'zod';

/** What is wrong with one place of a request: an RFC 6901 pointer, and a sentence that says what it must be. */
export interface InputIssue {
  readonly pointer: string;
  readonly message: string;
}

/** Enough to mend a request by; a hundred thousand unknown fields are not told one by one. */
const mostIssues = 100;
const mostLetters = 200;

/** The value as the schema reads it; what is wrong with it is added to `issues`, and the answer is nothing then. */
export function readPart<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  issues: InputIssue[],
): z.output<S> | undefined {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value, { error: sentence });
  if (parsed.success) return parsed.data;
  issues.push(...issuesIn(parsed.error.issues).slice(0, mostIssues));
  return undefined;
}

/** What a schema found, place by place. */
export const issuesIn = (issues: readonly z.core.$ZodIssue[]): InputIssue[] => issues.flatMap(issue => located(issue));

type Path = readonly PropertyKey[];

export const pointerTo = (path: Path): string =>
  path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function located(issue: z.core.$ZodIssue, above: Path = []): InputIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const message = 'is not a field of this request';
    return issue.keys.map(key => ({ pointer: pointerTo([...path, key.slice(0, mostLetters)]), message }));
  }
  if (issue.code === 'invalid_union') {
    // Where the value is of one option's kind, what is wrong lies inside it.
    const fitting = issue.errors.filter(option => option.every(isInside));
    if (fitting.length === 1) return fitting.flat().flatMap(inner => located(inner, path));
    const choices = issue.errors.map(option => option[0]?.message).join(', or ');
    return [{ pointer: pointerTo(path), message: choices || issue.message }];
  }
  return [{ pointer: pointerTo(path), message: issue.message }];
}

const isInside = ({ path, code }: z.core.$ZodIssue): boolean => path.length > 0 || code === 'unrecognized_keys';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** `most` and `least` of what is counted: characters, members, or the number itself. */
const bound = (origin: unknown, which: 'most' | 'least', limit: unknown): string => {
  if (origin === 'string') return `must have at ${which} ${String(limit)} characters`;
  return origin === 'array' ? `must have at ${which} ${String(limit)} members` : `must be at ${which} ${String(limit)}`;
};

/** For whatever a schema says nothing about by itself. Never quotes the input: problems are kept by other systems. */
export const sentence = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.input === undefined) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[String(issue.expected)] ?? String(issue.expected)}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : bound(issue.origin, 'least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'most', issue.maximum);
    case 'invalid_value':
      return `must be ${choiceOf(issue.values)}`;
    case 'invalid_union':
      return issue.options ? `must be ${choiceOf(issue.options)}` : undefined;
    case 'invalid_format':
      return issue.format === 'email' ? 'must be an e-mail address such as name@example.com' : undefined;
    default:
      return undefined;
  }
};

const choiceOf = (values: unknown): string => {
  const known = Array.isArray(values) ? values.map(String) : [];
  return known.length > 1 ? `one of ${known.join(', ')}` : known.join();
};
