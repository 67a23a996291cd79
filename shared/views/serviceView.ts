import type * as z from 'zod';
import type { Service } from '../domain/practice';
import type { StaffCaller } from '../operations/caller';
import type { serviceObject } from '../operations/records';

/** A service as this caller may see it: no price for whoever may see no amounts. */
export function serviceView(
  { priceCents, ...service }: Service,
  { billing }: Pick<StaffCaller, 'billing'>,
): z.input<typeof serviceObject> {
  return billing ? { ...service, priceCents } : service;
}
