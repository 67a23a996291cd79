/**
 * A `Problem` is a refusal that the caller can mend: it carries a code of the catalogue and the facts of the case.
 * Facts hold ids, cents and dates only, never a name or anything clinical (they are logged and shown to other systems).
 * What only we can mend is an `invariant` failure, which answers 500.
 */
export interface ProblemFacts {
  // 400
  malformed_json: NoFacts;
  idempotency_key_required: NoFacts;
  bad_signature: NoFacts;
  // 401, 403
  unauthenticated: { reason: string };
  sign_in_refused: NoFacts;
  last_card: NoFacts;
  default_card: NoFacts;
  forbidden: { roles: readonly string[] };
  second_factor_required: NoFacts;
  // 402
  card_declined: { paymentId: string; declineCode: string };
  authentication_required: { paymentId: string };
  // 404
  not_found: { what: string };
  bill_not_found: NoFacts;
  // 409
  amount_exceeds_balance: { clientBalanceCents?: number; insurerBalanceCents?: number };
  payment_in_progress: { reservedCents: number; clientBalanceCents: number };
  insufficient_credit: { creditCents: number };
  bill_cancelled: NoFacts;
  bill_already_paid: NoFacts;
  bill_has_payments: { payments: readonly { paymentId: string; appliedCents: number }[] };
  session_already_billed: { sessions: readonly string[] };
  session_not_billable: { sessions: readonly { sessionId: string; reason: string }[] };
  session_state: { sessionStatus: string; billing: string };
  no_card: NoFacts;
  card_expired: NoFacts;
  no_insurer_portion: NoFacts;
  adjustment_below_zero: { clientPortionCents: number };
  refund_exceeds_payment: { refundableCents: number };
  refund_found_in_stripe: { foundCents: number; refundableCents: number };
  payment_disputed: { paymentId: string };
  effect_already_decided: NoFacts;
  already_attached: { paymentId: string };
  attempt_not_in_doubt: { attemptStatus: string };
  stripe_not_connected: NoFacts;
  stripe_refused: { reason?: string };
  stripe_connected: { accountId?: string };
  external_payer: NoFacts;
  no_recipient_email: NoFacts;
  email_not_allowed: NoFacts;
  email_suppressed: NoFacts;
  share_already_sent: NoFacts;
  no_eligible_services: NoFacts;
  provider_not_chosen: { providers: readonly string[]; suggestedId: string };
  document_superseded: { supersededBy: string };
  document_out_of_date: NoFacts;
  client_has_balance: { balanceCents?: number; creditCents?: number; insurerBalanceCents?: number };
  client_archived: NoFacts;
  autopay_off: NoFacts;
  autopay_balance_unconfirmed: { openBalanceCents: number };
  last_billing_admin: NoFacts;
  already_exists: { what: string; id: string };
  request_in_progress: NoFacts;
  // 412, 413, 415
  version_conflict: { version: number };
  body_too_large: { maxBodyBytes: number };
  unsupported_media_type: { accepted: readonly string[] };
  // 422
  invalid_input: { errors: readonly { pointer: string; message: string }[] };
  idempotency_key_reused: NoFacts;
  client_portion_not_allowed: NoFacts;
  client_portion_exceeds_amount: { sessionId: string; amountCents: number };
  paid_at_not_allowed: NoFacts;
  paid_at_in_future: NoFacts;
  due_before_issued: { issuedOn: string };
  lines_do_not_add_up: { expectedCents: number; actualCents: number };
  line_below_paid: { lineId: string; insurerPaidCents: number };
  too_many_sessions: { limit: number };
  too_much_at_once: { limit: number };
  amount_below_minimum: { minimumCents: number };
  // 429, 503
  too_many_requests: { retryAfterSeconds: number };
  busy: { retryAfterSeconds: number };
  dependency_down: { dependency: string; retryAfterSeconds: number };
}

type NoFacts = Record<never, never>;
export type ProblemCode = keyof ProblemFacts;

type FactsArgument<C extends ProblemCode> = ProblemFacts[C] extends NoFacts
  ? NoFacts extends ProblemFacts[C]
    ? [facts?: ProblemFacts[C]]
    : [facts: ProblemFacts[C] & Unreserved]
  : [facts: ProblemFacts[C] & Unreserved];

/** Facts stand beside the members of RFC 9457 and may not take their names. */
type Unreserved = { readonly [Member in 'type' | 'title' | 'status' | 'detail' | 'instance' | 'code']?: never };

export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  readonly code: C;
  readonly facts: ProblemFacts[C];

  constructor(code: C, ...[facts]: FactsArgument<C>) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.facts = (facts ?? {}) as ProblemFacts[C];
  }
}

/** True when `error` is a Problem with this code; narrows the facts. */
export const isProblem = <C extends ProblemCode>(error: unknown, code: C): error is Problem<C> =>
  error instanceof Problem && error.code === code;

/** Bad input found by a rule rather than by the schema: one pointer, one sentence. */
export const invalidInput = (pointer: string, message: string): Problem<'invalid_input'> =>
  new Problem('invalid_input', { errors: [{ pointer, message }] });
