import type { Role } from './row';

/** Who calls, as `authorizeCaller` found it; cached for 60 s, so a deactivation holds within a minute. */
export type Caller = StaffCaller | GuestCaller | ClientCaller;

interface PracticeOfCaller {
  readonly practiceId: string;
  readonly timeZone: string;
  readonly currency: string;
}

export interface StaffCaller extends PracticeOfCaller {
  readonly kind: 'staff';
  readonly memberId: string;
  readonly roles: readonly Role[];
  /** Members whose clients this one sees; `all` for admin, biller and scheduler. */
  readonly sees: 'all' | readonly string[];
  /** False: no amounts anywhere (`scheduler`, or billing switched off for this member). */
  readonly billing: boolean;
}

/** A practitioner sees own clients and sessions, a supervisor also the supervised; whatever nobody is assigned to, the office. */
export const maySee = (caller: StaffCaller, practitionerId: string | undefined): boolean =>
  caller.sees === 'all' || (practitionerId !== undefined && caller.sees.includes(practitionerId));

export interface GuestCaller extends PracticeOfCaller {
  readonly kind: 'guest';
  readonly billId: string;
  /** True once the access code was given: the second factor that the PDF wants. */
  readonly verified: boolean;
  /** True for whoever opened the link of a mail to the bill's recipient; number and code stand on paper as well. */
  readonly byLink: boolean;
  readonly tokenHash: string;
}

export interface ClientCaller extends PracticeOfCaller {
  readonly kind: 'client';
  readonly accountId: string;
  /** Whose bills this account sees and pays: a client's own, or those of every client whose billing contact it is. */
  readonly clients: readonly ClientOfAccount[];
  readonly tokenHash: string;
}

export interface ClientOfAccount {
  readonly clientId: string;
  /** As which of the client's contacts; absent for the client. */
  readonly contactId?: string;
}
