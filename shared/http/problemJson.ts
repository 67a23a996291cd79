import type { ProblemCode, ProblemFacts } from '../domain/problem';
import { Problem } from '../domain/problem';

interface CatalogueEntry<C extends ProblemCode> {
  readonly status: number;
  readonly title: string;
  /** What happened, what did not, what to do. */
  readonly detail: string | ((facts: ProblemFacts[C]) => string);
}

const dollars = (cents: number | undefined) => (cents === undefined ? 'nothing' : `${cents} (minor units)`);

/** Every refusal of the system. A new code of the domain does not compile until it stands here. */
export const catalogue: { readonly [C in ProblemCode]: CatalogueEntry<C> } = {
  malformed_json: {
    status: 400,
    title: 'The body is not JSON',
    detail: 'Send a JSON body with content-type application/json.',
  },
  idempotency_key_required: {
    status: 400,
    title: 'An idempotency key is needed',
    detail:
      'Send a header Idempotency-Key of 8 to 255 printable characters, a new one for each intent, the same one to repeat.',
  },
  bad_signature: {
    status: 400,
    title: 'The signature does not fit',
    detail: 'The body was not signed with this endpoint’s secret, or too long ago.',
  },
  unauthenticated: { status: 401, title: 'Sign in first', detail: ({ reason }) => `The token was refused: ${reason}.` },
  sign_in_refused: {
    status: 401,
    title: 'The code does not sign you in',
    detail: 'It is wrong, was used, was tried too often, or is older than ten minutes. Ask for a new one.',
  },
  forbidden: {
    status: 403,
    title: 'Your role may not do this',
    detail: ({ roles }) => `It takes one of: ${roles.join(', ')}.`,
  },
  second_factor_required: {
    status: 403,
    title: 'The access code is needed',
    detail: 'Give the six-digit access code of the bill first.',
  },
  card_declined: {
    status: 402,
    title: 'The card was not charged',
    detail: ({ declineCode }) =>
      declineCode === 'not_charged'
        ? 'The charge did not reach Stripe, and nothing was charged. Try again with a new key.'
        : 'The bank refused this card, and nothing was charged. Try another card or a smaller amount.',
  },
  authentication_required: {
    status: 402,
    title: 'The bank wants the cardholder to confirm',
    detail: 'Nothing was charged. The recipient was sent a link to pay and confirm.',
  },
  not_found: { status: 404, title: 'Not found', detail: ({ what }) => `There is no such ${what}.` },
  bill_not_found: {
    status: 404,
    title: 'No such bill',
    detail: 'Number and access code do not fit together, or the link is no longer valid.',
  },
  amount_exceeds_balance: {
    status: 409,
    title: 'More than is owed',
    detail: ({ clientBalanceCents, insurerBalanceCents }) =>
      `Nothing was recorded. Open: ${dollars(clientBalanceCents ?? insurerBalanceCents)}. Take less, or let the surplus become credit.`,
  },
  payment_in_progress: {
    status: 409,
    title: 'A payment is under way',
    detail:
      'Part of the balance is reserved for a charge that is not finished. Nothing was charged; wait for it or take less.',
  },
  insufficient_credit: {
    status: 409,
    title: 'Not enough credit',
    detail: 'Nothing was applied. Take at most the client’s credit.',
  },
  bill_cancelled: {
    status: 409,
    title: 'The bill is cancelled',
    detail: 'A cancelled bill does not change any more. Create a new one.',
  },
  bill_already_paid: { status: 409, title: 'Already paid', detail: 'This bill has no balance. Nothing was charged.' },
  bill_has_payments: {
    status: 409,
    title: 'Payments stand against the bill',
    detail: 'Refund each payment first, or turn them into credit.',
  },
  session_already_billed: {
    status: 409,
    title: 'Sessions were billed a moment ago',
    detail: 'Remove them and create the rest.',
  },
  session_not_billable: {
    status: 409,
    title: 'Sessions cannot be billed',
    detail: 'Only completed sessions with an amount, or cancelled ones with a fee, go on a bill.',
  },
  session_state: {
    status: 409,
    title: 'The session’s state forbids it',
    detail: ({ sessionStatus, billing }) => `It is ${sessionStatus}, ${billing}.`,
  },
  last_card: {
    status: 409,
    title: 'The last card stays while AutoPay is on',
    detail: 'Nothing was removed. Add another card first, or switch AutoPay off.',
  },
  default_card: {
    status: 409,
    title: 'The card that AutoPay charges is the default of several',
    detail: 'Nothing was removed. Make another card the default first, or switch AutoPay off.',
  },
  no_card: { status: 409, title: 'No card on file', detail: 'Add a card first, or name one.' },
  card_expired: {
    status: 409,
    title: 'The default card has expired',
    detail: 'Add a card that is good, or make another one the default.',
  },
  no_insurer_portion: {
    status: 409,
    title: 'No insurer owes anything on this bill',
    detail: 'Record a client payment instead.',
  },
  adjustment_below_zero: {
    status: 409,
    title: 'Less than nothing',
    detail: 'The client’s part of the bill cannot fall below zero.',
  },
  refund_exceeds_payment: {
    status: 409,
    title: 'More than can be refunded',
    detail: ({ refundableCents }) => `Nothing was refunded. At most ${dollars(refundableCents)}.`,
  },
  refund_found_in_stripe: {
    status: 409,
    title: 'A refund was found in Stripe',
    detail:
      'Somebody refunded part of this payment in Stripe; it is recorded now. Nothing more was sent. Ask again for what remains.',
  },
  payment_disputed: {
    status: 409,
    title: 'The payment is disputed',
    detail: 'The bank holds the money; a refund is not possible now.',
  },
  effect_already_decided: {
    status: 409,
    title: 'Already decided',
    detail: 'What this refund does to the bill is decided.',
  },
  attempt_not_in_doubt: {
    status: 409,
    title: 'Stripe decides this',
    detail: ({ attemptStatus }) =>
      `It is ${attemptStatus}, by Stripe’s word or until Stripe answers. Nothing was decided by hand, which takes a day in which Stripe does not let us look.`,
  },
  already_attached: {
    status: 409,
    title: 'Already attached',
    detail: 'This money belongs to a client already; the payment says to whom. Nothing was moved.',
  },
  stripe_connected: {
    status: 409,
    title: 'Stripe is connected',
    detail: 'This practice takes cards already. Nothing was changed.',
  },
  stripe_refused: {
    status: 409,
    title: 'Stripe refuses it',
    detail: ({ reason }) =>
      `Stripe refused what was asked${reason ? ` (${reason})` : ''}; nothing was charged or given back. Asking again does not help: look at the card and the account in Stripe.`,
  },
  stripe_not_connected: {
    status: 409,
    title: 'Stripe is not connected',
    detail: 'Connect Stripe in the settings, or record the payment as processed elsewhere.',
  },
  external_payer: {
    status: 409,
    title: 'A platform pays this bill',
    detail: 'It is not shared with the client and takes no card.',
  },
  no_recipient_email: {
    status: 409,
    title: 'No e-mail address',
    detail: 'The recipient has no e-mail address. Add one, or share in the portal only.',
  },
  email_not_allowed: {
    status: 409,
    title: 'No permission to e-mail',
    detail: 'The recipient has not allowed e-mail. Change the contact preference first.',
  },
  email_suppressed: {
    status: 409,
    title: 'The address does not take mail',
    detail: 'Earlier mail bounced or was reported. Correct the address.',
  },
  share_already_sent: {
    status: 409,
    title: 'Already sent',
    detail: 'What was sent cannot be taken back; its link can be revoked.',
  },
  no_eligible_services: {
    status: 409,
    title: 'Nothing for a superbill',
    detail: 'A superbill needs a billed session with a CPT code in its range. Nothing was made.',
  },
  provider_not_chosen: {
    status: 409,
    title: 'Choose the provider',
    detail: 'More than one person may be shown as the provider. Name one as providerId; the choice is remembered.',
  },
  document_superseded: {
    status: 409,
    title: 'There is a newer version',
    detail: 'This one stays as it was made. Share or reissue the newer one.',
  },
  document_out_of_date: {
    status: 409,
    title: 'The superbill is out of date',
    detail: 'A bill that it tells of has changed since. Reissue it, and share the new version.',
  },
  client_has_balance: {
    status: 409,
    title: 'The client has a balance or credit',
    detail: 'Settle balance and credit first, then archive.',
  },
  client_archived: { status: 409, title: 'The client is archived', detail: 'Make the client active again first.' },
  autopay_off: {
    status: 409,
    title: 'AutoPay is off',
    detail: 'No card of whoever gets the bills is charged automatically. Nothing was changed; ask the practice.',
  },
  autopay_balance_unconfirmed: {
    status: 409,
    title: 'AutoPay would charge an old balance',
    detail: 'Confirm with confirmOpenBalanceCents equal to the open balance.',
  },
  last_billing_admin: { status: 409, title: 'The last admin', detail: 'A practice keeps at least one active admin.' },
  already_exists: { status: 409, title: 'It exists already', detail: ({ what }) => `There is such a ${what} already.` },
  request_in_progress: {
    status: 409,
    title: 'The same request is still running',
    detail: 'Ask again with the same key in a moment.',
  },
  version_conflict: {
    status: 412,
    title: 'The bill was changed meanwhile',
    detail: ({ version }) => `It is at version ${version} now. Read it again.`,
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: ({ maxBodyBytes }) => `At most ${maxBodyBytes} bytes.`,
  },
  unsupported_media_type: {
    status: 415,
    title: 'This kind of content is not taken',
    detail: ({ accepted }) => `Send ${accepted.join(' or ')}.`,
  },
  invalid_input: {
    status: 422,
    title: 'Some input is wrong',
    detail: 'See errors: each names its place and what to do.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The key was used for another request',
    detail: 'Use a new Idempotency-Key for a new intent.',
  },
  client_portion_not_allowed: {
    status: 422,
    title: 'No co-pay on a self-pay bill',
    detail: 'Co-pay and co-insurance need the responsibility insurance.',
  },
  client_portion_exceeds_amount: {
    status: 422,
    title: 'The co-pay exceeds the session',
    detail: ({ amountCents }) => `The session’s services come to ${amountCents} (minor units).`,
  },
  paid_at_not_allowed: {
    status: 422,
    title: 'The date is Stripe’s',
    detail: 'A payment collected by Stripe has the time of the charge; leave paidAt out.',
  },
  paid_at_in_future: { status: 422, title: 'A payment in the future', detail: 'paidAt may not be later than now.' },
  due_before_issued: {
    status: 422,
    title: 'Due before it is issued',
    detail: ({ issuedOn }) => `dueOn may not be before ${issuedOn}.`,
  },
  lines_do_not_add_up: {
    status: 422,
    title: 'The lines do not add up',
    detail: ({ expectedCents, actualCents }) => `The lines come to ${actualCents}, the amount is ${expectedCents}.`,
  },
  line_below_paid: {
    status: 422,
    title: 'Below what insurers paid',
    detail: ({ lineId, insurerPaidCents }) => `Line ${lineId}: insurers paid ${insurerPaidCents} already.`,
  },
  too_much_at_once: {
    status: 422,
    title: 'Too much at once',
    detail: ({ limit }) =>
      `It touches more than ${limit} records, which cannot be written as one. Nothing was written; do it in smaller parts.`,
  },
  too_many_sessions: {
    status: 422,
    title: 'Too many sessions',
    detail: ({ limit }) => `At most ${limit} on one bill.`,
  },
  amount_below_minimum: {
    status: 422,
    title: 'Too small for a card',
    detail: ({ minimumCents }) => `Stripe charges at least ${minimumCents} (minor units).`,
  },
  too_many_requests: {
    status: 429,
    title: 'Too many tries',
    detail: ({ retryAfterSeconds }) => `Try again in ${retryAfterSeconds} s.`,
  },
  busy: {
    status: 503,
    title: 'Many are changing this at once',
    detail: 'Nothing was written. Ask again with the same key.',
  },
  dependency_down: {
    status: 503,
    title: 'A service we need does not answer',
    detail: ({ dependency }) => `${dependency} is down. Ask again with the same key.`,
  },
};

export interface ProblemDocument {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const typeOf = (code: string) => `/api/docs#problem-${code}`;

/** The one translation from a refusal to RFC 9457; anything that is not a Problem is ours and tells nothing. */
export function problemDocument(error: unknown, requestId: string): ProblemDocument {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (!(error instanceof Problem)) {
    const body = {
      type: typeOf('internal_error'),
      title: 'Something broke on our side',
      status: 500,
      code: 'internal_error',
      detail: 'Nothing that you sent was half-written. Ask again with the same key; tell us the requestId if it stays.',
      requestId,
    };
    return { status: 500, headers, body };
  }
  const problem: Problem = error;
  const entry = catalogue[problem.code] as CatalogueEntry<ProblemCode>;
  const detail = typeof entry.detail === 'string' ? entry.detail : entry.detail(error.facts);
  const retryAfter = 'retryAfterSeconds' in error.facts ? { 'retry-after': String(error.facts.retryAfterSeconds) } : {};
  return {
    status: entry.status,
    headers: { ...headers, ...retryAfter },
    body: {
      type: typeOf(error.code),
      title: entry.title,
      status: entry.status,
      detail,
      code: error.code,
      ...error.facts,
      requestId,
    },
  };
}
