/** What the guest operations answer. Nothing clinical is in it, nor could be. */
export interface GuestBill {
  readonly practiceName: string;
  readonly practiceEmail?: string | null;
  readonly number: string;
  readonly currency: string;
  readonly dueOn: string;
  readonly status: 'open' | 'partially_paid' | 'paid' | 'cancelled' | 'awaiting_insurance';
  readonly clientPortionCents: number;
  readonly clientPaidCents: number;
  readonly refundedCents: number;
  readonly clientBalanceCents: number;
  readonly allowPartial: boolean;
  readonly onlinePayments: boolean;
  readonly minimumCents: number;
  /** Where the client can sign in; absent while the practice has no portal. */
  readonly portalUrl?: string | null;
}

export interface GuestPayment {
  readonly status: string;
  readonly amountCents: number;
  /** What follows is shown where the answer has it. */
  readonly currency?: string;
  readonly paidAt?: string;
  readonly card?: { readonly brand: string; readonly last4: string };
  readonly receiptNumber?: string;
}

/** With a token the bill as it now stands; without one, in another browser, no more than whether it was paid. */
export interface Confirmation {
  readonly bill?: GuestBill;
  readonly payment: GuestPayment;
}

export type Failure =
  | { readonly kind: 'offline' }
  /** The server was not reached, or could not answer: nothing happened that a repeat would double. */
  | { readonly kind: 'down' }
  | { readonly kind: 'problem'; readonly status: number; readonly code: string; readonly retryAfterSeconds: number };

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly idempotencyKey?: string;
}

async function call<T>(path: string, { method = 'POST', body, token, idempotencyKey }: Sent): Promise<Answer<T>> {
  try {
    const response = await fetch(`/api/guest${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
      cache: 'no-store',
    });
    const text = await response.text();
    const told: unknown = text ? JSON.parse(text) : {};
    if (response.ok) return { ok: true, value: told as T };
    return { ok: false, failure: refusal(response, told as { code?: string; retryAfterSeconds?: number }) };
  } catch {
    return { ok: false, failure: { kind: navigator.onLine ? 'down' : 'offline' } };
  }
}

function refusal(response: Response, told: { code?: string; retryAfterSeconds?: number }): Failure {
  const { status } = response;
  if (status >= 500) return { kind: 'down' };
  const retryAfterSeconds = told.retryAfterSeconds ?? (Number(response.headers.get('Retry-After')) || 60);
  return { kind: 'problem', status, code: told.code ?? '', retryAfterSeconds };
}

export const api = {
  lookup: (by: { linkToken: string } | { number: string; accessCode: string }) =>
    call<{ token: string; bill: GuestBill }>('/bills/lookup', { body: by }),
  bill: (token: string) => call<GuestBill | { bill: GuestBill }>('/bill', { method: 'GET', token }),
  freshLink: (number: string) => call<unknown>('/bills/fresh-link', { body: { number } }),
  checkout: (sent: { token: string; amountCents: number | undefined; idempotencyKey: string }) =>
    call<{ url: string }>('/bill/checkout', {
      body: sent.amountCents === undefined ? {} : { amountCents: sent.amountCents },
      token: sent.token,
      idempotencyKey: sent.idempotencyKey,
    }),
  // No key: each call asks anew how the payment stands.
  confirm: (checkoutId: string, token: string | undefined) =>
    call<Confirmation>('/bill/checkout/confirm', { body: { checkoutId }, token }),
  verify: (accessCode: string, token: string) =>
    call<{ token?: string }>('/bill/verify', { body: { accessCode }, token }),
  pdf: (token: string) => call<{ url: string }>('/bill/pdf', { method: 'GET', token }),
};

export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
