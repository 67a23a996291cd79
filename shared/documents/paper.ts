import type { Content, DynamicContent, Style } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import type { CalendarDate, Instant } from '../domain/calendar';
import { formatCents } from '../domain/money';
import { atMostWide } from './letterWidths';
import type { LogoPicture } from './logo/logoPicture';
import type { FontFamily } from './pdfFonts';
import { readable } from './readable';

/** Raised whenever a template changes what it draws: part of the key under which a rendered file is kept. */
export const templateVersion = 8;

export const margin = 50;
const sizeOf: Readonly<Record<Letterhead['paperSize'], Paper['pageSize']>> = {
  letter: { width: 612, height: 792 },
  a4: { width: 595.28, height: 841.89 },
};
/** Between the margins. */
export const textWidth = ({ paperSize }: Letterhead): number => sizeOf[paperSize].width - 2 * margin;

export const bodySize = 9.5;
export const smallSize = 8.5;

export const colors = {
  ink: '#151C20',
  dimmed: '#5F6B74',
  line: '#D5DBDF',
  petrol: '#125B68',
  deepPetrol: '#0D4954',
  sunken: '#EFF4F6',
  white: '#FFFFFF',
} as const;

/** What the press prints: the part of pdfmake's document definition that our documents use. */
export interface Paper {
  readonly pageSize: { readonly width: number; readonly height: number };
  /** Left, top, right, bottom. */
  readonly pageMargins: readonly [number, number, number, number];
  readonly language: string;
  readonly info: {
    readonly title: string;
    readonly author: string;
    readonly creator: string;
    readonly producer: string;
    readonly creationDate: Date;
  };
  readonly defaultStyle: Style & { readonly font: FontFamily };
  readonly content: Content[];
  readonly footer: DynamicContent;
  /** By the names that content gives them. */
  readonly pictures: Readonly<Record<string, Uint8Array>>;
}

/** What every document of the practice has in common: paper, language, font, metadata, numbered pages. */
export function paper(options: {
  letterhead: Letterhead;
  title: string;
  issuedAt: Instant;
  /** At the foot of each page, beside its number. */
  questions: string;
  content: Content[];
  logo: LogoPicture | undefined;
}): Paper {
  const { letterhead, title, issuedAt, content, logo } = options;
  const questions = plain(options.questions);
  const family = familyFor(title, letterhead.practiceName, questions, JSON.stringify(content));
  return {
    pageSize: sizeOf[letterhead.paperSize],
    pageMargins: [margin, margin, margin, margin + 18],
    language: 'en-US',
    info: {
      title,
      author: letterhead.practiceName,
      creator: 'practice-billing',
      producer: 'practice-billing',
      creationDate: new Date(issuedAt),
    },
    defaultStyle: { font: family, fontSize: bodySize, color: colors.ink, lineHeight: lineHeightOf[family] },
    content,
    pictures: logo ? { logo: logo.bytes } : {},
    footer: (page, pages) => ({
      margin: [margin, 14, margin, 0],
      columns: [
        { ...fitted(questions, textWidth(letterhead) - 150, smallSize), width: '*' },
        { text: `${title} · page ${page} of ${pages}`, width: 'auto', alignment: 'right', noWrap: true },
      ],
      fontSize: smallSize,
      color: colors.dimmed,
    }),
  };
}

/** Every PDF reader has Helvetica, so it costs no bytes; a text beyond Windows-1252 needs Noto Sans embedded. */
const familyFor = (...shown: readonly string[]): FontFamily => (shown.every(isWinAnsi) ? 'Helvetica' : 'Noto Sans');

/** Noto Sans brings room for accents above capitals with it; with this factor both fonts take the same height. */
const lineHeightOf: Readonly<Record<FontFamily, number>> = { Helvetica: 1.28, 'Noto Sans': 0.87 };

const winAnsi = /^[\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/;
export const isWinAnsi = (text: string): boolean => winAnsi.test(text);

/** Written as `formatCents` writes them; loading a currency's rules takes a cold function as long as half of Node's start. */
const symbols: Readonly<Record<string, string>> = { USD: '$', CAD: 'CA$', EUR: '€', GBP: '£', AUD: 'A$', NZD: 'NZ$' };

/**
 * Money on paper. The minus is an en dash: U+2212 is missing from Helvetica's encoding, and in it both look alike.
 * Narrow no-break spaces, of some currencies, become ones that the encoding has.
 */
export function money(cents: number, currency: string): string {
  const symbol = symbols[currency];
  if (symbol === undefined)
    return formatCents(cents, currency)
      .replace('\u2212', '–')
      .replace(/\u202f/g, '\u00a0');
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${cents < 0 ? '–' : ''}${symbol}${whole}.${digits.slice(-2)}`;
}

// Written out, since making a formatter of dates takes longer than laying out a bill, and papers are in one language.
const months = 'January February March April May June July August September October November December'.split(' ');

function partsOf(on: CalendarDate): { year: string; month: string; day: number } {
  const [year = '', month, day] = on.split('-');
  return { year, month: months[Number(month) - 1] ?? '', day: Number(day) };
}

/** `November 4, 2026`. */
export function longDate(on: CalendarDate): string {
  const { year, month, day } = partsOf(on);
  return `${month} ${day}, ${year}`;
}

/** `Nov 4, 2026`. */
export const shortDate = (on: CalendarDate): string => `${dayAndMonth(on)}, ${partsOf(on).year}`;

function dayAndMonth(on: CalendarDate): string {
  const { month, day } = partsOf(on);
  return `${month.slice(0, 3)} ${day}`;
}

/** Without the year where it is that of the document. */
export const dayOf = (on: CalendarDate, issuedOn: CalendarDate): string =>
  on.slice(0, 4) === issuedOn.slice(0, 4) ? dayAndMonth(on) : shortDate(on);

/**
 * A text, told not to wrap where it surely has room. pdfmake lays out what may wrap word by word, and a word costs it as
 * much as a whole text.
 */
export const fitted = (text: string, room: number, fontSize = bodySize): { text: string; noWrap: boolean } => ({
  text,
  noWrap: !text.includes('\n') && atMostWide(text) * fontSize < room,
});

/** Free text as staff wrote it: line breaks stay, other control characters go, and so do signs that no font here has. */
export const plain = (text: string): string =>
  printable.test(text)
    ? text.trim()
    : readable(
        text
          .normalize('NFC')
          .replace(/\r\n?/g, '\n')
          .replace(/\t/g, ' ')
          .replace(/(?!\n)\p{Cc}/gu, ''),
      ).trim();
const printable = /^[ -~]*$/;
