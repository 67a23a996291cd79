import type { Checkout } from './billRecord';
import { addMinutes, type Instant } from './calendar';

/** True until it is known what became of the page: somebody may still pay on it, or have paid. */
export const isOpenPage = ({ status }: Pick<Checkout, 'status'>): boolean => status === 'open' || status === 'closing';

const againMinutes = 5;
const lookAfterEnd = ({ expiresAt }: Pick<Checkout, 'expiresAt'>): Instant => addMinutes(expiresAt, 1);

/** When a page of which nothing is known yet is looked at next: just after it ends at Stripe, then again and again. */
export const nextLookAtPage = (page: Pick<Checkout, 'expiresAt'>, now: Instant): Instant =>
  page.expiresAt > now ? lookAfterEnd(page) : addMinutes(now, againMinutes);

/** True when a look after the page's end found no answer: what was paid on it may be under way. */
export const isInFlight = (page: Pick<Checkout, 'status' | 'expiresAt' | 'dueAt'>): boolean =>
  isOpenPage(page) && page.dueAt !== undefined && page.dueAt > lookAfterEnd(page);
