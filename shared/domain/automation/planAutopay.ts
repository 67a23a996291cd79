import { billAmounts } from '../billAmounts';
import type { BillRecord } from '../billRecord';
import type { Book } from '../book';
import type { CalendarDate } from '../calendar';
import { autopayOwner, type Card, type Client, type ClientBilling, hasConsentEnded, isUsable } from '../client';
import { billOf } from '../draft';
import { given } from '../given';
import { isInFlight } from '../hostedPage';
import { type Cents, cents } from '../money';
import { applicableCredit } from '../payment';
import type { AutomationSettings, BillingSettings, Practice } from '../practice';
import type { Session } from '../session';
import { stripeMinimum } from '../stripeMinimum';
import { type AutopayState, autopayState } from './autopayState';

/** All that AutoPay looks at for one bill. */
export interface AutopayScene {
  readonly practice: Practice;
  readonly automation: AutomationSettings;
  readonly settings: BillingSettings;
  readonly client: Client;
  readonly billing: ClientBilling;
  /** Of the client and the client's contacts. */
  readonly cards: readonly Card[];
  readonly record: BillRecord;
  readonly book: Book;
  /** A bank asks about a payment of this client, on whichever bill (rule 33). */
  readonly isDisputing: boolean;
  /** Those on the bill. */
  readonly sessions: readonly Pick<Session, 'claimReview'>[];
}

export type AutopaySkip =
  | 'autopay_off'
  | 'client_archived'
  | 'nothing_owed'
  | 'made_since'
  | 'external_payer'
  | 'consent_ended'
  | 'held'
  | 'disputed'
  | 'claim_under_review'
  | 'payment_in_progress'
  | 'stripe_not_ready'
  | 'no_card'
  | 'other_recipient'
  | 'card_expired'
  | 'attempted_today'
  | 'not_yet'
  | NonNullable<AutopayState['stopped']>
  | 'over_limit'
  | 'below_minimum';

export interface AutopayPlan {
  readonly creditCents: Cents;
  readonly charge?: { readonly card: Card; readonly amountCents: Cents };
  /** Why there is no charge; absent also where credit pays all. */
  readonly reason?: AutopaySkip;
  /** The card that would be charged but for the reason. */
  readonly passedOver?: Card;
}

/** What AutoPay takes for a bill today, or why it does not (`domain.md` 2.3 and 5.2 rules 10 to 16): credit first, then the card. */
export function planAutopay(scene: AutopayScene, today: CalendarDate): AutopayPlan {
  const { record, book, settings } = scene;
  const { billId } = record.head;
  const reason = notPayable(scene);
  if (reason) return { creditCents: cents(0), reason };
  const creditCents = cents(settings.applyCreditAutomatically ? applicableCredit(book, billId) : 0);
  const amountCents = cents(billAmounts(book, billId).clientBalanceCents - creditCents);
  if (amountCents === 0) return { creditCents };
  const { recipient } = record.text;
  const card = cardOf(scene, recipient);
  const refused = notChargeable(scene, card, { amountCents, today });
  return refused || !card
    ? { creditCents, reason: refused ?? withoutCard(scene), ...given({ passedOver: card }) }
    : { creditCents, charge: { card, amountCents } };
}

/** What lets neither credit nor card pay. */
function notPayable({
  automation,
  billing,
  client,
  record,
  book,
  sessions,
  isDisputing,
}: AutopayScene): AutopaySkip | undefined {
  const { head } = record;
  const { clientBalanceCents, cancelled } = billAmounts(book, head.billId);
  if (!automation.autopay || !billing.autopay) return 'autopay_off';
  if (client.status === 'archived') return 'client_archived';
  if (head.responsibility === 'external') return 'external_payer';
  const isPaying = billOf(book, head.billId).reservedCents > 0 || record.checkouts.some(isInFlight);
  if (isPaying) return 'payment_in_progress';
  if (cancelled || clientBalanceCents <= 0) return 'nothing_owed';
  if (hasConsentEnded(billing)) return 'consent_ended';
  if (head.hold) return 'held';
  if (head.disputed || isDisputing) return 'disputed';
  // Nobody is charged on a figure that the insurer may still change (S304).
  return sessions.some(({ claimReview }) => claimReview === 'needs_review') ? 'claim_under_review' : undefined;
}

function notChargeable(
  scene: AutopayScene,
  card: Card | undefined,
  { amountCents, today }: { amountCents: Cents; today: CalendarDate },
): AutopaySkip | undefined {
  const { practice, billing, record } = scene;
  if (practice.stripe.status !== 'ready') return 'stripe_not_ready';
  if (!card) return withoutCard(scene);
  const state = autopayState(record.attempts, { today, timeZone: practice.timeZone, cardId: card.cardId });
  if (state.stopped) return state.stopped;
  if (state.triedOn === today) return 'attempted_today';
  if (state.nextOn && state.nextOn > today) return 'not_yet';
  if (hasExpired(card, today)) return 'card_expired';
  if (billing.autopayLimitCents !== null && amountCents > billing.autopayLimitCents) return 'over_limit';
  return amountCents < stripeMinimum(practice.currency) ? 'below_minimum' : undefined;
}

type CardOwner = Card['owner'];
const isSame = (a: CardOwner, b: CardOwner): boolean => a.kind === b.kind && a.id === b.id;

/**
 * The default card of whom the bill went to. For whom bills go to now it is the client's where the billing contact has no
 * card at all (S304): a contact with cards but no default has yet to choose, and the client does not pay meanwhile. A
 * bill of an earlier payer stays that payer's, and nobody else's card pays it (rules 57 and 71).
 */
export function cardOf(
  { practice, billing, cards }: Pick<AutopayScene, 'practice' | 'billing' | 'cards'>,
  payer: CardOwner = autopayOwner(billing),
): Card | undefined {
  const usable = cards.filter(card => isUsable(card, practice.stripe));
  const own = usable.filter(({ owner }) => isSame(owner, payer));
  const standsIn = own.length === 0 && isSame(payer, autopayOwner(billing));
  return (standsIn ? usable.filter(({ owner }) => owner.kind === 'client') : own).find(({ isDefault }) => isDefault);
}

const withoutCard = ({ billing, record }: AutopayScene): AutopaySkip =>
  isSame(record.text.recipient, autopayOwner(billing)) ? 'no_card' : 'other_recipient';

/** A card is good to the end of its month. */
export const hasExpired = ({ expMonth, expYear }: Pick<Card, 'expMonth' | 'expYear'>, today: CalendarDate): boolean =>
  `${expYear}-${String(expMonth).padStart(2, '0')}` < today.slice(0, 7);
