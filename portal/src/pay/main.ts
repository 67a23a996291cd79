import type { GuestBillObject } from '../../../shared/operations/guest';
import { Intent } from '../api/intent';
import { type Answer, api, type Confirmation, type Failure } from './api';
import { billView, chosenCents, goneView } from './billView';
import { memory } from './memory';
import { failedView, findView, receiptView, unknownView, waitView } from './otherViews';
import { type Action, money, page, type Screen, say, words } from './page';
import { draw, fail, refuse, show, useViews } from './stage';

const acts = { pay, openPdf, otherCard, verify, find, freshLink, redraw: draw };

function viewOf(screen: Screen): Node[] {
  switch (screen.kind) {
    case 'wait':
      return waitView(screen.why);
    case 'find':
      return findView(screen.why, acts);
    case 'bill':
      return billView(screen.bill, acts);
    case 'gone':
      return goneView();
    case 'receipt':
      return receiptView(screen, () => screen.bill && show({ kind: 'bill', bill: screen.bill }));
    case 'unknown':
      return unknownView(start);
    case 'failed':
      return failedView(screen.again);
  }
}

/** What the address after `#` asks for: a return from Stripe, paid or with a card saved, a link from a mail, a number from paper, or nothing. */
function start(): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [checkoutId, linkToken, number] = [asked.get('c'), asked.get('t'), asked.get('n')];
  const token = memory.token();
  if (checkoutId) return void confirm(checkoutId, 0);
  if (asked.has('card')) return void backToBill(words().cardSaved);
  if (linkToken) return void openLink(linkToken);
  if (number) {
    page.draft.number = number;
  } else if (token) return void reload(token);
  show({ kind: 'find', why: 'find' });
}

/** The token must not stay in the address, where history and screenshots keep it. */
const clearAddress = (): void => history.replaceState(null, '', location.pathname);

async function openLink(linkToken: string): Promise<void> {
  show({ kind: 'wait', why: 'loading' });
  const answer = await api.lookup({ linkToken });
  if (answer.ok) return opened(answer.value);
  if (answer.failure.kind === 'problem' && answer.failure.status !== 429) {
    memory.keepToken(undefined);
    clearAddress();
    return show({ kind: 'find', why: 'expired' });
  }
  failed(answer.failure);
}

function failed(failure: Failure): void {
  show({ kind: 'failed', again: start });
  fail(failure);
}

function opened({ token, bill }: { token: string; bill: GuestBillObject }): void {
  memory.keepToken(token);
  clearAddress();
  page.draft.accessCode = '';
  showBill(bill);
}

function showBill(bill: GuestBillObject, notice?: string): void {
  if (bill.status === 'cancelled') show({ kind: 'gone', practiceEmail: bill.practiceEmail });
  else show({ kind: 'bill', bill }, notice);
}

async function reload(token: string, notice?: string): Promise<void> {
  if (page.screen.kind !== 'bill') show({ kind: 'wait', why: 'loading' });
  const answer = await api.bill(token);
  if (answer.ok) return showBill(answer.value, notice);
  if (answer.failure.kind !== 'problem') return failed(answer.failure);
  ended(notice);
}

function ended(notice?: string): void {
  memory.keepToken(undefined);
  show({ kind: 'find', why: 'ended' }, notice);
}

async function find(): Promise<void> {
  const number = page.draft.number.trim().toUpperCase();
  const accessCode = page.draft.accessCode.replace(/\D/g, '');
  if (page.busy) return;
  if (!number) return refuse('number', words().numberError);
  if (accessCode.length !== 6) return refuse('accessCode', words().codeError);
  page.busy = true;
  draw();
  const answer = await api.lookup({ number, accessCode });
  if (answer.ok) return opened(answer.value);
  const { failure } = answer;
  if (failure.kind === 'problem' && failure.status !== 429) return refuse('accessCode', words().mismatch);
  fail(failure);
}

async function freshLink(number: string): Promise<void> {
  const answer = await api.freshLink(number);
  if (!answer.ok && answer.failure.kind !== 'problem') return fail(answer.failure);
  page.failure = undefined;
  page.notice = words().freshDone;
  draw();
  say(words().freshDone);
}

/** A second press, or a repeat after a lost answer, asks for the same page of Stripe. */
const key = new Intent();
const cardKey = new Intent();

async function otherCard(): Promise<void> {
  const token = memory.token();
  if (page.busy) return;
  if (!token) return ended();
  begin('card');
  const answer = await api.cardSetup(words().consentVersion, { token, key: cardKey });
  if (answer.ok) return location.assign(answer.value.url);
  await notOpened(answer.failure, token);
}

function begin(failing: Action): void {
  Object.assign(page, { busy: true, failing, failure: undefined, notice: undefined, errors: {}, askingCode: false });
  draw();
  say(words().opening);
}

async function pay(): Promise<void> {
  const token = memory.token();
  if (page.busy || page.screen.kind !== 'bill') return;
  if (!token) return ended();
  const { bill } = page.screen;
  const cents = chosenCents(bill);
  if (cents === undefined) {
    const range = [bill.minimumCents, bill.clientBalanceCents].map(each => money(each, bill.currency)) as [
      string,
      string,
    ];
    return refuse('amount', words().amountError(...range));
  }
  begin('pay');
  // Just what the button says, also where it is all of it: if the balance changed meanwhile, nobody pays another amount.
  const answer = await api.checkout({ amountCents: cents }, { token, key });
  if (answer.ok) return location.assign(answer.value.url);
  await notOpened(answer.failure, token);
}

async function notOpened(failure: Failure, token: string): Promise<void> {
  page.busy = false;
  if (failure.kind !== 'problem' || failure.status === 429) return fail(failure, page.failing);
  if (failure.status === 401 || failure.status === 404) return ended();
  // Paid, cancelled or changed meanwhile: show how it stands.
  await reload(token, failure.code === 'payment_in_progress' ? words().inProgress : words().changed);
}

async function openPdf(): Promise<void> {
  const token = memory.token();
  if (!token) return ended();
  const answer = await api.pdf(token);
  if (answer.ok) return showPdf(answer.value.url);
  const { failure } = answer;
  if (failure.kind !== 'problem' || failure.status === 429) return fail(failure, 'pdf');
  if (failure.code !== 'second_factor_required') return ended();
  page.askingCode = true;
  draw();
  document.getElementById('accessCode')?.focus();
}

function showPdf(url: string): void {
  page.askingCode = false;
  draw();
  say(words().opened);
  location.assign(url);
}

async function verify(): Promise<void> {
  const token = memory.token();
  const accessCode = page.draft.accessCode.replace(/\D/g, '');
  if (page.busy) return;
  if (!token) return ended();
  if (accessCode.length !== 6) return refuse('accessCode', words().codeError);
  page.busy = true;
  const answer = await api.verify(accessCode, token);
  page.busy = false;
  if (answer.ok) {
    page.draft.accessCode = '';
    return openPdf();
  }
  const { failure } = answer;
  if (failure.kind !== 'problem' || failure.status === 429) return fail(failure, 'pdf');
  if (failure.status === 401) return ended();
  refuse('accessCode', words().codeWrong);
}

const waits = [1000, 2000, 4000, 8000];

/** Back from Stripe: asks whether it was paid, and again while Stripe has not said. */
async function confirm(checkoutId: string, tries: number): Promise<void> {
  if (tries === 0) show({ kind: 'wait', why: 'checking' });
  const token = memory.token();
  let answer: Answer<Confirmation> = await api.confirm(checkoutId, token);
  // A token that ended on the way must not hide the receipt.
  if (!answer.ok && answer.failure.kind === 'problem' && answer.failure.status === 401 && token) {
    memory.keepToken(undefined);
    answer = await api.confirm(checkoutId, undefined);
  }
  if (!answer.ok) {
    const unknown = answer.failure.kind === 'problem' && answer.failure.status === 404;
    return unknown ? backToBill() : failed(answer.failure);
  }
  const { bill, payment } = answer.value;
  if (received.has(payment.status)) {
    clearAddress();
    return show({ kind: 'receipt', payment, ...(bill && bill.status !== 'cancelled' ? { bill } : {}) });
  }
  if (payment.status === 'expired' || payment.status === 'failed') return backToBill(words().notPaid);
  const wait = waits[tries];
  if (wait === undefined) return show({ kind: 'unknown' });
  setTimeout(() => void confirm(checkoutId, tries + 1), wait);
}

/** Also when looked at again later, after a refund: the receipt of that payment stays a receipt. */
const received = new Set(['succeeded', 'complete', 'partially_refunded', 'refunded']);

function backToBill(notice?: string): void {
  clearAddress();
  const token = memory.token();
  if (token) void reload(token, notice);
  else show({ kind: 'find', why: 'find' }, notice);
  if (notice) say(notice);
}

addEventListener('hashchange', () => location.hash.length > 1 && start());
// Back from Stripe by the browser's own button: the page is as it was left, with its button pressed.
addEventListener('pageshow', event => {
  const token = memory.token();
  if (event.persisted && token && page.screen.kind === 'bill') void reload(token);
});
useViews(viewOf);
draw();
start();
