import type { Entry } from '../domain/ledger';
import { findPayment, paymentState } from '../domain/paymentState';
import { isProblem } from '../domain/problem';
import { type DifferenceKind, kindsMended, ledgerAtStripe } from '../domain/reconciliation';
import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { type Home, type Loaded, loadPayment } from '../store/billStore';
import { followIntent } from './followEvent';
import type { ChargeBooks } from './stripeBalance';
import type { Account } from './stripeClient';
import { type ListedDispute, stripeDisputes } from './stripeDisputes';

export interface ChargeAt {
  readonly practiceId: string;
  readonly account: Account;
  readonly charge: ChargeBooks;
}

/** How a charge stands: in Stripe's books, and in the ledger before and after it was brought into line. */
export interface Compared {
  readonly paymentId: string;
  readonly stripeCents: number;
  readonly ledgerCents: number;
  readonly kinds: readonly DifferenceKind[];
  readonly mended: boolean;
}

/** Whose charge it is, and how it compares unless it agreed. */
export interface Held {
  readonly practiceId: string;
  readonly compared?: Compared;
}

/**
 * Holds one charge against the ledger, in cents and in what a bank decided. Agreed: costs no call to Stripe unless it is
 * disputed. Else `noted` is told first, where it is this practice's for certain; then the one rule brings it into line, and
 * it is held once more.
 */
export async function reconcileCharge(
  { practiceId, account, charge }: ChargeAt,
  needs: Needs,
  noted: (found: Compared) => Promise<void>,
): Promise<Held> {
  const { paymentIntentId } = charge;
  const looked = await look({ practiceId, account, charge });
  const { owner, disputes, stripeCents, paymentId, loaded: before } = looked;
  if (agrees(before, looked)) return { practiceId: owner };
  const ledgerCents = before ? ledgerAtStripe(before.book.entries, paymentId) : 0;
  const found = { paymentId, stripeCents, ledgerCents, kinds: [], mended: false };
  const certain = owner === practiceId && (before || !namesAnother(charge, { practiceId, account }));
  if (certain) await noted(found);
  const place = await followIntent(account, paymentIntentId, needs);
  const after =
    place && (await paymentOf(place.practiceId, { paymentId: place.paymentId, paymentIntentId, home: place.home }));
  const known = new Set(before?.book.entries.map(({ entryId }) => entryId));
  const written = (after?.book.entries ?? []).filter(
    entry => !known.has(entry.entryId) && isAbout(entry, place?.paymentId),
  );
  const now = place?.paymentId ?? paymentId;
  const mended = agrees(after, { paymentId: now, stripeCents, disputes });
  const kinds = kindsMended(written);
  const compared = { ...found, paymentId: now, kinds: mended ? kinds : [...kinds, 'amount_differs' as const], mended };
  return { practiceId: place?.practiceId ?? owner, compared };
}

/** Whether the ledger and Stripe agree on the charge, without mending anything. */
export async function agreesNow(at: ChargeAt): Promise<boolean> {
  const looked = await look(at);
  return agrees(looked.loaded, looked);
}

async function look({ practiceId, account, charge }: ChargeAt) {
  const disputes = charge.disputed ? await stripeDisputes.list(account, charge.paymentIntentId) : [];
  const found = await inLedgers({ practiceId, account, charge });
  return { ...found, disputes, stripeCents: atStripe(charge, disputes) };
}

/**
 * Another practice's on the platform's own account when that one's ledger has it: metadata only says where to look
 * (clarification 10).
 */
async function inLedgers({ practiceId, account, charge }: ChargeAt) {
  const named = namesAnother(charge, { practiceId, account });
  const theirs = named ? await inLedger(named, charge) : undefined;
  if (named && theirs?.loaded) return { owner: named, ...theirs };
  return { owner: practiceId, ...(await inLedger(practiceId, charge)) };
}

/** The practice in whose ledger the charge stands, of those that share the account; this one unless another has it. */
export const ownerOf = async (at: ChargeAt): Promise<string> =>
  namesAnother(at.charge, at) ? (await inLedgers(at)).owner : at.practiceId;

const isAbout = ({ payment, unmatched, refund, dispute }: Entry, paymentId: string | undefined): boolean =>
  [payment, unmatched, refund, dispute].some(facts => facts?.paymentId === paymentId);

/** A connected account is one practice's; in the platform's own, a charge says which practice is said to have asked for it. */
const namesAnother = (
  { metadata }: Pick<ChargeBooks, 'metadata'>,
  { account, practiceId }: Omit<ChargeAt, 'charge'>,
): string | undefined =>
  account === undefined && metadata.practiceId !== practiceId ? metadata.practiceId : undefined;

/** Captured − refunded − withdrawn + reinstated. */
const atStripe = ({ capturedCents, refundedCents }: ChargeBooks, disputes: readonly ListedDispute[]): number =>
  disputes
    .flatMap(dispute => dispute.transactions)
    .reduce(
      (sum, { direction, amountCents }) => sum + (direction === 'withdrawn' ? -amountCents : amountCents),
      capturedCents - refundedCents,
    );

/** As the payment that the charge says it is, if it is of this practice; or as the one that nobody knew. */
async function inLedger(
  practiceId: string,
  { metadata, paymentIntentId }: ChargeBooks,
): Promise<{ paymentId: string; loaded: Loaded | undefined }> {
  const unknown = idFrom('pay', practiceId, paymentIntentId);
  const named = metadata.practiceId === practiceId ? metadata.paymentId : undefined;
  for (const paymentId of named ? [named, unknown] : [unknown]) {
    const loaded = await paymentOf(practiceId, { paymentId, paymentIntentId });
    if (loaded) return { paymentId, loaded };
  }
  return { paymentId: named ?? unknown, loaded: undefined };
}

/** The payment, if the ledger has it and it is of this very charge. */
async function paymentOf(
  practiceId: string,
  { paymentId, paymentIntentId, home }: { paymentId: string; paymentIntentId: string; home?: Home },
): Promise<Loaded | undefined> {
  const loaded = await loadPayment(practiceId, paymentId, home ? [home] : []).catch((error: unknown) => {
    if (!isProblem(error, 'not_found')) throw error;
    return undefined;
  });
  const same = loaded && findPayment(loaded.book, paymentId)?.stripe?.paymentIntentId === paymentIntentId;
  return same ? loaded : undefined;
}

function agrees(
  loaded: Loaded | undefined,
  { paymentId, stripeCents, disputes }: { paymentId: string; stripeCents: number; disputes: readonly ListedDispute[] },
): boolean {
  if (!loaded || ledgerAtStripe(loaded.book.entries, paymentId) !== stripeCents) return false;
  const known = paymentState(loaded.book, paymentId).disputes;
  return disputes.every(({ disputeId, status }) => known.some(d => d.disputeId === disputeId && d.status === status));
}
