import type { Failure } from './api';
import { part } from './dom';
import { type Action, type Draft, drawQuestions, drawTop, noticeBox, page, type Screen, words } from './page';

let viewOf: (screen: Screen) => Node[] = () => [];

/** Views need the acts, the acts draw the views: the entry brings both together. */
export const useViews = (views: typeof viewOf): void => {
  viewOf = views;
};

export function draw(): void {
  const { screen } = page;
  const bill = 'bill' in screen ? screen.bill : undefined;
  document.documentElement.lang = page.language;
  document.title = bill ? words().billTitle(bill.number, bill.practiceName) : words().title;
  drawTop(bill?.practiceName, draw);
  part('main').replaceChildren(...[noticeBox()].filter(node => node !== false), ...viewOf(screen));
  drawQuestions(screen.kind === 'gone' ? screen.practiceEmail : bill?.practiceEmail);
}

/** A new screen starts at its heading, for eyes and for screen readers. */
export function show(screen: Screen, notice?: string): void {
  Object.assign(page, { screen, notice, failure: undefined, errors: {}, askingCode: false, busy: false });
  draw();
  if (screen.kind !== 'wait') document.querySelector('h1')?.focus();
}

export function fail(failure: Failure, failing: Action = 'pay'): void {
  page.busy = false;
  page.failure = failure;
  page.failing = failing;
  draw();
}

export function refuse(id: keyof Draft, sentence: string): void {
  page.busy = false;
  page.failure = undefined;
  page.errors = { [id]: sentence };
  draw();
  document.getElementById(id)?.focus();
}
