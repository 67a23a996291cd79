import path from 'node:path';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { openFiles } from '../files';

/** A caught mail as the page and the tests read it. */
export interface CaughtMail {
  /** The message id that SES answered. */
  readonly id: string;
  readonly at: string;
  readonly from: string;
  /** All who get it, blind copies too. */
  readonly to: readonly string[];
  /** Whom an answer goes to, where that is not the sender. */
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly filename: string; readonly contentType: string; readonly bytes: number }[];
}

export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface Envelope {
  readonly id: string;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly mime: Buffer;
}

interface StoredMail {
  readonly place: number;
  readonly mail: CaughtMail;
  readonly mime: string;
}

export const parseMime = (mime: Buffer): Promise<Email> => PostalMime.parse(mime);

/** The bare addresses of a header. */
export const addressesOf = (headers: readonly Address[] | undefined): string[] =>
  (headers ?? []).flatMap(one => (one.group === undefined ? [one.address] : one.group.map(mailbox => mailbox.address)));

const named = ({ filename, mimeType, content }: Email['attachments'][number]): Attachment => ({
  filename: filename ?? 'attachment',
  contentType: mimeType,
  content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array),
});

function caught({ id, at, from, to }: Envelope, email: Email): CaughtMail {
  const attachments = email.attachments.map(one => {
    const { filename, contentType, content } = named(one);
    return { filename, contentType, bytes: content.length };
  });
  const { subject = '', text = '', html = '' } = email;
  return { id, at, from, to, replyTo: addressesOf(email.replyTo), subject, text, html, attachments };
}

/** All mail that left the system, on disk under the part's folder. */
export class Mailbox {
  readonly #files;
  readonly #mails: StoredMail[];

  constructor(folder: string | undefined) {
    this.#files = openFiles(folder === undefined ? undefined : path.join(folder, 'mails'));
    this.#mails = this.#files
      .names()
      .flatMap(name => this.#files.read(name) ?? [])
      .map(record => JSON.parse(record.toString()) as StoredMail)
      .sort((one, other) => one.place - other.place);
  }

  async add(envelope: Envelope, email: Email): Promise<void> {
    const place = (this.#mails.at(-1)?.place ?? 0) + 1;
    const stored = { place, mail: caught(envelope, email), mime: envelope.mime.toString('base64') };
    this.#files.write(`${envelope.id}.json`, Buffer.from(JSON.stringify(stored)));
    this.#mails.push(stored);
  }

  /** Newest first. */
  list(): CaughtMail[] {
    return this.#mails.map(({ mail }) => mail).reverse();
  }

  mime(id: string): Buffer | undefined {
    const stored = this.#mails.find(({ mail }) => mail.id === id);
    return stored === undefined ? undefined : Buffer.from(stored.mime, 'base64');
  }

  /** The nth attachment of a mail, counted from 0 as in its list. */
  async attachment(id: string, place: number): Promise<Attachment | undefined> {
    const mime = this.mime(id);
    const found = mime === undefined ? undefined : (await parseMime(mime)).attachments[place];
    return found === undefined ? undefined : named(found);
  }

  clear(): void {
    for (const { mail } of this.#mails.splice(0)) this.#files.remove(`${mail.id}.json`);
  }
}
