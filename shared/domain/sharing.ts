import type { BillHead, BillRecord, Share, ShareDelivery, ShareEvent } from './billRecord';
import type { Act } from './book';
import { addMinutes, type Instant } from './calendar';
import type { DocumentRef } from './documentRef';
import { given } from './given';
import { linkExpiry } from './notice';
import type { BillingSettings } from './practice';
import { invalidInput, Problem } from './problem';

/** Who a document goes to as the client's chart says it now; the document keeps what was said when it was made. */
export interface Recipient {
  readonly kind: 'client' | 'contact';
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly emailAllowed: boolean;
  /** An earlier mail bounced for good, or was reported. */
  readonly suppressed: boolean;
}

export type MailRefusal = 'no_recipient_email' | 'email_not_allowed' | 'email_suppressed';

/** Why no mail may go there, checked when it is asked for and again when it is sent (`domain.md` rule 63). */
export function mailRefusal({ email, emailAllowed, suppressed }: Recipient): MailRefusal | undefined {
  if (!email) return 'no_recipient_email';
  if (!emailAllowed) return 'email_not_allowed';
  return suppressed ? 'email_suppressed' : undefined;
}

/** A cancelled bill and one that a platform pays never reach the client (`domain.md` 2.13, rule 64). */
export function refuseUnshareable({ status, responsibility }: Pick<BillHead, 'status' | 'responsibility'>): void {
  if (status === 'cancelled') throw new Problem('bill_cancelled');
  if (responsibility === 'external') throw new Problem('external_payer');
}

/**
 * Sharing is the point of consent (C3): a client sees what was shared, or every bill with the practice's switch. One that a
 * platform pays never reaches the client, and a mistake that was cancelled before anybody saw it stays between staff.
 */
export const isShownToClient = (
  { status, responsibility, sharing }: Pick<BillHead, 'status' | 'responsibility' | 'sharing'>,
  { showUnsharedBillsInPortal }: Pick<BillingSettings, 'showUnsharedBillsInPortal'>,
): boolean =>
  responsibility !== 'external' &&
  (sharing.sharedAt !== undefined || (showUnsharedBillsInPortal && status !== 'cancelled'));

const mostMinutesAhead = 366 * 24 * 60;

export interface ShareRequest {
  readonly document: DocumentRef;
  readonly shareId: string;
  readonly channel: Share['channel'];
  readonly trigger: Share['trigger'];
  readonly includePdf: boolean;
  readonly sendAt?: Instant | undefined;
}

/**
 * A share by mail is due work; one in the portal only has happened at once. Problems of a mail: `no_recipient_email`,
 * `email_not_allowed`, `email_suppressed`.
 */
export function newShare(recipient: Recipient, request: ShareRequest, act: Pick<Act, 'at' | 'actor'>): Share {
  const { document, shareId, channel, trigger, sendAt } = request;
  // A year later is a slip of the hand; the share would wait unseen.
  if (sendAt && sendAt > addMinutes(act.at, mostMinutesAhead)) {
    throw invalidInput('/sendAt', 'must be within a year from now');
  }
  const refusal = channel === 'email' ? mailRefusal(recipient) : undefined;
  if (refusal) throw new Problem(refusal);
  const { kind, id, name, email } = recipient;
  const { at } = act;
  const scheduledAt = sendAt && sendAt > at ? sendAt : at;
  const made = {
    shareId,
    document,
    recipient: { kind, id, name, ...given({ email }) },
    channel,
    trigger,
    delivery: 'none' as const,
    createdAt: at,
    linkExpiresAt: linkExpiry(scheduledAt),
    by: shareActor(act.actor),
    tries: 0,
    revision: 0,
  };
  if (channel === 'portal') return { ...made, includePdf: false, status: 'sent', scheduledAt: at, sentAt: at };
  return { ...made, includePdf: request.includePdf, status: 'scheduled', scheduledAt, dueAt: scheduledAt };
}

const shareActor = ({ kind, id }: Act['actor']): Share['by'] =>
  kind === 'staff' ? { kind, ...given({ id }) } : { kind: 'system' };

/** Every step of a share is one replacement of its item; without `dueAt` the sweep leaves it alone. */
function moved(share: Share, change: Partial<Share>, event?: ShareEvent): Share {
  const { dueAt: _, ...rest } = share;
  const events = event ? { events: [...(share.events ?? []), event] } : {};
  return { ...rest, ...change, ...events, revision: share.revision + 1 };
}

/**
 * Taken to be sent: who claims it is the only one who ever hands it to the mail service. It stays among the due work
 * where the sweep's lease left it (`leasedTo`), so that somebody comes back for it if this sender dies.
 */
export const claimed = (share: Share, at: Instant, leasedTo: Instant): Share =>
  moved(share, { status: 'sending', claimedAt: at, dueAt: leasedTo });

export const sent = (share: Share, at: Instant, messageId: string | undefined): Share =>
  moved(
    share,
    { status: 'sent', sentAt: at, delivery: higher(share.delivery, 'sent'), ...given({ messageId }) },
    { at, what: 'sent' },
  );

/** Not its turn yet. */
export const postponed = (share: Share, dueAt: Instant): Share => moved(share, { dueAt });

/** Nothing was sent, and another try may help. */
export function deferred(share: Share, dueAt: Instant): Share {
  const { claimedAt: _, ...rest } = share;
  return moved(rest, { status: 'scheduled', tries: share.tries + 1, dueAt });
}

export const blocked = (share: Share, at: Instant, reason: string): Share =>
  moved(share, { status: 'blocked', blockedReason: reason }, { at, what: 'blocked', reason });

export const withdrawn = (share: Share, at: Instant, by: Share['by']): Share =>
  moved(share, { status: 'withdrawn' }, { at, what: 'withdrawn', by });

/** The same wish for the version that takes the place of the document it was for. */
export function movedTo(
  { events: _, ...wish }: Share,
  to: Pick<Share, 'shareId' | 'document' | 'recipient'> & { readonly at: Instant },
): Share {
  const { at, ...of } = to;
  return { ...wish, ...of, createdAt: at, tries: 0, revision: 0 };
}

/** The pay link in the mail is dead from now on. */
export const revoked = (share: Share, at: Instant, by: Share['by']): Share =>
  moved(share, { status: 'revoked' }, { at, what: 'revoked', by });

/** Nobody knows whether it went out; it is never sent again by itself, and a late delivery event still settles it. */
export const unknown = (share: Share, at: Instant): Share => moved(share, {}, { at, what: 'unknown' });

const deliveries: readonly ShareDelivery[] = ['none', 'sent', 'delivered', 'bounced', 'complained'];

/** Feedback comes in any order and more than once: the gravest word stands. */
export const higher = (a: ShareDelivery, b: ShareDelivery): ShareDelivery =>
  deliveries.indexOf(a) >= deliveries.indexOf(b) ? a : b;

export interface Feedback {
  readonly what: Exclude<ShareDelivery, 'none'>;
  readonly at: Instant;
  readonly messageId: string;
}

/** What the mail service told, applied; the same share when it tells nothing new. */
export function told(share: Share, { what, at, messageId }: Feedback): Share {
  const known = share.status === 'sent' || share.status === 'revoked';
  const settled = known ? share : { ...sent(share, at, messageId), revision: share.revision };
  const delivery = higher(settled.delivery, what);
  if (known && delivery === share.delivery) return share;
  const event = what === 'sent' || delivery === settled.delivery ? undefined : { at, what };
  return moved(settled, { delivery }, event);
}

/** Its link still opens the bill; mails of other documents have none. */
export const linkLives = (share: Share, now: Instant): boolean =>
  share.document.kind === 'bill' &&
  (share.status === 'sent' || share.status === 'sending') &&
  share.channel === 'email' &&
  share.linkExpiresAt > now;

/** When staff last revoked a link of this bill: links mailed before by a notice are dead as well. */
export const lastRevokedAt = ({ shares }: Pick<BillRecord, 'shares'>): Instant | undefined =>
  shares
    .flatMap(share => share.events ?? [])
    .filter(({ what }) => what === 'revoked')
    .map(({ at }) => at)
    .sort()
    .at(-1);

/** What the head shows of its shares: the newest that was not taken back decides (R29, R30). */
export function sharingOf(shares: readonly Share[], before: BillHead['sharing']): BillHead['sharing'] {
  const standing = shares.filter(({ status }) => status !== 'withdrawn').sort(byCreation);
  const newest = standing.at(-1);
  const out = standing.filter(({ sentAt }) => sentAt !== undefined);
  const lastSent = out.at(-1);
  const carried = {
    delivery: lastSent?.delivery ?? 'none',
    ...given({ sharedAt: lastSent?.sentAt, viewedAt: before.viewedAt }),
  };
  if (!newest) return { status: 'not_shared', ...carried };
  const { status, dueAt, scheduledAt, blockedReason } = newest;
  if (status === 'blocked') return { status, ...carried, ...given({ blockedReason }) };
  if (status === 'sending' && !dueAt) return { status: 'blocked', ...carried, blockedReason: 'mail_unknown' };
  if (status === 'scheduled' || status === 'sending') return { status: 'scheduled', ...carried, scheduledAt };
  return { status: 'shared', ...carried };
}

const byCreation = (a: Share, b: Share): number => (a.createdAt + a.shareId < b.createdAt + b.shareId ? -1 : 1);
