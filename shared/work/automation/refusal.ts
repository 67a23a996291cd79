import { Problem } from '../../domain/problem';

/** What the rules refuse is a reason to skip, told with the run; what only asks to come again is a failure of the task. */
export function refusal(error: unknown): Problem {
  if (error instanceof Problem && !('retryAfterSeconds' in error.facts)) return error;
  throw error;
}
