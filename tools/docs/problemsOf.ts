import type { ProblemCode } from '../../shared/domain/problem';
import type { Row } from '../../shared/operations/row';

/** What an operation may answer instead of success: its row's own problems, and those that `serve` finds for any row. */
export function problemsOf(row: Row): string[] {
  const json = row.bodyFormat !== 'raw';
  const sends = row.method !== 'GET';
  const codes: (ProblemCode | 'internal_error' | false)[] = [
    // A body is read where none belongs as well, so that nothing is lost in silence.
    sends && (json || row.accepts?.includes('application/json') === true) && 'malformed_json',
    row.idempotency !== undefined && 'idempotency_key_required',
    // Behind the front door an open route is never forbidden.
    row.auth !== 'none' && 'unauthenticated',
    row.auth !== 'none' && 'forbidden',
    // Ids stand in paths, and in what staff send.
    (row.pathParams !== undefined || (row.auth === 'staff' && (sends || row.query !== undefined))) && 'not_found',
    sends && 'body_too_large',
    sends && (json || row.accepts !== undefined) && 'unsupported_media_type',
    'invalid_input',
    row.idempotency !== undefined && 'idempotency_key_reused',
    // A write that goes on losing its race gives up after 5 s.
    row.uses.includes('table:write') && 'busy',
    // Every table call may find the table silent, every call to Stripe Stripe.
    row.uses.length > 0 && 'dependency_down',
    ...(row.problems ?? []),
    'internal_error',
  ];
  return [...new Set(codes.filter(code => code !== false))];
}

/** Changes to a bill bear the version that they were made for. */
export const takesIfMatch = (row: Row): boolean => row.problems?.includes('version_conflict') ?? false;
