import type Stripe from 'stripe';
import { type Form, type FormValue, isForm } from './form';
import { refused } from './stripeError';

/** What one parameter may be. `form`: a nested one with names of its own; `forms`: a list of them. */
export type Kind = 'text' | 'integer' | 'boolean' | 'texts' | 'metadata' | 'range' | { form: Shape } | { forms: Shape };
export interface Shape {
  readonly [name: string]: Kind;
}

/** The parameters this stand-in supports, of those which the SDK has for the call. Others are refused aloud. */
export type Takes<P> = { readonly [K in keyof P & string]?: Kind };

export type Range = { gt?: number; gte?: number; lt?: number; lte?: number };

export function checkParameters(form: Form, shape: Shape, within = ''): void {
  const path = (name: string): string => (within === '' ? name : `${within}[${name}]`);
  const unknown = Object.keys(form).filter(name => shape[name] === undefined);
  if (unknown.length > 0)
    throw refused(`Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.map(path).join(', ')}`, {
      code: 'parameter_unknown',
      param: path(unknown[0] ?? ''),
    });
  for (const [name, value] of Object.entries(form)) {
    const kind = shape[name];
    if (kind !== undefined && value !== '') checkValue(value, kind, path(name));
  }
}

function checkValue(value: FormValue, kind: Kind, path: string): void {
  if (typeof kind === 'object') {
    const shape = 'form' in kind ? kind.form : kind.forms;
    const forms = 'form' in kind ? [value] : Array.isArray(value) ? value : [];
    if (!forms.every(isForm) || (forms.length === 0 && 'forms' in kind))
      throw refused(`Invalid object: ${path}`, { param: path });
    for (const [index, form] of forms.entries())
      checkParameters(form, shape, 'form' in kind ? path : `${path}[${index}]`);
  } else if (kind === 'metadata') checkMetadata(value, path);
  else if (kind === 'texts') {
    if (!Array.isArray(value)) throw refused('Invalid array', { param: path });
  } else if (kind === 'range' && isForm(value)) checkParameters(value, rangeShape, path);
  else if (typeof value !== 'string') throw refused('Invalid string: {...}', { param: path });
  else if ((kind === 'integer' || kind === 'range') && !/^-?\d{1,15}$/.test(value))
    throw refused(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: path });
  else if (kind === 'boolean' && value !== 'true' && value !== 'false')
    throw refused(`Invalid boolean: ${value}`, { param: path });
}

const rangeShape: Shape = { gt: 'integer', gte: 'integer', lt: 'integer', lte: 'integer' };

/** docs.stripe.com/api/metadata: 50 keys of 40 characters, values of 500. */
function checkMetadata(value: FormValue, param: string): void {
  if (!isForm(value)) throw refused('Metadata must be a hash of keys and values.', { param });
  const entries = Object.entries(value);
  if (entries.length > 50) throw refused('Metadata can have up to 50 keys.', { param });
  for (const [name, text] of entries)
    if (name.length > 40 || typeof text !== 'string' || text.length > 500)
      throw refused('Metadata keys can be up to 40 characters long and values up to 500 characters long.', { param });
}

/** Reads what a call was given; names are those of the SDK's own parameters. */
export class Parameters<P> {
  constructor(private readonly form: Form) {}

  has(name: keyof P & string): boolean {
    return this.form[name] !== undefined;
  }

  /** Absent: undefined. Empty: null, Stripe's way to unset. */
  text(name: keyof P & string): string | null | undefined {
    const value = this.form[name];
    return value === '' ? null : typeof value === 'string' ? value : undefined;
  }

  need(name: keyof P & string): string {
    const value = this.text(name);
    if (value === undefined || value === null)
      throw refused(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
    return value;
  }

  integer(name: keyof P & string): number | undefined {
    const value = this.text(name);
    return value === undefined || value === null ? undefined : Number(value);
  }

  flag(name: keyof P & string): boolean | undefined {
    const value = this.form[name];
    return value === undefined ? undefined : value === 'true';
  }

  texts(name: keyof P & string): string[] {
    const value = this.form[name];
    return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : [];
  }

  /** The names that one typed call nests under `name`. */
  nested<Q>(name: keyof P & string): Parameters<Q> | undefined {
    const value = this.form[name];
    return isForm(value) ? new Parameters<Q>(value) : undefined;
  }

  forms<Q>(name: keyof P & string): Parameters<Q>[] {
    const value = this.form[name];
    return Array.isArray(value) ? value.filter(isForm).map(form => new Parameters<Q>(form)) : [];
  }

  range(name: keyof P & string): Range {
    const value = this.form[name];
    if (typeof value === 'string') return { gte: Number(value), lte: Number(value) };
    return isForm(value) ? Object.fromEntries(Object.entries(value).map(([word, at]) => [word, Number(at)])) : {};
  }

  /** Metadata merged as Stripe does: an empty value removes the key, an empty whole removes all. */
  metadata(name: keyof P & string, kept: Stripe.Metadata | null = {}): Stripe.Metadata {
    const value = this.form[name];
    if (value === '') return {};
    const merged: Record<string, string> = { ...kept };
    if (isForm(value))
      for (const [key, text] of Object.entries(value))
        if (text === '') delete merged[key];
        else if (typeof text === 'string') merged[key] = text;
    return merged;
  }
}
