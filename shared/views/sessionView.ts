import type * as z from 'zod';
import { billableCents, type Session, sessionBilling } from '../domain/session';
import type { StaffCaller } from '../operations/caller';
import type { sessionObject } from '../operations/records';

type SessionView = z.input<typeof sessionObject>;

/** A session as this caller may see it: no amount for whoever may see none (`domain.md` rule 70). */
export function sessionView(session: Session, { billing: amounts }: Pick<StaffCaller, 'billing'>): SessionView {
  const { billing, noShowFeeCents, services, ...rest } = session;
  const shown = {
    ...rest,
    billing: sessionBilling(session),
    ...(billing?.state === 'billed' ? { billId: billing.billId } : {}),
  };
  if (amounts) return { ...shown, services, noShowFeeCents, billableCents: billableCents(session) };
  return { ...shown, services: services.map(({ priceCents: _, ...service }) => service) };
}
