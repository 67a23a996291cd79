import { billPdf } from '../documents/billPdf';
import { sharedPdf } from '../documents/clientDocumentPdf';
import { snapshotFiles } from '../documents/snapshotFiles';
import { type Mailer, type MailOutcome, mailer, type OutgoingMail } from '../email/mailer';
import { linkKey } from '../http/linkKey';
import { type Needs, real } from '../needs';
import type { SnapshotFiles } from '../store/clientDocumentStore';
import { LostRace } from '../store/kernel';

/** What sending takes; tests bring a mail service that throttles and loses answers. */
export interface MailNeeds extends Needs {
  readonly mailer: Mailer;
  readonly linkKey: () => Promise<string>;
  readonly billPdf: typeof billPdf;
  readonly sharedPdf: typeof sharedPdf;
  /** Of documents that are made anew before they go out. */
  readonly files: SnapshotFiles;
}
export const realMail: MailNeeds = { ...real, mailer, linkKey, billPdf, sharedPdf, files: snapshotFiles };

/** A throttled mail is tried again, ever later, and then left to staff. */
export const mostTries = 6;
export const backoffMinutes = (tries: number): number => 2 ** tries;
/** A mail whose answer was lost is settled by its delivery event, or after this by staff. */
export const feedbackMinutes = 15;

/** True when this call made the claim; false when somebody else was first. */
export async function wonClaim(claim: Promise<void>): Promise<boolean> {
  try {
    await claim;
    return true;
  } catch (error) {
    if (error instanceof LostRace) return false;
    throw error;
  }
}

/** The mail service refused us in a way that is our own fault: nothing was sent, and an alarm must say so. */
export interface Unsent {
  readonly outcome: 'unsent';
  readonly error: unknown;
}

/** Hands the mail over, once. Whatever the mailer throws, it throws before anything was sent. */
export const handOver = (mail: OutgoingMail, { mailer: service }: MailNeeds): Promise<MailOutcome | Unsent> =>
  service.send(mail).catch((error: unknown) => ({ outcome: 'unsent' as const, error }));
