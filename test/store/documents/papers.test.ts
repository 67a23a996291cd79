import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BillForPaper } from '../../../shared/documents/billForPaper';
import { money, shortDate } from '../../../shared/documents/paper';
import { renderPdf } from '../../../shared/documents/pdf';
import { bills, manyTongues, papers, statements, superbills } from '../../fixtures/papers';

interface Page {
  readonly size: readonly number[];
  readonly lines: readonly string[];
  readonly left: number;
  readonly right: number;
  readonly collisions: readonly string[];
  readonly picture?: string;
  /** Pixels that differ from the picture kept, or why there are none to compare. */
  readonly off?: number | string;
}
interface Read {
  readonly title: string;
  readonly language: string;
  readonly pages: readonly Page[];
}

const goldens = path.join(__dirname, 'goldens');
const folder = mkdtempSync(path.join(os.tmpdir(), 'papers-'));
let read: Readonly<Record<string, Read>>;
const fileOf = (name: string): string => name.replaceAll(' ', '-');

/** Each paper is rendered, then read back by another program. `KEEP_PICTURES=1` keeps the pictures as they are now. */
beforeAll(async () => {
  for (const [name, make] of Object.entries(papers)) {
    writeFileSync(path.join(folder, `${fileOf(name)}.pdf`), await renderPdf(make()));
  }
  const program = path.join(__dirname, '../../fixtures/pdfPictures.mjs');
  read = JSON.parse(execFileSync('node', [program, folder, goldens], { encoding: 'utf8', maxBuffer: 1e8 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pagesOf = (name: string): readonly Page[] => read[fileOf(name)]?.pages ?? [];
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');
const linesOf = (name: string): string[] => pagesOf(name).flatMap(page => page.lines.map(spaced));
const amounts = /–?(?:CA\$|CHF |[$€])[\d,]+\.\d\d/g;
/** An amount as papers write it, but for its space, which is a common one once it was read. */
const written = (amount: number, currency: string): string => spaced(money(amount, currency));
const amountsOn = (name: string): string[] => linesOf(name).flatMap(line => line.match(amounts) ?? []);

/** A digit of ours has 20 pixels; what another processor rounds differently is less. */
const mostPixelsOff = 10;

test.each(Object.keys(papers))('looks as it did: %s', name => {
  const pictured = pagesOf(name).filter(page => page.picture !== undefined);
  expect(pictured.length).toBeGreaterThan(0);
  const wrong = pictured.filter(({ off }) => typeof off !== 'number' || off > mostPixelsOff);
  expect(wrong.map(({ picture, off }) => ({ picture, off }))).toEqual([]);
});

/** Every amount that the bill has to show, in any order. */
function amountsDue(bill: BillForPaper): string[] {
  const { lines, insurer, movements, letterhead, clientBalanceCents, insurerPortionCents } = bill;
  const split = insurer !== undefined;
  const once = [
    ...lines.flatMap(line => [line.amountCents, ...(split ? [line.insurerPortionCents, line.clientPortionCents] : [])]),
    bill.totalCents,
    ...(insurerPortionCents === 0 ? [] : [-insurerPortionCents, bill.clientPortionCents]),
    ...movements.map(({ owedCents }) => owedCents),
    ...(bill.status === 'cancelled' ? [-bill.clientPortionCents] : []),
  ];
  // What is due stands in the box on top and below the line; nothing else is written where it is 0.
  const due = bill.status === 'cancelled' ? [clientBalanceCents] : [clientBalanceCents, clientBalanceCents];
  return [...once.filter(amount => amount !== 0), ...due].map(amount => written(amount, letterhead.currency));
}

test.each(Object.entries(bills))('shows each amount of the bill, and no other: %s', (name, bill) => {
  expect(amountsOn(name).sort()).toEqual(amountsDue(bill).sort());
  const { lines, insurer, letterhead } = bill;
  const rows = lines.map(line => {
    const portions = insurer ? [line.insurerPortionCents, line.clientPortionCents] : [];
    return [line.amountCents, ...portions].map(amount => (amount === 0 ? '—' : written(amount, letterhead.currency)));
  });
  const shown = linesOf(name).filter(line => /^[A-Z][a-z]{2} \d+, 2026\t/.test(line));
  expect(shown.map(line => line.split('\t').slice(insurer ? -3 : -1))).toEqual(rows);
});

test.each(Object.entries(statements))(
  'shows each entry of the statement and its balance (R22): %s',
  (name, statement) => {
    const { entries, openingCents, closingCents, letterhead } = statement;
    const sum = (amount: number) => written(amount, letterhead.currency);
    const figure = (amount: number) => (amount === 0 ? '—' : sum(amount));
    const shown = linesOf(name).filter(line => /^[A-Z][a-z]{2} \d+, 2026\t/.test(line));
    const credit = (each: (typeof entries)[number]) =>
      each.amountCents === 0 ? ` (${sum(Math.abs(each.creditCents))})` : '';
    expect(shown).toEqual([
      ['Oct 1, 2026', 'Opening balance', figure(openingCents)].join('\t'),
      ...entries.map(each =>
        [shortDate(each.on), each.description + credit(each), figure(each.amountCents), figure(each.balanceCents)].join(
          '\t',
        ),
      ),
    ]);
    const closing = linesOf(name).find(line => line.startsWith('Closing balance'));
    expect(closing?.split('\t')[1]).toBe(sum(closingCents));
  },
);

test.each(Object.entries(superbills))('shows what an insurer asks for: %s', (name, superbill) => {
  const text = linesOf(name).join('\n');
  const { chargedCents, paidCents, provider, letterhead, clientName } = superbill;
  const sum = (amount: number) => written(amount, letterhead.currency);
  for (const { code, diagnoses, modifiers, ...line } of superbill.lines) {
    const paid = line.paidCents === 0 ? '—' : sum(line.paidCents);
    const row = linesOf(name).find(each => each.startsWith(`${shortDate(line.dateOfService)}\t${code}`));
    expect(row).toMatch(/\t1\t[^\t]*\t[^\t]*$/);
    expect(row?.split('\t').slice(-2)).toEqual([sum(line.chargeCents), paid]);
    expect(text).toContain(`Bill ${line.billNumber}`);
    for (const said of [...diagnoses, ...modifiers]) expect(text).toContain(said);
  }
  expect(text).toContain(`Total charges\t${sum(chargedCents)}`);
  expect(text).toContain(`Paid by the client\t${sum(paidCents)}`);
  expect(text).not.toMatch(/Unpaid|–\$/);
  const ids = [`NPI ${provider.npi}`, `Tax ID ${letterhead.taxId}`, `Taxonomy ${provider.taxonomy}`];
  for (const said of [clientName, provider.name, ...ids, '88 Linden Avenue']) expect(text).toContain(said);
  expect(text.includes('Please pay')).toBe('payee' in superbill);
  expect(text.includes('Born April 2, 1988')).toBe('dateOfBirth' in superbill);
});

test('each page has its number, and a table that goes on has its head again', () => {
  for (const [name, { pages }] of Object.entries(read)) {
    pages.forEach(({ lines }, index) => {
      expect([name, lines.at(-1)]).toEqual([name, expect.stringContaining(`page ${index + 1} of ${pages.length}`)]);
      const first = lines.findIndex(line => /^[A-Z][a-z]{2} \d+, 2026\t/.test(line));
      if (first >= 0)
        expect([name, lines.slice(0, first).filter(line => line.startsWith('Date\t')).length]).toEqual([name, 1]);
    });
  }
});

test('nothing stands beyond the margins, and no word on another, however long words and amounts are', () => {
  for (const [name, { pages }] of Object.entries(read)) {
    for (const { left, right, size, collisions } of pages) {
      expect([name, collisions]).toEqual([name, []]);
      expect([name, left > 49 && right < (size[0] ?? 0) - 49, left, right]).toEqual([name, true, left, right]);
    }
  }
});

test('totals never stand alone: the page on which they begin has a line of the table', () => {
  const long = Object.entries(read).filter(([, { pages }]) => pages.length > 1);
  expect(long.length).toBeGreaterThanOrEqual(4);
  for (const [name, { pages }] of long) {
    const totals = pages.find(({ lines }) =>
      lines.some(line => /^(Total (of services|charges)|Charges and refunds)\t/.test(line)),
    );
    expect([name, totals?.lines.some(line => /^[A-Z][a-z]{2} \d+, 2026\t/.test(line))]).toEqual([name, true]);
  }
});

test('comments and footers stand with what they belong to, not on a page of their own', () => {
  const noted: string[] = [];
  for (const [name, { pages }] of Object.entries(read)) {
    for (const { lines } of pages) {
      if (!lines.some(line => /^(Comments|For your insurer\.|Please keep this bill)/.test(line))) continue;
      noted.push(name);
      const together = /^(Due from you|Closing balance|Paid by the client)\t|^Pay online/;
      expect([name, lines.some(line => together.test(line.replace(/^.*\t(Pay online)/, '$1')))]).toEqual([name, true]);
    }
  }
  expect(noted.length).toBeGreaterThan(15);
});

test('what is short takes few pages', () => {
  const pages = (name: string) => pagesOf(name).length;
  expect(pages('bill of 300 lines')).toBeLessThanOrEqual(16);
  expect(pages('statement of 200 entries')).toBeLessThanOrEqual(8);
  expect(pages('statement of 13 movements')).toBe(1);
});

test('letters of every language in Latin, Greek and Cyrillic script can be read and copied', () => {
  const lines = linesOf('bill in many scripts').map(line => line.normalize('NFC'));
  const said = [...manyTongues, 'Łukasz Strauß', 'Ψυχοθεραπεία Ω', 'Жанна Щёголева', 'Ω and Ж and ß and Ł'];
  for (const text of said) expect(lines.join('\n')).toContain(text.normalize('NFC'));
});

test('title, language and paper size stand in the file', () => {
  const about = (name: string) => ({ ...read[fileOf(name)], pages: undefined, size: pagesOf(name)[0]?.size });
  expect(about('bill of one line')).toEqual({ title: 'Bill JUN-1048', language: 'en-US', size: [612, 792] });
  expect(about('bill with a credit')).toMatchObject({ size: [595.28, 841.89] });
  expect(about('superbill reissued')).toMatchObject({ title: 'Superbill, version 2', language: 'en-US' });
});
