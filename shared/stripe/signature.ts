import { createHmac } from 'node:crypto';
import type { Instant } from '../domain/calendar';
import { sameText } from '../http/sameText';

/** Older signatures are no longer taken, so that a recorded request is of no use for long. */
const toleranceSeconds = 300;

/**
 * Whether Stripe signed this very body a moment ago: HMAC-SHA256 over `<t>.<body>`, by any of the secrets, any of the header's
 * `v1` (there are two while an endpoint's secret is rolled). Stripe's documentation describes it so for whoever does without the SDK, which
 * is 245 KB to load before a cold webhook answers (docs.stripe.com/webhooks, "Verify webhook signatures manually").
 */
export function isSignedByStripe(
  body: Uint8Array,
  header: string | undefined,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: Instant },
): boolean {
  const fields = (header ?? '').split(',').map(field => field.split('='));
  const valuesOf = (wanted: string) => fields.flatMap(([name, value]) => (name === wanted && value ? [value] : []));
  const [at = ''] = valuesOf('t');
  if (!/^\d+$/.test(at) || Date.parse(now) / 1000 - Number(at) > toleranceSeconds) return false;
  const expected = secrets.map(secret => createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex'));
  return valuesOf('v1').some(signature => expected.some(known => sameText(signature, known)));
}
