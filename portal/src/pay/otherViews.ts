import { cardText } from '../../../shared/domain/cardText';
import type { GuestBill, GuestPayment } from './api';
import { codeField, freshButton } from './billView';
import { el, field, icon, unbroken } from './dom';
import { alertBox, failureWords, figures, moment, money, page, type Screen, words } from './page';

export const waitView = (why: 'loading' | 'checking'): Node[] => [
  el('div', { class: 'wait' }, el('h1', { class: 'plain', tabindex: '-1' }, words()[why])),
];

export interface FindActs {
  find(): void;
  freshLink(number: string): void;
}

export function findView(why: 'find' | 'expired' | 'ended', acts: FindActs): Node[] {
  const submit = (event: Event) => {
    event.preventDefault();
    acts.find();
  };
  const note = { find: words().findNote, expired: words().expiredNote, ended: words().endedNote }[why];
  const waiting = page.failure?.kind === 'problem' && page.failure.status === 429;
  return [
    el('h1', { class: 'plain', tabindex: '-1' }, words()[why]),
    el('p', { class: 'note' }, note),
    el(
      'form',
      { novalidate: true, submit },
      field({
        id: 'number',
        label: words().number,
        value: page.draft.number,
        error: page.errors.number,
        attributes: {
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: 'false',
          required: true,
          input: event => {
            page.draft.number = (event.target as HTMLInputElement).value;
          },
        },
      }),
      codeField(),
      alertBox(),
      el(
        'button',
        { class: 'button primary', type: 'submit', ...(page.busy ? { 'aria-disabled': 'true' } : {}) },
        words().findButton,
      ),
      waiting && freshButton(() => acts.freshLink(page.draft.number.trim())),
    ),
  ];
}

export function failedView(again: () => void): Node[] {
  const failure = page.failure ?? { kind: 'down' };
  return [
    el('h1', { class: 'plain', tabindex: '-1' }, words().notOpened),
    el('p', { class: 'alert', role: 'alert' }, failureWords(failure)),
    el('button', { class: 'button primary', type: 'button', click: again }, words().again),
  ];
}

export const unknownView = (again: () => void): Node[] => [
  el('h1', { class: 'plain', tabindex: '-1' }, words().unknown),
  el('p', { class: 'note' }, words().unknownNote),
  el('button', { class: 'button', type: 'button', click: again }, words().again),
];

type Receipt = Extract<Screen, { kind: 'receipt' }>;

export function receiptView({ bill, payment }: Receipt, back: () => void): Node[] {
  const rows = receiptRows(bill, payment);
  const currency = bill?.currency ?? payment.currency;
  const amount = currency && money(payment.amountCents, currency);
  const left = bill && bill.clientBalanceCents > 0 && money(bill.clientBalanceCents, bill.currency);
  return [
    el(
      'div',
      { class: 'receipt' },
      el('span', { class: 'tick' }, icon('check')),
      el('h1', { class: 'plain', tabindex: '-1' }, words().paidNow),
      amount !== undefined && el('p', { class: 'amount' }, amount),
      bill !== undefined &&
        el(
          'p',
          { class: 'dim' },
          ...unbroken(left ? words().partlyDue(left, bill.number) : words().nothingDue(bill.number), bill.number),
        ),
    ),
    ...(bill ? [figures(rows), ...receiptActions(bill, payment, amount, rows)] : []),
    ...(left ? [el('button', { class: 'button', type: 'button', click: back }, words().rest)] : []),
    ...portalBox(bill),
  ];
}

function receiptRows(bill: GuestBill | undefined, payment: GuestPayment): (readonly [string, string])[] {
  if (!bill) return [];
  return [
    [words().paidTo, bill.practiceName],
    ...(payment.paidAt ? ([[words().when, moment(payment.paidAt)]] as const) : []),
    ...(payment.card ? ([[words().card, cardText(payment.card)]] as const) : []),
    [words().bill, bill.number],
    ...(payment.receiptNumber ? ([[words().receipt, payment.receiptNumber]] as const) : []),
  ];
}

function receiptActions(
  bill: GuestBill,
  payment: GuestPayment,
  amount: string | undefined,
  rows: readonly (readonly [string, string])[],
): HTMLElement[] {
  const download = () => {
    const name = `${payment.receiptNumber ?? `${words().receipt} ${bill.number}`}.html`;
    const link = el('a', {
      href: URL.createObjectURL(receiptFile([[words().amount, amount ?? ''], ...rows])),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return [
    el('button', { class: 'button primary', type: 'button', click: download }, icon('download'), words().download),
  ];
}

/** A page of its own that any phone opens and prints; built as nodes, so names in it stay text. */
function receiptFile(rows: readonly (readonly [string, string])[]): Blob {
  const paper = document.implementation.createHTMLDocument(words().receipt);
  paper.documentElement.lang = page.language;
  paper.head.prepend(el('meta', { charset: 'utf-8' }));
  paper.body.append(
    el('h1', {}, words().paidNow),
    el(
      'table',
      {},
      ...rows.map(([label, value]) => el('tr', {}, el('th', { align: 'left' }, label), el('td', {}, value))),
    ),
  );
  return new Blob(['<!doctype html>', paper.documentElement.outerHTML], { type: 'text/html' });
}

const portalBox = (bill: GuestBill | undefined): HTMLElement[] =>
  bill?.portalUrl
    ? [
        el(
          'div',
          { class: 'box' },
          el('h2', {}, words().quicker),
          el('p', {}, words().quickerNote),
          el('a', { href: bill.portalUrl }, words().portal),
        ),
      ]
    : [];
