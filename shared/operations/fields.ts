import * as z from 'zod';
import { isCalendarDate, isTimeZone } from '../domain/calendar';

/** Field schemas that rows share: what an id, a date, an amount looks like on the wire. */
export const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), `must be an id that begins with ${prefix}_`);

export const onDate = z.string().refine(isCalendarDate, 'must be an existing date in the form YYYY-MM-DD');
export const atInstant = z.iso.datetime({ offset: true, message: 'must be an RFC 3339 instant with an offset' });
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone');

const largestAmount = 99_999_999;
/** 1 … 999,999.99: what one payment, refund or price may be. */
export const amountCents = z.int().min(1).max(largestAmount);
/** A price may be 0. */
export const priceCents = z.int().min(0).max(largestAmount);
export const signedCents = z.int().min(-largestAmount).max(largestAmount);
export const basisPoints = z.int().min(0).max(10_000);

/** Control characters break CSV, PDF and mail. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
export const plainText = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u;

/** Text that people typed: trimmed, without control characters. */
export const text = (max: number, min = 1) =>
  z.string().trim().min(min).max(max).regex(plainText, 'must not contain control characters');

export const email = z.email().max(254);

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(2000).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
