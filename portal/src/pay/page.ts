import { formatCents } from '../../../shared/domain/money';
import type { Failure, GuestBill, GuestPayment } from './api';
import { el, part } from './dom';
import { memory } from './memory';
import { type Language, localeOf, otherLanguage, wordsOf } from './words';

/** What stands on the page; each has a view that draws it from here and nothing else, so a change of language is a redraw. */
export type Screen =
  | { readonly kind: 'wait'; readonly why: 'loading' | 'checking' }
  | { readonly kind: 'find'; readonly why: 'find' | 'expired' | 'ended' }
  | { readonly kind: 'bill'; readonly bill: GuestBill }
  /** Of a cancelled bill nothing is told, not even its number. */
  | { readonly kind: 'gone'; readonly practiceEmail: string | undefined }
  | { readonly kind: 'receipt'; readonly bill?: GuestBill; readonly payment: GuestPayment }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly again: () => void };

export type Action = 'pay' | 'pdf' | 'card';

export interface Draft {
  number: string;
  accessCode: string;
  amount: string;
  whole: boolean;
}

/** All that changes. Typed input lives here, so that nothing typed is lost when the page is drawn anew. */
export const page = {
  language: startLanguage(),
  screen: { kind: 'wait', why: 'loading' } as Screen,
  draft: { number: '', accessCode: '', amount: '', whole: true } as Draft,
  /** A request is under way: a second press does nothing. */
  busy: false,
  askingCode: false,
  failure: undefined as Failure | undefined,
  /** Which action is under way, or failed: the sentence stands beside it. */
  failing: 'pay' as Action,
  /** Ids of fields whose input was refused, with the sentence that says why. */
  errors: {} as Partial<Record<keyof Draft, string>>,
  notice: undefined as string | undefined,
};

function startLanguage(): Language {
  const kept = memory.language();
  if (kept === 'en' || kept === 'es') return kept;
  return navigator.language.toLowerCase().startsWith('es') ? 'es' : 'en';
}

export const words = () => wordsOf(page.language);
export const money = (cents: number, currency: string): string => formatCents(cents, currency, localeOf[page.language]);

export const fullDate = (on: string): string =>
  new Intl.DateTimeFormat(localeOf[page.language], { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${on}T00:00:00Z`),
  );
export const moment = (at: string): string =>
  new Intl.DateTimeFormat(localeOf[page.language], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** Says something to who cannot see the change. */
export const say = (sentence: string): void => {
  part('status').textContent = sentence;
};

export function failureWords(failure: Failure): string {
  if (failure.kind === 'offline') return words().offline;
  if (failure.kind === 'down') return words().down;
  if (failure.status === 429) return words().tooMany(words().minutes(Math.ceil(failure.retryAfterSeconds / 60)));
  return words().down;
}

/** The sentence in the way of going on, read at once by screen readers. */
export const alertBox = (): HTMLElement | false =>
  page.failure !== undefined && el('p', { class: 'alert', role: 'alert' }, failureWords(page.failure));

export const noticeBox = (): HTMLElement | false =>
  page.notice !== undefined && el('p', { class: 'alert calm top-notice' }, page.notice);

export const figures = (rows: readonly (readonly [label: string, value: string])[], lastBold = false): HTMLElement =>
  el(
    'dl',
    { class: 'figures' },
    ...rows.map(([label, value], index) =>
      el(
        'div',
        lastBold && index === rows.length - 1 ? { class: 'last' } : {},
        el('dt', {}, label),
        el('dd', {}, value),
      ),
    ),
  );

export function drawTop(practiceName: string | undefined, redraw: () => void): void {
  const other = otherLanguage(page.language);
  const change = () => {
    page.language = other;
    memory.keepLanguage(other);
    redraw();
    document.querySelector<HTMLElement>('#top button')?.focus();
  };
  const image = el('img', { class: 'mark', src: part('top').dataset.mark ?? '', alt: '' });
  part('top').replaceChildren(
    image,
    el('strong', {}, practiceName ?? words().title),
    el('button', { type: 'button', lang: other, click: change }, words().other),
  );
}

export function drawQuestions(email: string | undefined): void {
  part('questions').replaceChildren(
    ...(email ? [`${words().questions} `, el('a', { href: `mailto:${email}` }, email)] : []),
  );
}
