import type { ProblemCode, ProblemFacts } from '../../../shared/domain/problem';

/** The API said no, and why: a problem of its catalogue with the facts of the case. */
export class Refused<C extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    readonly code: C,
    readonly facts: ProblemFacts[C],
    /** What happened, what did not, what to do; and the id that finds the request in the logs. */
    readonly told: { readonly detail: string | undefined; readonly requestId: string | undefined },
  ) {
    super(`${status} ${code}`);
  }

  /** The same request with the same key may still succeed. */
  get repeatable(): boolean {
    return this.status >= 500 || this.status === 429 || this.code === 'request_in_progress';
  }
}

/** True when `error` is this refusal; narrows its facts. */
export const isRefused = <C extends ProblemCode>(error: unknown, code: C): error is Refused<C> =>
  error instanceof Refused && error.code === code;

/** Nobody knows whether it happened: no connection, no answer in time, or one that is not the API's. Repeat with the same key. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(
    readonly status: number | undefined,
    cause?: unknown,
  ) {
    super(status === undefined ? 'no answer' : `an answer ${status} that is not the API’s`, { cause });
  }
}

interface ProblemBody {
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly requestId?: string;
}

const isProblem = (content: unknown): content is ProblemBody =>
  typeof content === 'object' && content !== null && 'code' in content && typeof content.code === 'string';

/** What is no problem of the catalogue comes from the gateway, or from somebody between. */
export function refusal(status: number, content: unknown): Refused {
  if (!isProblem(content)) throw new Unanswered(status);
  // Of the members, RFC 9457's own do no harm among the facts.
  const { code, detail, requestId, ...facts } = content;
  return new Refused(status, code, facts, { detail, requestId });
}
