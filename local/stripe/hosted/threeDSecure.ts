import type Stripe from 'stripe';
import type { Answer } from '../api';
import type { Desk } from '../desk';
import type { Form } from '../form';
import { authenticated } from '../paying';
import { setupAuthenticated } from '../setupIntents';
import { StripeProblem } from '../stripeError';
import { completeSession, returnTo } from './checkout';
import { html, money, notFoundPage, seeOther, showPage } from './page';

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent;

/** The bank's page on which the payer proves who they are. */
export function threeDSecurePage(desk: Desk, id: string, form: Form | undefined): Answer {
  const intent = find(desk, id);
  if (!intent) return notFoundPage('There is no such payment');
  if (intent.status !== 'requires_action') return donePage(intent);
  if (form === undefined || (form.decision !== 'complete' && form.decision !== 'fail')) return askPage(desk, intent);
  const after = decide(desk, id, form.decision === 'complete');
  const facts = desk.find('intentFacts', id);
  if (facts?.sessionId) {
    if (after.status === 'succeeded') return seeOther(returnTo(completeSession(desk, facts.sessionId)));
    return seeOther(`${desk.world.url}/c/pay/${desk.account}/${facts.sessionId}`);
  }
  return facts?.returnUrl ? seeOther(withOutcome(facts.returnUrl, after)) : donePage(after);
}

const find = (desk: Desk, id: string): Intent | undefined =>
  id.startsWith('seti_') ? desk.find('setup_intent', id) : desk.find('payment_intent', id);

/** A card may still be declined after the proof: the intent then says so. */
function decide(desk: Desk, id: string, passed: boolean): Intent {
  try {
    return id.startsWith('seti_') ? setupAuthenticated(desk, id, passed) : authenticated(desk, id, passed);
  } catch (thrown) {
    const after = find(desk, id);
    if (!(thrown instanceof StripeProblem) || !after) throw thrown;
    return after;
  }
}

function withOutcome(returnUrl: string, intent: Intent): string {
  const url = new URL(returnUrl);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '');
  url.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed');
  return url.href;
}

function askPage(desk: Desk, intent: Intent): Answer {
  const sum = intent.object === 'payment_intent' ? money(intent.amount, intent.currency) : undefined;
  const facts = desk.find('intentFacts', intent.id);
  const session = facts?.sessionId ? desk.find('checkout.session', facts.sessionId) : undefined;
  return showPage({
    title: 'Your bank asks',
    leadsTo: [facts?.returnUrl ?? null, session?.success_url ?? null],
    body: html`<p class="notice">Test page: your bank's 3-D Secure check.</p>
<h1>${sum ? `Do you want to pay ${sum}?` : 'Do you want to save this card?'}</h1>
<form method="post" class="card">
<button name="decision" value="complete">Complete</button>
<button class="quiet" name="decision" value="fail">Fail</button></form>`,
  });
}

const donePage = (intent: Intent): Answer =>
  showPage({
    title: 'Nothing to confirm',
    body: html`<h1>${intent.status === 'succeeded' ? 'Confirmed. You can close this page.' : 'There is nothing to confirm here.'}</h1>
<p>State: ${intent.status.replaceAll('_', ' ')}.</p>`,
  });
