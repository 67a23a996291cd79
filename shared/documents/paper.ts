import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import type { CalendarDate, Instant } from '../domain/calendar';
import { formatCents } from '../domain/money';

/** Raised whenever a template changes what it draws: part of the key under which a rendered file is kept. */
export const templateVersion = 1;

export const margin = 50;
export const widthOf: Readonly<Record<Letterhead['paperSize'], number>> = { letter: 612, a4: 595.28 };

export const colors = {
  ink: '#151C20',
  dimmed: '#5F6B74',
  line: '#D5DBDF',
  hairline: '#E4E8EB',
  petrol: '#125B68',
  deepPetrol: '#0D4954',
  sunken: '#EFF4F6',
} as const;

/** What every document of the practice has in common: paper, language, font, metadata, numbered pages. */
export function paper(options: {
  letterhead: Letterhead;
  title: string;
  issuedAt: Instant;
  questions: string;
  content: Content[];
}): TDocumentDefinitions {
  const { letterhead, title, issuedAt, questions, content } = options;
  return {
    pageSize: letterhead.paperSize === 'a4' ? 'A4' : 'LETTER',
    pageMargins: [margin, margin, margin, margin + 18],
    language: 'en-US',
    displayTitle: true,
    info: {
      title,
      author: letterhead.practiceName,
      creator: 'practice-billing',
      producer: 'practice-billing',
      creationDate: new Date(issuedAt),
    },
    defaultStyle: { font: fontFor(options), fontSize: 9.5, color: colors.ink, lineHeight: 1.28 },
    content,
    footer: (page, pages) => ({
      margin: [margin, 14, margin, 0],
      columns: [
        { text: questions, width: '*' },
        { text: `${title} · page ${page} of ${pages}`, width: 'auto', alignment: 'right' },
      ],
      fontSize: 8.5,
      color: colors.dimmed,
    }),
  };
}

export type FontName = 'Helvetica' | 'Roboto';

/** Every PDF reader has Helvetica, so it costs no bytes; a text beyond Windows-1252 needs Roboto embedded. */
const fontFor = (shown: { title: string; questions: string; content: Content[]; letterhead: Letterhead }): FontName =>
  isWinAnsi(JSON.stringify([shown.title, shown.questions, shown.content])) ? 'Helvetica' : 'Roboto';

const winAnsi = /^[\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/;
export const isWinAnsi = (text: string): boolean => winAnsi.test(text);

/**
 * Money on paper. The minus is an en dash: U+2212 is missing from Helvetica's encoding, and in it both look alike.
 * Narrow no-break spaces, of some currencies, become ones that the encoding has.
 */
export const money = (cents: number, currency: string): string =>
  formatCents(cents, currency)
    .replace('\u2212', '–')
    .replace(/\u202f/g, '\u00a0');

const asUtc = (on: CalendarDate): Date => new Date(`${on}T00:00:00Z`);
const longFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
const shortFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const dayFormat = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

export const longDate = (on: CalendarDate): string => longFormat.format(asUtc(on));
export const shortDate = (on: CalendarDate): string => shortFormat.format(asUtc(on));
/** Without the year where it is that of the document. */
export const dayOf = (on: CalendarDate, issuedOn: CalendarDate): string =>
  on.slice(0, 4) === issuedOn.slice(0, 4) ? dayFormat.format(asUtc(on)) : shortDate(on);

/** Free text as staff wrote it: line breaks stay, other control characters go (they have no glyph). */
export const plain = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)\p{Cc}/gu, '')
    .trim();
