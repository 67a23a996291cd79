import * as z from 'zod';
import { isCalendarDate, isTimeZone } from '../domain/calendar';

/** Field schemas that rows share: what an id, a date, an amount looks like on the wire. */
export const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), `must be an id that begins with ${prefix}_`);

/** Nobody alive was born before; what lies beyond is a slip of the hand. Instants compare as text, in four digits. */
const isInRange = (text: string, firstYear: number): boolean => {
  const year = Number(text.slice(0, 4));
  return year >= firstYear && year < 2100;
};
/** A rule over two fields is not asked about a date that is none: `abort`. */
const wrongForGood = (message: string) => ({ message, abort: true });
export const onDate = z
  .string()
  .refine(
    text => isCalendarDate(text) && isInRange(text, 1900),
    wrongForGood('must be an existing date in the form YYYY-MM-DD, from 1900 to 2099'),
  );
export const atInstant = z.iso
  .datetime({ offset: true, ...wrongForGood('must be an RFC 3339 instant with an offset') })
  .refine(text => isInRange(text, 1990), wrongForGood('must lie in the years 1990 to 2099'));
export const timeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone');

const largestAmount = 99_999_999;
/** 1 … 999,999.99: what one payment, refund or price may be. */
export const amountCents = z.int().min(1).max(largestAmount);
/** A price may be 0. */
export const priceCents = z.int().min(0).max(largestAmount);
/** What is owed on several bills may come to more than one payment can. */
export const largestBalance = 99_999_999_999;
export const signedCents = z.int().min(-largestAmount).max(largestAmount);
export const basisPoints = z.int().min(0).max(10_000);

/** Control characters break CSV, PDF and mail; halves of characters are not text; what turns the line round deceives. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
export const plainText = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Cs}]*$/u;

/** Blanks that `trim` does not know, such as one of no width, are nothing to read either. */
const isVisible = (value: string): boolean => value === '' || /[^\p{Z}\p{C}]/u.test(value);
const isOneLine = (value: string): boolean => !/[\t\n\r\u2028\u2029]/.test(value);

/** Text of several lines that people typed: trimmed, without control characters. */
export const prose = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(plainText, 'must not contain control characters')
    .refine(isVisible, 'must not be empty');

/** The same in one line: names, codes, lines of an address. */
export const text = (max: number, min = 1) => prose(max, min).refine(isOneLine, 'must be one line');

/** Of choices, each is named once. */
export const eachOnce = <T extends z.ZodType>(list: z.ZodArray<T>) =>
  list.refine(chosen => new Set(chosen).size === chosen.length, 'must name each once');

export const email = z.email().max(254);

/** A token that somebody else made for us to read: printable, without blanks. */
export const opaque = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[!-~]*$/, 'must not contain blanks or control characters');

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(2000).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
