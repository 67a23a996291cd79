import { invariant } from '../shared/domain/invariant';
import { standsIn } from './standIns';

/** A source map as esbuild writes it (https://tc39.es/ecma426). */
export interface SourceMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** `[column]` of generated code, or with `source, line, column` and perhaps `name` of where it comes from. */
type Segment = readonly number[];

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const valueOfDigit = new Map([...digits].map((digit, value) => [digit, value]));

function decoded(segment: string): number[] {
  const fields: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = valueOfDigit.get(digit);
    invariant(bits !== undefined, `${digit} is no digit of a source map`);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    fields.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return fields;
}

function encoded(fields: readonly number[]): string {
  let text = '';
  for (const field of fields) {
    let rest = field < 0 ? (-field << 1) | 1 : field << 1;
    do {
      const more = rest > 31 ? 32 : 0;
      text += digits[(rest & 31) | more];
      rest >>>= 5;
    } while (rest > 0);
  }
  return text;
}

/** Fields count from those of the segment before: columns within their line, the others over the whole map. */
function linesOf({ mappings }: SourceMap): Segment[][] {
  const before = [0, 0, 0, 0, 0];
  return mappings.split(';').map(line => {
    before[0] = 0;
    return line === ''
      ? []
      : line.split(',').map(text =>
          decoded(text).map((step, field) => {
            const sum = (before[field] ?? 0) + step;
            before[field] = sum;
            return sum;
          }),
        );
  });
}

function mappingsOf(lines: readonly (readonly Segment[])[]): string {
  const before = [0, 0, 0, 0, 0];
  const step = (segment: Segment) =>
    segment.map((value, field) => {
      const difference = value - (before[field] ?? 0);
      before[field] = value;
      return difference;
    });
  return lines
    .map(line => {
      before[0] = 0;
      return line.map(segment => encoded(step(segment))).join(',');
    })
    .join(';');
}

/** Gives each thing a number when it is first asked for. */
class Numbered<T> {
  readonly #numbers = new Map<T, number>();
  of(thing: T): number {
    const number = this.#numbers.get(thing) ?? this.#numbers.size;
    this.#numbers.set(thing, number);
    return number;
  }
  get all(): T[] {
    return [...this.#numbers.keys()];
  }
}

/**
 * The map of our own code alone. Node reads the maps of all that it loads before a function's first answer, and those of
 * packages, which say where inside the AWS SDK a line comes from, are most of them.
 */
export function ownMap(map: SourceMap): SourceMap {
  const isOwn = map.sources.map(source => !source.includes('node_modules/') && !standsIn(source));
  const sources = new Numbered<string>();
  const names = new Numbered<string>();
  const lines = linesOf(map).map(line => {
    const kept: Segment[] = [];
    for (const [column = 0, source, atLine = 0, atColumn = 0, name] of line) {
      if (source !== undefined && isOwn[source]) {
        const place = [column, sources.of(map.sources[source] ?? ''), atLine, atColumn];
        kept.push(name === undefined ? place : [...place, names.of(map.names[name] ?? '')]);
      } else if ((kept.at(-1)?.length ?? 1) > 1) kept.push([column]);
    }
    return kept;
  });
  return { ...map, sources: sources.all, names: names.all, mappings: mappingsOf(lines) };
}
