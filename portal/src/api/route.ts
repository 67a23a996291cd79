import type * as z from 'zod';
import type { AnswerSchemas, Row } from '../../../shared/operations/row';
import type { Intent } from './intent';

/** What a browser needs of a row; the row's type comes along, its schemas stay behind. */
export interface Route<R extends Row> {
  readonly method: R['method'];
  readonly path: R['path'];
  /** Never there: it carries the type. */
  readonly row?: R;
}

type PartOf<R, Part extends string> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.input<S>
  : undefined;
type BodyOf<R> = R extends { readonly bodyFormat: 'raw' } ? string | Uint8Array<ArrayBuffer> : PartOf<R, 'body'>;

/** Absent when the row has none, optional when nothing of it is required. */
type Given<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [N in Name]?: never }
  : Record<never, never> extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value };

type Key = Intent | string;
type KeyOf<R> = R extends { readonly idempotency: 'required' }
  ? { readonly key: Key }
  : R extends { readonly idempotency: 'accepted' }
    ? { readonly key?: Key }
    : { readonly key?: never };

export interface Circumstances {
  /** Instead of the client's own token. */
  readonly token?: string | undefined;
  /** The version of the bill that the change is made for. */
  readonly ifMatch?: number;
  /** Of a body that is sent as it is. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export type Asked<R extends Row> = Given<'path', PartOf<R, 'pathParams'>> &
  Given<'query', PartOf<R, 'query'>> &
  Given<'body', BodyOf<R>> &
  KeyOf<R> &
  Circumstances;

/** An answer that comes as JSON or as bytes is asked for as JSON. */
type AnsweredBody<S> = S extends z.ZodType
  ? Exclude<z.input<S>, Uint8Array>
  : S extends 'bytes'
    ? Uint8Array
    : undefined;

/** By status. Redirections are followed, and nothing is asked for conditionally. */
export type Answer<R extends { readonly answers: AnswerSchemas }> = {
  [S in Exclude<keyof R['answers'] & number, 302 | 304>]: {
    readonly status: S;
    readonly body: AnsweredBody<R['answers'][S]>;
    /** The bill's version, for `ifMatch`. */
    readonly version: number | undefined;
    /** The key was answered before. */
    readonly replayed: boolean;
  };
}[Exclude<keyof R['answers'] & number, 302 | 304>];

/** What an operation answers, by its route. */
export type AnswerTo<T> = T extends Route<infer R> ? Answer<R> : never;

export type Api = <R extends Row>(
  route: Route<R>,
  ...asked: Record<never, never> extends Asked<R> ? [Asked<R>?] : [Asked<R>]
) => Promise<Answer<R>>;
