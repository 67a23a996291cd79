import { instant } from '../../../shared/domain/calendar';
import type { Card } from '../../../shared/domain/client';
import { newId } from '../../../shared/ids';
import { added } from '../../../shared/store/changes';
import { transact } from '../../../shared/store/kernel';
import { cardEntity } from '../../../shared/store/table';
import { newBill, newClient } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { cardPayment } from './asking';
import type { System } from './system';
import { time } from './time';

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

/** The client's own card, saved and the default one. */
export async function saveCard({ stripe }: System, { practiceId, clientId }: Chart, token: string): Promise<void> {
  const { customerId, paymentMethodId } = stripe.saveCard(token);
  const at = instant(time.now());
  const card: Card = {
    cardId: newId('card'),
    clientId,
    owner: { kind: 'client', id: clientId },
    brand: 'visa',
    last4: '4242',
    expMonth: 12,
    expYear: 2034,
    isDefault: true,
    consent: { at, by: 'the office', textVersion: '2026-01' },
    stripeCustomerId: customerId,
    stripePaymentMethodId: paymentMethodId,
    createdAt: at,
  };
  await transact([added(cardEntity, practiceId, card)]);
}

export interface Billed extends Chart {
  readonly billId: string;
}

/** A bill of 165.00, and a card that does as its token says. */
export async function billAndCard(system: System, token = 'pm_card_visa'): Promise<Billed> {
  const chart = await openChart();
  const { billId } = await newBill(chart.practice, chart.clientId);
  await saveCard(system, chart, token);
  return { ...chart, billId };
}

export interface Paid extends Billed {
  readonly paymentId: string;
  readonly paymentIntentId: string;
}

/** A bill that was paid by card, in full. */
export async function paidByCard(system: System, token?: string): Promise<Paid> {
  const ids = await billAndCard(system, token);
  const { body } = await system.ask(cardPayment(ids));
  return { ...ids, paymentId: body.payment.paymentId, paymentIntentId: body.payment.stripe.paymentIntentId };
}
