import { randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { configurationSetArn, identityArn } from '../arns';
import { ServiceError } from '../jsonService';
import { type FeedbackEvent, fateOf, feedbackOf, type Sent } from './feedback';
import { addressesOf, type Mailbox, parseMime } from './mailbox';
import type { SuppressionList } from './suppression';

interface Text {
  readonly Data: string;
}

/** The body of `POST /v2/email/outbound-emails`. */
export interface SendEmailInput {
  readonly FromEmailAddress?: string;
  readonly Destination?: {
    readonly ToAddresses?: readonly string[];
    readonly CcAddresses?: readonly string[];
    readonly BccAddresses?: readonly string[];
  };
  readonly ReplyToAddresses?: readonly string[];
  readonly Content?: {
    readonly Raw?: { readonly Data: string };
    readonly Simple?: {
      readonly Subject: Text;
      readonly Body: { readonly Text?: Text; readonly Html?: Text };
      readonly Attachments?: readonly { FileName: string; RawContent: string; ContentType?: string }[];
    };
  };
  readonly EmailTags?: readonly { readonly Name: string; readonly Value: string }[];
  readonly ConfigurationSetName?: string;
}

const MOST_RECIPIENTS = 50;
const LARGEST_MIME_BYTES = 40 * 1024 * 1024;

const badRequest = (message: string) => new ServiceError('BadRequestException', message);

/** `"Oak Practice" <billing@oak.test>` or the bare address. */
const bare = (address: string) => /<([^>]+)>/.exec(address)?.[1] ?? address.trim();

async function composed(input: SendEmailInput): Promise<Buffer> {
  const { Raw, Simple } = input.Content ?? {};
  if (Raw !== undefined) return Buffer.from(Raw.Data, 'base64');
  if (Simple === undefined) throw badRequest('Content must hold Raw or Simple.');
  const { ToAddresses = [], CcAddresses = [] } = input.Destination ?? {};
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    from: input.FromEmailAddress,
    to: [...ToAddresses],
    cc: [...CcAddresses],
    replyTo: [...(input.ReplyToAddresses ?? [])],
    subject: Simple.Subject.Data,
    text: Simple.Body.Text?.Data,
    html: Simple.Body.Html?.Data,
    attachments: (Simple.Attachments ?? []).map(({ FileName, RawContent, ContentType }) => ({
      filename: FileName,
      content: Buffer.from(RawContent, 'base64'),
      ...(ContentType === undefined ? {} : { contentType: ContentType }),
    })),
  });
  return message as Buffer;
}

/**
 * What the caller must be allowed: SES asks for `ses:SendRawEmail` when the content is raw, although the operation is
 * called SendEmail, on the sender's identity and on the configuration set that is named.
 */
export function demandSending(
  input: SendEmailInput,
  from: string,
  demand: (action: string, resource: string) => void,
): void {
  const action = input.Content?.Raw === undefined ? 'ses:SendEmail' : 'ses:SendRawEmail';
  demand(action, identityArn(from.split('@').at(-1) ?? ''));
  if (input.ConfigurationSetName !== undefined) demand(action, configurationSetArn(input.ConfigurationSetName));
}

export interface Post {
  readonly mailbox: Mailbox;
  readonly suppressed: SuppressionList;
  readonly now: number;
  demand(action: string, resource: string): void;
}

/** Keeps the mail and says what will be told about it. Who is on the suppression list gets none. */
export async function sendEmail(
  input: SendEmailInput,
  { mailbox, suppressed, now, demand }: Post,
): Promise<{ messageId: string; feedback: FeedbackEvent[] }> {
  const mime = await composed(input);
  if (mime.length > LARGEST_MIME_BYTES) throw badRequest('Message length is more than 41943040 bytes long.');
  const email = await parseMime(mime);
  const from =
    input.FromEmailAddress === undefined ? addressesOf(email.from && [email.from])[0] : bare(input.FromEmailAddress);
  if (from === undefined) throw badRequest('Missing required header From.');
  demandSending(input, from, demand);
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = input.Destination ?? {};
  const asked = [...ToAddresses, ...CcAddresses, ...BccAddresses].map(bare);
  const to = asked.length > 0 ? asked : [email.to, email.cc, email.bcc].flatMap(addressesOf);
  if (to.length === 0) throw badRequest('Missing final recipients.');
  if (to.length > MOST_RECIPIENTS) throw badRequest('Recipient count exceeds 50.');

  const at = new Date(now).toISOString();
  const fates = new Map(to.map(address => [address, fateOf(address, suppressed.get(address))]));
  const messageId = `${now.toString(16).padStart(16, '0')}-${randomUUID()}-000000`;
  const receivers = to.filter(address => fates.get(address) !== 'suppressed');
  if (receivers.length > 0) await mailbox.add({ id: messageId, at, from, to: receivers, mime }, email);
  for (const [address, fate] of fates) {
    if (fate === 'bounced') suppressed.put(address, { reason: 'BOUNCE', at: now });
    if (fate === 'complained') suppressed.put(address, { reason: 'COMPLAINT', at: now });
  }
  const sent: Sent = {
    messageId,
    at,
    from,
    to,
    subject: email.subject ?? '',
    tags: input.EmailTags ?? [],
    configurationSet: input.ConfigurationSetName,
  };
  return { messageId, feedback: feedbackOf(sent, fates) };
}
