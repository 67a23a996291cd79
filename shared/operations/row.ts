import type * as z from 'zod';
import type { ProblemCode } from '../domain/problem';

export type Role = 'admin' | 'biller' | 'practitioner' | 'supervisor' | 'scheduler';

/** What a function may touch; infra turns each into statements of its role, the one-machine cloud enforces them. */
export type Use =
  | 'table:read'
  | 'table:write'
  | 'documents:read'
  | 'documents:write'
  | 'stripe'
  | 'stripeWebhookSecret'
  | 'linkKey'
  | 'mail'
  | 'mailQueue'
  | 'stripeQueue'
  | 'chargesQueue'
  | 'reconciliationQueue'
  | 'workQueue'
  | 'identity';

/**
 * One row per operation: routes, functions, IAM rights, OpenAPI, the typed client, the one-machine cloud and the README's
 * table all derive from it. Nothing of an operation is listed anywhere else.
 */
export interface Row {
  /** The handler's name: `functions/<noun>/<operation>.ts`. */
  readonly operation: string;
  readonly noun: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in the contract, without `/api`. */
  readonly path: `/${string}`;
  readonly auth: 'staff' | 'guest' | 'client' | 'none';
  /** Required for `auth: 'none'`: why anybody may call it. */
  readonly openBecause?: string;
  /** Required for `auth: 'staff'`. */
  readonly roles?: readonly Role[];
  readonly pathParams?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** `raw`: the handler gets the body as bytes (webhooks, CSV). */
  readonly bodyFormat?: 'json' | 'raw';
  /** Content types taken when the body is raw. */
  readonly accepts?: readonly string[];
  /** Answers by status; `null` has no body, `'bytes'` is not JSON. */
  readonly answers: AnswerSchemas;
  /** The content type of an answer in bytes. */
  readonly bytesAre?: string;
  /** `required` where money moves; other POSTs accept a key. */
  readonly idempotency?: 'required' | 'accepted';
  readonly maxBodyBytes?: number;
  readonly uses: readonly Use[];
  /** Beyond those that every operation may answer. */
  readonly problems?: readonly ProblemCode[];
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
}

export type AnswerSchemas = Readonly<Record<number, z.ZodType | null | 'bytes'>>;

/** Declares a row with its literal types kept, from which `Input` and `Output` of its handler derive. */
export const row = <const R extends Row>(definition: R): R => definition;

/** Roles by what they may do (`docs/guides/roles.md`); the domain's section 5.9 and clarification 42. */
export const billingRoles = ['admin', 'biller', 'practitioner', 'supervisor'] as const satisfies readonly Role[];
export const officeRoles = ['admin', 'biller'] as const satisfies readonly Role[];
export const adminRoles = ['admin'] as const satisfies readonly Role[];
export const everyRole = [
  'admin',
  'biller',
  'practitioner',
  'supervisor',
  'scheduler',
] as const satisfies readonly Role[];

/** Default limit of a body; rows that take imports name their own. */
export const defaultMaxBodyBytes = 1_000_000;
