import type Stripe from 'stripe';
import type { Answer } from '../api';
import { Desk, platformId, type World } from '../desk';
import { decideDispute, disputeStatuses, isDisputeStatus, openDispute } from '../disputes';
import type { Form } from '../form';
import { failRefund, refundCharge } from '../refunds';
import { invalid, StripeProblem } from '../stripeError';
import { type Html, html, money, notFoundPage, seeOther, showPage } from './page';

/** Accounts, and each one's latest payments. */
export function dashboardHome(world: World): Answer {
  const accounts = world.books.all(platformId, 'account').map(({ id }) => {
    const payments = new Desk(world, id).all('payment_intent').slice(-50).reverse();
    return html`<h2>${id === platformId ? 'The platform’s own account' : id}</h2>
${payments.length === 0 ? html`<p class="dimmed">No payments yet.</p>` : html`<table><tbody>${payments.map(payment => row([html`<a href="${linkTo(id, payment.id)}">${payment.id}</a>`, html`${payment.status.replaceAll('_', ' ')}`, sum(payment.amount, payment.currency)]))}</tbody></table>`}`;
  });
  return showPage({ title: 'Payments', wide: true, body: html`<h1>Payments</h1>${accounts}` });
}

const linkTo = (account: string, payment: string): string =>
  `/dashboard${account === platformId ? '' : `/${account}`}/test/payments/${payment}`;

const row = (cells: Html[]): Html =>
  html`<tr>${cells.map((cell, index) => (index === cells.length - 1 ? html`<td class="money">${cell}</td>` : html`<td>${cell}</td>`))}</tr>`;

const sum = (cents: number, currency: string): Html => html`${money(cents, currency)}`;

/** One payment: its refunds and disputes, and what can be done "in the dashboard", without our key or metadata. */
export function paymentPage(desk: Desk, id: string, form: Form | undefined): Answer {
  const payment = desk.find('payment_intent', id);
  if (!payment) return notFoundPage('There is no such payment');
  if (form === undefined) return show(desk, payment, undefined);
  try {
    act(desk, payment, form);
    return seeOther(linkTo(desk.account, id));
  } catch (thrown) {
    if (!(thrown instanceof StripeProblem)) throw thrown;
    return show(desk, payment, thrown.message);
  }
}

function act(desk: Desk, payment: Stripe.PaymentIntent, form: Form): void {
  const { action, status, refund, dispute } = form;
  const charge = chargeOf(desk, payment);
  if (!charge) throw invalid('This payment has no successful charge.');
  if (action === 'refund') {
    const amount = centsOf(form.amount);
    refundCharge(desk, amount === undefined ? { charge } : { charge, amount });
  } else if (action === 'dispute' && isDisputeStatus(status)) openDispute(desk, charge, status);
  else if (action === 'decide' && typeof dispute === 'string' && isDisputeStatus(status))
    decideDispute(desk, dispute, status);
  else if (action === 'fail_refund' && typeof refund === 'string') failRefund(desk, refund);
  else throw invalid('Choose what to do.');
}

/** Empty: all that is left. */
function centsOf(text: Form[string] | undefined): number | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const match = /^\$?(\d{1,6})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', ''));
  if (!match) throw invalid('Enter an amount such as 40 or 40.50.');
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** The charge that took the money. */
export function chargeOf(desk: Desk, payment: Stripe.PaymentIntent): Stripe.Charge | undefined {
  const latest = typeof payment.latest_charge === 'string' ? desk.find('charge', payment.latest_charge) : undefined;
  return latest?.paid ? latest : undefined;
}

function show(desk: Desk, payment: Stripe.PaymentIntent, message: string | undefined): Answer {
  const charge = chargeOf(desk, payment);
  const refunds = desk.all('refund').filter(({ payment_intent: id }) => id === payment.id);
  const disputes = desk.all('dispute').filter(({ payment_intent: id }) => id === payment.id);
  return showPage({
    title: `Payment ${payment.id}`,
    wide: true,
    body: html`<p><a href="/dashboard">Payments</a></p><h1>Payment ${payment.id}</h1>
<p class="sum">${money(payment.amount, payment.currency)}</p>
<p>${payment.status.replaceAll('_', ' ')}${payment.last_payment_error ? `: ${payment.last_payment_error.message ?? ''}` : ''}</p>
${message ? html`<p class="alert" role="alert">${message}</p>` : ''}
<p class="dimmed">${new Date(payment.created * 1000).toISOString()}${payment.description ? `, ${payment.description}` : ''}</p>
${metadataPart(payment.metadata)}
${charge ? html`${refundPart(charge, refunds)}${disputePart(disputes)}` : ''}`,
  });
}

function metadataPart(metadata: Stripe.Metadata): Html | '' {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return '';
  return html`<h2>Metadata</h2><table><tbody>${entries.map(([name, value]) => row([html`${name}`, html`${value}`]))}</tbody></table>`;
}

function refundPart(charge: Stripe.Charge, refunds: Stripe.Refund[]): Html {
  const left = charge.amount_captured - charge.amount_refunded;
  return html`<h2>Refunds</h2><table><tbody>${refunds.map(refund =>
    row([
      html`${refund.id}`,
      html`${refund.status ?? ''}${refund.status === 'failed' || refund.status === 'canceled' ? '' : html`<form method="post"><input type="hidden" name="action" value="fail_refund"><input type="hidden" name="refund" value="${refund.id}"><button class="quiet">Fail this refund</button></form>`}`,
      sum(refund.amount, refund.currency),
    ]),
  )}</tbody></table>
${left > 0 ? html`<form method="post" class="card"><input type="hidden" name="action" value="refund"><label for="amount">Amount to refund</label><input id="amount" name="amount" inputmode="decimal" placeholder="${money(left, charge.currency)}" aria-describedby="left"><p class="dimmed" id="left">${money(left, charge.currency)} is left; empty refunds all of it.</p><button>Refund payment</button></form>` : html`<p class="dimmed">Nothing is left to refund.</p>`}`;
}

function disputePart(disputes: Stripe.Dispute[]): Html {
  const options = (statuses: readonly string[]): Html[] =>
    statuses.map(status => html`<option value="${status}">${status.replaceAll('_', ' ')}</option>`);
  return html`<h2>Disputes</h2>${disputes.map(
    dispute => html`<form method="post" class="card"><p>${dispute.id}: ${dispute.status.replaceAll('_', ' ')}, ${sum(dispute.amount, dispute.currency)}</p>
<input type="hidden" name="action" value="decide"><input type="hidden" name="dispute" value="${dispute.id}">
<label for="${dispute.id}">New state</label><select id="${dispute.id}" name="status">${options(disputeStatuses)}</select><button class="quiet">Set state</button></form>`,
  )}
<form method="post" class="card"><input type="hidden" name="action" value="dispute"><label for="open">Open a dispute</label>
<select id="open" name="status">${options(['needs_response', 'warning_needs_response'])}</select><button class="quiet">Open dispute</button></form>`;
}
