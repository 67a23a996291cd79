import { Problem } from '../domain/problem';
import type { StaffCaller } from '../operations/caller';
import { billingRoles } from '../operations/row';

interface Priced {
  readonly services?: readonly { readonly priceCents?: number | undefined }[] | undefined;
  readonly noShowFeeCents?: number | undefined;
  readonly claimReview?: string | undefined;
}

/** Whoever sees no amounts sets none either; the service's price and the practice's fee hold then. */
export function refusePrices({ billing }: StaffCaller, body: Priced): void {
  if (billing) return;
  const priced = body.services?.some(service => service.priceCents !== undefined);
  if (priced || body.noShowFeeCents !== undefined || body.claimReview !== undefined) {
    throw new Problem('forbidden', { roles: billingRoles });
  }
}
