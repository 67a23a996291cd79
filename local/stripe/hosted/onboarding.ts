import { finishOnboarding } from '../accounts';
import type { Answer } from '../api';
import { platformId, type World } from '../desk';
import type { Form } from '../form';
import { html, notFoundPage, seeOther, showPage } from './page';

/** Where a practice's owner connects an account of their own. */
export function onboardingPage(
  world: World,
  accountId: string,
  query: URLSearchParams,
  form: Form | undefined,
): Answer {
  const returnUrl = query.get('return_url');
  if (!world.books.find(platformId, 'account', accountId) || returnUrl === null || !/^https?:/.test(returnUrl))
    return notFoundPage('There is no such account link');
  if (form !== undefined) {
    finishOnboarding(world, accountId);
    return seeOther(returnUrl);
  }
  return showPage({
    title: 'Connect with Stripe',
    leadsTo: [returnUrl],
    body: html`<p class="notice">Test page: Stripe would ask about the practice and its bank here.</p>
<h1>Connect ${accountId}</h1><form method="post" class="card"><button>Finish set-up</button></form>
<p><a href="${returnUrl}">Go back without finishing</a></p>`,
  });
}
