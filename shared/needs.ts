import { newAccessCode } from './billCodes';
import { clock } from './clock';
import type { Act } from './domain/book';
import { localDate } from './domain/calendar';
import { newId } from './ids';
import type { Caller } from './operations/caller';

/** The effects of most handlers, as their defaulted argument: tests bring a clock that stands and ids that count. */
export const real = { clock, newId, newCode: newAccessCode };
export type Needs = typeof real;

/** Who acts, when, on which date of the practice. */
export function actOf(caller: Caller, { clock: time, newId: id }: Pick<Needs, 'clock' | 'newId'>): Act {
  const at = time.now();
  return { at, today: localDate(at, caller.timeZone), actor: actorOf(caller), newId: id };
}

export const actorOf = (caller: Caller): Act['actor'] => {
  if (caller.kind === 'staff') return { kind: 'staff', id: caller.memberId };
  return caller.kind === 'client' ? { kind: 'client', id: caller.accountId } : { kind: 'client' };
};

/** What the system does by itself, in the practice's zone. */
export const systemAct = (
  timeZone: string,
  { clock: time, newId: id }: Pick<Needs, 'clock' | 'newId'>,
  kind: 'system' | 'stripe' = 'system',
): Act => {
  const at = time.now();
  return { at, today: localDate(at, timeZone), actor: { kind }, newId: id };
};
