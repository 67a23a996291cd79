import { cardOfNumber, passesLuhn, type TestCard } from '../cards';
import type { Desk } from '../desk';
import { type Form, isForm } from '../form';
import { isExpired } from '../paymentMethods';
import { type Html, html } from './page';

export interface CardFields {
  number: string;
  expiry: string;
  cvc: string;
  name: string;
}

export type Wrong = Partial<Record<keyof CardFields, string>>;

export const emptyCard: CardFields = { number: '', expiry: '', cvc: '', name: '' };

export function fieldsOf(form: Form): CardFields {
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' && !isForm(value) ? value.trim().slice(0, 100) : '';
  };
  return { number: text('number'), expiry: text('expiry'), cvc: text('cvc'), name: text('name') };
}

export interface ReadCard {
  card: TestCard;
  expMonth: number;
  expYear: number;
  name: string;
}

/** A card that can be tried, or what is wrong with each field. */
export function readCard(desk: Desk, fields: CardFields): ReadCard | { wrong: Wrong } {
  const wrong: Wrong = {};
  const number = fields.number.replace(/[\s-]/g, '');
  const card = cardOfNumber(number);
  if (!passesLuhn(number)) wrong.number = 'Your card number is not valid. Check the digits.';
  else if (!card) wrong.number = 'This is a test page: use a test card, such as 4242 4242 4242 4242.';
  const expiry = readExpiry(fields.expiry);
  if (!expiry) wrong.expiry = 'Enter the expiry as MM / YY.';
  else if (isExpired(desk, { exp_month: expiry.month, exp_year: expiry.year })) wrong.expiry = 'This card has expired.';
  const digits = card?.brand === 'amex' ? 4 : 3;
  if (!new RegExp(`^\\d{${digits}}$`).test(fields.cvc)) wrong.cvc = `Enter the ${digits} digits of the security code.`;
  if (fields.name === '') wrong.name = 'Enter the name on the card.';
  if (!card || !expiry || Object.keys(wrong).length > 0) return { wrong };
  return { card, expMonth: expiry.month, expYear: expiry.year, name: fields.name };
}

function readExpiry(text: string): { month: number; year: number } | undefined {
  const match = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(text);
  const month = Number(match?.[1]);
  if (!match || month < 1 || month > 12) return undefined;
  const year = Number(match[2]);
  return { month, year: year < 100 ? 2000 + year : year };
}

export function cardFields(fields: CardFields, wrong: Wrong): Html {
  return html`
${field('number', 'Card number', { fields, wrong, autocomplete: 'cc-number', numeric: true })}
<div class="pair"><div>${field('expiry', 'Expiry (MM / YY)', { fields, wrong, autocomplete: 'cc-exp', numeric: true })}</div>
<div>${field('cvc', 'CVC', { fields, wrong, autocomplete: 'cc-csc', numeric: true })}</div></div>
${field('name', 'Name on card', { fields, wrong, autocomplete: 'cc-name', numeric: false })}`;
}

function field(
  name: keyof CardFields,
  label: string,
  {
    fields,
    wrong,
    autocomplete,
    numeric,
  }: { fields: CardFields; wrong: Wrong; autocomplete: string; numeric: boolean },
): Html {
  const message = wrong[name];
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${fields[name]}" autocomplete="${autocomplete}" inputmode="${numeric ? 'numeric' : 'text'}" aria-invalid="${message ? 'true' : 'false'}" aria-describedby="${name}-wrong">
<p class="wrong" id="${name}-wrong">${message}</p>`;
}
