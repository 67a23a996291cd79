import type Stripe from 'stripe';
import { calendarDate } from '../../../shared/domain/calendar';
import type { Practice } from '../../../shared/domain/practice';
import { removed } from '../../../shared/store/changes';
import { transact } from '../../../shared/store/kernel';
import { reconciliationStore } from '../../../shared/store/reconciliationStore';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { nextReconciliationEntity } from '../../../shared/store/table';
import { stripeClient } from '../../../shared/stripe/stripeClient';
import { newBill, newClient } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { saveCard } from '../../fixtures/savedCard';
import { cardPayment } from './asking';
import type { System } from './system';

export interface Chart {
  readonly practice: TestPractice;
  readonly practiceId: string;
  readonly clientId: string;
}

/** A practice that takes cards, and a client with an address. */
export async function openChart(stripe: Partial<Practice['stripe']> = {}): Promise<Chart> {
  const email = 'office@oak.example.com';
  const practice = await openPractice({ stripe: { status: 'ready', mode: 'test', ...stripe }, email });
  const { clientId } = await newClient(practice, { email: 'maya@example.com', emailAllowed: true });
  return { practice, practiceId: practice.practiceId, clientId };
}

/** The client's own card, which does as its token says. */
export async function cardOnFile({ practiceId, clientId }: Chart, token = 'pm_card_visa', sdk?: Stripe): Promise<void> {
  await saveCard({ practiceId, clientId, sdk: sdk ?? (await stripeClient()), method: token });
}

/** What is in the platform key's own account is this practice's from now on. */
export const ownAccount = ({ practiceId }: Chart): Promise<void> => transact([accountClaimed(practiceId, undefined)]);

/** From the coming night on the practice is held against Stripe; the story ends with its last night. */
export const everyNight = ({ practiceId, practice }: Chart, from = '2026-03-11'): Promise<void> =>
  transact([reconciliationStore.everyNight(practiceId, calendarDate(from), practice.practice.timeZone)]);

export async function noMoreNights({ practiceId }: Pick<Chart, 'practiceId'>): Promise<void> {
  const next = await reconciliationStore.next(practiceId);
  if (next) await transact([removed(nextReconciliationEntity, practiceId, next)]);
}

export interface Billed extends Chart {
  readonly billId: string;
}

/** A bill of 165.00, and a card that does as its token says. */
export async function billAndCard(token?: string): Promise<Billed> {
  const chart = await openChart();
  const { billId } = await newBill(chart.practice, chart.clientId);
  await cardOnFile(chart, token);
  return { ...chart, billId };
}

/** The same at a practice that connected an account of its own. */
export async function connectedBill({ stripe }: System, accountId: string): Promise<Billed> {
  stripe.connect(accountId);
  const chart = await openChart({ accountId });
  await transact([accountClaimed(chart.practiceId, accountId)]);
  const { billId } = await newBill(chart.practice, chart.clientId);
  await cardOnFile(chart, undefined, stripe.sdk(accountId));
  return { ...chart, billId };
}

export interface Paid extends Billed {
  readonly paymentId: string;
  readonly paymentIntentId: string;
}

/** A bill that was paid by card, in full. */
export async function paidByCard(system: System, token?: string, billed?: Billed): Promise<Paid> {
  const ids = billed ?? (await billAndCard(token));
  const { body } = await system.ask(cardPayment(ids));
  return { ...ids, paymentId: body.payment.paymentId, paymentIntentId: body.payment.stripe.paymentIntentId };
}
