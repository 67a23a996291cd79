import type { GuestBillObject } from '../../../shared/operations/guest';
import { apiClient } from '../api/client';
import type { Intent } from '../api/intent';
import {
  confirmGuestCheckout,
  createGuestCheckout,
  getGuestBill,
  getGuestBillPdf,
  lookupBill,
  requestFreshLink,
  setUpGuestCard,
  verifyGuest,
} from '../api/operations';
import { Refused, Unanswered } from '../api/refused';
import type { AnswerTo } from '../api/route';

/** What the guest operations tell of a bill. Nothing clinical is in it, nor could be. */
export type GuestBill = Exclude<GuestBillObject, { status: 'cancelled' }>;
export type Confirmation = AnswerTo<typeof confirmGuestCheckout>['body'];
export type GuestPayment = Confirmation['payment'];

export type Failure =
  | { readonly kind: 'offline' }
  /** The server was not reached, or could not answer: nothing happened that a repeat would double. */
  | { readonly kind: 'down' }
  | { readonly kind: 'problem'; readonly status: number; readonly code: string; readonly retryAfterSeconds: number };

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A view shows a failure as it shows an answer, so both are values here. */
async function told<T>(asked: Promise<{ readonly body: T }>): Promise<Answer<T>> {
  try {
    return { ok: true, value: (await asked).body };
  } catch (error) {
    if (error instanceof Refused || error instanceof Unanswered) return { ok: false, failure: failureOf(error) };
    throw error;
  }
}

function failureOf(error: Refused | Unanswered): Failure {
  if (error instanceof Unanswered) return { kind: navigator.onLine ? 'down' : 'offline' };
  const { status, code, facts } = error;
  if (status >= 500) return { kind: 'down' };
  return {
    kind: 'problem',
    status,
    code,
    retryAfterSeconds: 'retryAfterSeconds' in facts ? facts.retryAfterSeconds : 60,
  };
}

const call = apiClient({ timeoutMs: 30_000 });

export const api = {
  lookup: (body: { linkToken: string } | { number: string; accessCode: string }) => told(call(lookupBill, { body })),
  bill: (token: string) => told(call(getGuestBill, { token })),
  freshLink: (number: string) => told(call(requestFreshLink, { body: { number } })),
  checkout: (body: { amountCents: number }, sent: { token: string; key: Intent }) =>
    told(call(createGuestCheckout, { body, ...sent })),
  cardSetup: (consentTextVersion: string, sent: { token: string; key: Intent }) =>
    told(call(setUpGuestCard, { body: { consentTextVersion }, ...sent })),
  // No key: each call asks anew how the payment stands.
  confirm: (checkoutId: string, token: string | undefined) =>
    told(call(confirmGuestCheckout, { body: { checkoutId }, token })),
  verify: (accessCode: string, token: string) => told(call(verifyGuest, { body: { accessCode }, token })),
  pdf: (token: string) => told(call(getGuestBillPdf, { token })),
};
