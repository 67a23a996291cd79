import type Stripe from 'stripe';
import type { Desk } from './desk';
import type { Form } from './form';
import { tableOf } from './model';
import type { Kind, Range, Shape } from './parameters';
import { Parameters } from './parameters';
import { invalid, missing, refused } from './stripeError';

type Paging = Stripe.PaginationParams & { created?: Stripe.RangeQueryParam };

const pagingTakes: Shape = { ending_before: 'text', expand: 'texts', limit: 'integer', starting_after: 'text' };

/** A list's filters are fields of its objects; `created` takes a range. */
export const listTakes = (...filters: string[]): Shape => ({
  ...pagingTakes,
  ...Object.fromEntries(filters.map((name): [string, Kind] => [name, name === 'created' ? 'range' : 'text'])),
});

/** Newest first, as Stripe; objects of the same second keep their order. */
export function page<T extends { id: string }>(rows: readonly T[], form: Form, url: string): Stripe.ApiList<T> {
  const given = new Parameters<Paging>(form);
  const limit = given.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw refused(`Invalid integer: ${limit}. Must be between 1 and 100.`, {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  const ending = given.text('ending_before');
  const starting = given.text('starting_after');
  const kept = matching(rows, form).reverse();
  if (ending) {
    const before = kept.slice(0, indexOf(kept, ending, 'ending_before'));
    return { object: 'list', data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const rest = starting ? kept.slice(indexOf(kept, starting, 'starting_after') + 1) : kept;
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

function indexOf(rows: readonly { id: string }[], id: string, param: string): number {
  const index = rows.findIndex(row => row.id === id);
  if (index < 0) throw missing('object', id, param);
  return index;
}

function matching<T extends { id: string }>(rows: readonly T[], form: Form): T[] {
  const created = new Parameters<Paging>(form).range('created');
  const filters = Object.entries(form).filter(([name]) => pagingTakes[name] === undefined && name !== 'created');
  return rows.filter(row => {
    const fields = row as Record<string, unknown>;
    return within(Number(fields.created ?? 0), created) && filters.every(([name, value]) => fields[name] === value);
  });
}

const within = (at: number, { gt, gte, lt, lte }: Range): boolean =>
  (gt === undefined || at > gt) &&
  (gte === undefined || at >= gte) &&
  (lt === undefined || at < lt) &&
  (lte === undefined || at <= lte);

/** Lists that an object holds only when they are asked for. */
export type Included = (desk: Desk, object: Record<string, unknown>, name: string) => object | undefined;

/** Replaces ids by their objects along `latest_charge.balance_transaction` or `data.charge`; refuses what has none. */
export function expand(desk: Desk, answer: object, paths: readonly string[], included: Included): object {
  const copy = structuredClone(answer) as Record<string, unknown>;
  for (const path of paths) expandPath(desk, copy, { names: path.split('.'), path, included });
  return copy;
}

interface Wanted {
  names: string[];
  path: string;
  included: Included;
}

function expandPath(desk: Desk, object: Record<string, unknown>, wanted: Wanted): void {
  const [name = '', ...names] = wanted.names;
  const rest = { ...wanted, names };
  if (name === 'data' && object.object === 'list' && Array.isArray(object.data)) {
    for (const entry of object.data as Record<string, unknown>[]) expandPath(desk, entry, rest);
    return;
  }
  const value = object[name] === undefined ? wanted.included(desk, object, name) : objectOf(desk, object[name]);
  if (value === undefined)
    throw invalid(`This property cannot be expanded (${wanted.path}).`, { param: 'expand' }).notKept();
  if (value === null) return;
  object[name] = value;
  if (names.length > 0) expandPath(desk, value as Record<string, unknown>, rest);
}

/** Undefined where the field holds no object. */
function objectOf(desk: Desk, value: unknown): object | null | undefined {
  if (value === null || (typeof value === 'object' && value !== null)) return value;
  if (typeof value !== 'string') return undefined;
  const table = tableOf(value);
  const found = table && desk.find(table, value);
  return found && structuredClone(found);
}
