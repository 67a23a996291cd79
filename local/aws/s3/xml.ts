import { AccessDenied } from '../../parts';
import type { Answer } from '../loopback';

export class S3Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string = code,
  ) {
    super(message);
    this.name = code;
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, sign => entities[sign] ?? sign);

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export const unescapeXml = (text: string): string =>
  text.replace(/&(#x?)?(\w+);/g, (whole, numeric: string | undefined, name: string) =>
    numeric === undefined
      ? (signs[name] ?? whole)
      : String.fromCodePoint(Number.parseInt(name, numeric === '#x' ? 16 : 10)),
  );

export const xmlAnswer = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

/** Whatever went wrong, in S3's form; an answer to HEAD has no room for it. */
export function errorAnswer(error: unknown, method: string): Answer {
  const known =
    error instanceof AccessDenied ? new S3Error(403, 'AccessDenied', error.message) : error instanceof S3Error && error;
  if (!known) throw error;
  if (method === 'HEAD') return { status: known.status };
  const text = `<Error><Code>${known.code}</Code><Message>${escapeXml(known.message)}</Message></Error>`;
  return xmlAnswer(known.status, text);
}
