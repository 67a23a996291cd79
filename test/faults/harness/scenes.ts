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
export async function openChart(): Promise<Chart> {
  const practice = await openPractice({ stripe: { status: 'ready', mode: 'test' }, email: 'office@oak.example.com' });
  const { clientId } = await newClient(practice, { email: 'maya@example.com', emailAllowed: true });
  return { practice, practiceId: practice.practiceId, clientId };
}

/** The client's own card, which does as its token says. */
export async function cardOnFile({ practiceId, clientId }: Chart, token = 'pm_card_visa'): Promise<void> {
  await saveCard({ practiceId, clientId, sdk: await stripeClient(), method: token });
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

export interface Paid extends Billed {
  readonly paymentId: string;
  readonly paymentIntentId: string;
}

/** A bill that was paid by card, in full. */
export async function paidByCard(system: System, token?: string): Promise<Paid> {
  const ids = await billAndCard(token);
  const { body } = await system.ask(cardPayment(ids));
  return { ...ids, paymentId: body.payment.paymentId, paymentIntentId: body.payment.stripe.paymentIntentId };
}
