import { readFileSync } from 'node:fs';
import { invariant } from '../../shared/domain/invariant';
import type { Schema } from './schemas';

export interface Fact {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/**
 * The facts that each problem carries, read from the text of `ProblemFacts`: they are types, since the domain brings no
 * schemas along, and types are gone when a program runs. What this small reader does not know, it refuses.
 */
export function readProblemFacts(): ReadonlyMap<string, readonly Fact[]> {
  const text = readFileSync('shared/domain/problem.ts', 'utf8');
  const declared = /export interface ProblemFacts (\{[\s\S]*?\n\})/.exec(text)?.[1]?.replace(/\/\/.*$/gm, '');
  invariant(declared, 'shared/domain/problem.ts declares ProblemFacts');
  const reader = new TypeReader(declared.match(/\w+|\[\]|[{}:;?]/g) ?? []);
  return new Map(reader.members().map(({ name, schema }) => [name, factsOf(schema)]));
}

const factsOf = ({ properties = {}, required = [] }: Schema): Fact[] =>
  Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));

class TypeReader {
  #at = 0;
  constructor(private readonly words: readonly string[]) {}

  /** `{ name: type; name?: type }` */
  members(): Fact[] {
    this.#take('{');
    const members: Fact[] = [];
    while (!this.#skip('}')) {
      const name = this.#next();
      const optional = this.#skip('?');
      this.#take(':');
      members.push({ name, schema: this.#type(), required: !optional });
      this.#skip(';');
    }
    return members;
  }

  #type(): Schema {
    this.#skip('readonly');
    let type = this.#plainType();
    while (this.#skip('[]')) type = { type: 'array', items: type };
    return type;
  }

  #plainType(): Schema {
    if (this.words[this.#at] === '{') {
      const members = this.members();
      const required = members.filter(member => member.required).map(member => member.name);
      return {
        type: 'object',
        properties: Object.fromEntries(members.map(({ name, schema }) => [name, schema])),
        ...(required.length > 0 ? { required } : {}),
      };
    }
    const word = this.#next();
    const known = plainTypes[word];
    invariant(known, `ProblemFacts uses the type ${word}, which the docs cannot show`);
    return known;
  }

  #next(): string {
    const word = this.words[this.#at];
    invariant(word !== undefined, 'ProblemFacts ends too early');
    this.#at += 1;
    return word;
  }

  #skip(word: string): boolean {
    if (this.words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  #take(word: string): void {
    invariant(this.#next() === word, `ProblemFacts has no ${word} where one belongs`);
  }
}

/** Numbers of facts are cents, seconds, bytes, counts. */
const plainTypes: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  number: { type: 'integer' },
  NoFacts: { type: 'object', properties: {} },
};
