import { addMinutes, type Instant } from './calendar';

/**
 * Somebody wants to sign in to the client portal with an address: at most one at a time of an address. Whether anybody is
 * known by it is asked only when the mail is written, so that the answer tells nothing.
 */
export interface SignIn {
  readonly addressHash: string;
  /** The code derives from it, by a key that the table does not hold. */
  readonly signInId: string;
  readonly askedAt: Instant;
  /** Wrong codes so far. */
  readonly tries: number;
  /** Until the mail is on its way. */
  readonly dueAt?: Instant;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly revision: number;
}

const codeMinutes = 10;
const mostTries = 5;

/** Sent by a message at once; should that be lost, the sweep comes for it a minute later. */
export const newSignIn = (of: Pick<SignIn, 'addressHash' | 'signInId'>, now: Instant): Omit<SignIn, 'revision'> => ({
  ...of,
  askedAt: now,
  tries: 0,
  dueAt: addMinutes(now, 1),
  expiresAt: Math.floor(Date.parse(addMinutes(now, codeMinutes)) / 1000),
});

/** The mail is on its way, or never will be. */
export function withoutMail(signIn: SignIn): SignIn {
  const { dueAt: _, ...rest } = signIn;
  return rest;
}

const isTooLate = ({ expiresAt }: SignIn, now: Instant): boolean => expiresAt * 1000 <= Date.parse(now);

/** Whole minutes for which its code may still be given; a mail that comes late must not promise more. */
export const minutesLeft = ({ expiresAt }: SignIn, now: Instant): number =>
  Math.floor((expiresAt - Date.parse(now) / 1000) / 60);

/** True while its code may be given. */
export const takesCode = (signIn: SignIn, now: Instant): boolean => signIn.tries < mostTries && !isTooLate(signIn, now);
