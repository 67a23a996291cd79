import { parseAmount } from './amount';
import type { GuestBill } from './api';
import { el, field, icon, unbroken } from './dom';
import { alertBox, figures, fullDate, money, page, words } from './page';

export interface BillActs {
  pay(): void;
  openPdf(): void;
  otherCard(): void;
  verify(): void;
  freshLink(number: string): void;
  redraw(): void;
}

export function billView(bill: GuestBill, acts: BillActs): Node[] {
  return (bill.clientBalanceCents > 0 ? dueView : settledView)(bill, acts).filter(node => node !== false);
}

function dueView(bill: GuestBill, acts: BillActs): (Node | false)[] {
  const { currency, number } = bill;
  return [
    el(
      'h1',
      { tabindex: '-1' },
      words().amountDue(number),
      el('span', { class: 'amount' }, money(bill.clientBalanceCents, currency)),
    ),
    el('p', {}, words().due(fullDate(bill.dueOn))),
    figures(breakdown(bill), true),
    bill.onlinePayments ? payForm(bill, acts) : el('p', { class: 'alert calm' }, words().elsewhere(bill.practiceName)),
    ...pdfPart(bill, acts),
    cardPart(bill, acts),
  ];
}

/**
 * The rows always add up: what was paid is told before refunds, whatever a refund did to the bill, so it is derived from
 * the other three.
 */
function breakdown(bill: GuestBill): (readonly [string, string])[] {
  const { currency, clientPortionCents, refundedCents, clientBalanceCents } = bill;
  const paidCents = clientPortionCents + refundedCents - clientBalanceCents;
  return [
    [words().yourPart, money(clientPortionCents, currency)],
    ...(paidCents === 0 ? [] : ([[words().alreadyPaid, money(-paidCents, currency)]] as const)),
    ...(refundedCents === 0 ? [] : ([[words().refunded, money(refundedCents, currency)]] as const)),
    [words().dueNow, money(clientBalanceCents, currency)],
  ];
}

export const goneView = (): Node[] => [
  el('h1', { class: 'plain', tabindex: '-1' }, words().gone),
  el('p', { class: 'note' }, words().goneNote),
];

function settledView(bill: GuestBill, acts: BillActs): (Node | false)[] {
  const awaiting = bill.status === 'awaiting_insurance';
  return [
    el('h1', { class: 'plain', tabindex: '-1' }, awaiting ? words().awaiting : words().isPaid),
    el(
      'p',
      { class: 'note' },
      ...unbroken(awaiting ? words().awaitingNote : words().nothingDue(bill.number), bill.number),
    ),
    figures(breakdown(bill), true),
    ...pdfPart(bill, acts),
    cardPart(bill, acts),
  ];
}

/** What the press of the button would pay, or nothing when what was typed is no payable amount. */
export function chosenCents(bill: GuestBill): number | undefined {
  if (page.draft.whole || !partial(bill)) return bill.clientBalanceCents;
  const cents = parseAmount(page.draft.amount, bill.currency);
  return cents !== undefined && cents >= bill.minimumCents && cents <= bill.clientBalanceCents ? cents : undefined;
}

const partial = (bill: GuestBill): boolean => bill.allowPartial && bill.clientBalanceCents > bill.minimumCents;

function payForm(bill: GuestBill, acts: BillActs): HTMLElement {
  const label = el('span', { id: 'pay-label' }, payLabel(bill));
  const button = el(
    'button',
    { class: 'button primary', type: 'submit', ...(page.busy ? { 'aria-disabled': 'true' } : {}) },
    icon('lock'),
    label,
  );
  const submit = (event: Event) => {
    event.preventDefault();
    acts.pay();
  };
  return el(
    'form',
    { novalidate: true, submit },
    partial(bill) && choices(bill, acts, () => label.replaceChildren(payLabel(bill))),
    page.failing === 'pay' && alertBox(),
    button,
    el('p', { class: 'note' }, words().stripe),
  );
}

function payLabel(bill: GuestBill): string {
  if (page.busy && page.failing === 'pay') return words().opening;
  const cents = chosenCents(bill);
  return cents === undefined ? words().payPlain : words().pay(money(cents, bill.currency));
}

function choices(bill: GuestBill, acts: BillActs, relabel: () => void): HTMLElement {
  const { currency, minimumCents, clientBalanceCents } = bill;
  const choose = (whole: boolean) => () => {
    page.draft.whole = whole;
    delete page.errors.amount;
    acts.redraw();
    document.getElementById(whole ? 'whole' : 'amount')?.focus();
  };
  const radio = (whole: boolean, ...content: Node[]) =>
    el(
      'label',
      { class: 'choice' },
      el('input', {
        type: 'radio',
        name: 'how-much',
        id: whole ? 'whole' : 'part',
        checked: page.draft.whole === whole,
        change: choose(whole),
      }),
      ...content,
    );
  return el(
    'fieldset',
    {},
    el('legend', {}, words().howMuch),
    radio(true, el('span', {}, words().all), el('b', {}, money(clientBalanceCents, currency))),
    radio(false, el('span', {}, words().another)),
    !page.draft.whole &&
      field({
        id: 'amount',
        label: words().amount,
        value: page.draft.amount,
        // The refusal names the same range; twice would be noise.
        hint: page.errors.amount
          ? undefined
          : words().amountHint(money(minimumCents, currency), money(clientBalanceCents, currency)),
        error: page.errors.amount,
        attributes: {
          inputmode: 'decimal',
          autocomplete: 'off',
          focus: event => (event.target as HTMLInputElement).select(),
          input: event => {
            page.draft.amount = (event.target as HTMLInputElement).value;
            relabel();
          },
        },
      }),
  );
}

function pdfPart(bill: GuestBill, acts: BillActs): HTMLElement[] {
  if (page.askingCode) return [codeForm(bill, acts)];
  return [
    el(
      'div',
      { class: 'actions' },
      page.failing === 'pdf' && alertBox(),
      el(
        'button',
        { class: 'button', type: 'button', id: 'pdf', click: () => acts.openPdf() },
        icon('file'),
        words().pdf,
      ),
      el('p', { class: 'note' }, words().pdfHint),
    ),
  ];
}

/** Quiet, as paying comes first; its words are what the cardholder agrees to. */
const cardPart = (bill: GuestBill, acts: BillActs): HTMLElement | false =>
  bill.cardSetup &&
  el(
    'div',
    { class: 'box' },
    el('p', { id: 'consent' }, words().consent(bill.practiceName)),
    el(
      'button',
      {
        class: 'link',
        type: 'button',
        id: 'card',
        'aria-describedby': 'consent',
        ...(page.busy ? { 'aria-disabled': 'true' } : {}),
        click: () => acts.otherCard(),
      },
      page.busy && page.failing === 'card' ? words().opening : words().otherCard,
    ),
    // Below, so that a further press finds the button where it was.
    page.failing === 'card' && alertBox(),
  );

function codeForm(bill: GuestBill, acts: BillActs): HTMLElement {
  const submit = (event: Event) => {
    event.preventDefault();
    acts.verify();
  };
  const waiting = page.failure?.kind === 'problem' && page.failure.status === 429;
  return el(
    'form',
    { novalidate: true, submit },
    codeField(),
    page.failing === 'pdf' && alertBox(),
    el('button', { class: 'button', type: 'submit' }, icon('file'), words().openPdf),
    waiting && freshButton(() => acts.freshLink(bill.number)),
  );
}

export const codeField = (): HTMLElement =>
  field({
    id: 'accessCode',
    label: words().code,
    value: page.draft.accessCode,
    hint: words().codeHint,
    error: page.errors.accessCode,
    attributes: {
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      required: true,
      input: event => {
        page.draft.accessCode = (event.target as HTMLInputElement).value;
      },
    },
  });

export const freshButton = (click: () => void): HTMLElement =>
  el('button', { class: 'button', type: 'button', id: 'fresh', click }, icon('mail'), words().fresh);
