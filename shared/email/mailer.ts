import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import MailComposer from 'nodemailer/lib/mail-composer';
import { config } from '../config';
import { pacer } from '../pacing';
import { type Message, oneLine } from './letter';

export interface OutgoingMail {
  readonly message: Message;
  readonly to: { readonly name: string; readonly email: string };
  /** The sender's name is the practice's; without its id nobody waits to hear what becomes of the mail. */
  readonly practice: { readonly practiceId?: string; readonly name: string; readonly replyTo?: string };
  /** Comes back with every delivery event, so that one settles a sending whose answer was lost. */
  readonly shareId: string;
  readonly attachments?: readonly { readonly filename: string; readonly bytes: Uint8Array }[];
}

/**
 * `throttled`: not sent, try later. `unknown`: the answer was lost, so it may have been sent; never send again, a
 * delivery event tells. `suppressed` and `rejected`: not sent, and trying again will not help.
 */
export type MailOutcome =
  | { readonly outcome: 'sent'; readonly messageId: string }
  | { readonly outcome: 'suppressed' | 'throttled' | 'unknown' | 'rejected'; readonly code: string };

export interface Mailer {
  /** Waits until the mail service takes another one: before the mail is claimed, so that nobody dies with it in hand. */
  turn?(): Promise<void>;
  send(mail: OutgoingMail): Promise<MailOutcome>;
}

export function sesMailer(
  needs: { client?: SESv2Client; from?: () => string; configurationSet?: () => string } = {},
): Mailer {
  let client = needs.client;
  const ses = (): SESv2Client => {
    // One attempt: the SDK repeats a request whose answer was lost, and the client would get the mail twice.
    client ??= new SESv2Client({
      maxAttempts: 1,
      requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true, connectionTimeout: 3_000 },
    });
    return client;
  };
  const from = needs.from ?? config.mailFrom;
  const configurationSet = needs.configurationSet ?? config.mailConfigurationSet;
  let pace: ReturnType<typeof pacer> | undefined;
  return {
    turn() {
      pace ??= pacer(config.mailsPerSecond());
      return pace('mail');
    },
    async send(mail) {
      if (!isAddress(mail.to.email)) return { outcome: 'rejected', code: 'invalid_address' };
      const raw = await mime(mail, from());
      const command = new SendEmailCommand({
        Destination: { ToAddresses: [mail.to.email] },
        Content: { Raw: { Data: raw } },
        ConfigurationSetName: configurationSet(),
        EmailTags: tagsOf(mail),
      });
      try {
        const { MessageId } = await ses().send(command);
        return MessageId ? { outcome: 'sent', messageId: MessageId } : { outcome: 'unknown', code: 'no_message_id' };
      } catch (error) {
        return failure(error);
      }
    },
  };
}

const tagsOf = ({ shareId, practice: { practiceId } }: OutgoingMail) =>
  practiceId === undefined ? [] : Object.entries({ shareId, practiceId }).map(([Name, Value]) => ({ Name, Value }));

/** One plain address. Anything with a space, comma, bracket or line break could name a second recipient or header. */
const isAddress = (email: string): boolean => /^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/.test(email);

function mime({ message, to, practice, attachments = [] }: OutgoingMail, from: string): Promise<Buffer> {
  const replyTo = practice.replyTo && isAddress(practice.replyTo) ? { replyTo: practice.replyTo } : {};
  return new MailComposer({
    from: { name: oneLine(practice.name), address: from },
    to: { name: oneLine(to.name), address: to.email },
    ...replyTo,
    subject: oneLine(message.subject),
    text: message.text,
    html: message.html,
    // No holiday notices, please: nobody reads them.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    attachments: attachments.map(({ filename, bytes }) => ({
      filename: oneLine(filename),
      content: Buffer.from(bytes),
      contentType: 'application/pdf',
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

type Failure = Extract<MailOutcome, { code: string }>;

/** By the name that SES gives; its documentation lists those of SendEmail. */
const failures: Readonly<Record<string, Failure['outcome']>> = {
  TooManyRequestsException: 'throttled',
  ThrottlingException: 'throttled',
  LimitExceededException: 'throttled',
  SendingPausedException: 'throttled',
  AccountSuspendedException: 'throttled',
  MessageRejected: 'rejected',
  BadRequestException: 'rejected',
  MailFromDomainNotVerifiedException: 'rejected',
  // The request never left: nobody was there, or no connection was made.
  ECONNREFUSED: 'throttled',
  ENOTFOUND: 'throttled',
};

function failure(error: unknown): Failure {
  const {
    name = 'Error',
    code,
    message = '',
    $metadata,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (name === 'MessageRejected' && /suppress/i.test(message)) return { outcome: 'suppressed', code: name };
  const known = failures[name] ?? (code ? failures[code] : undefined);
  if (known) return { outcome: known, code: failures[name] ? name : (code ?? name) };
  const status = $metadata?.httpStatusCode;
  // Any other refusal (no right, bad signature) is our own fault: nothing was sent, and the queue tries again and alarms.
  if (status !== undefined && status >= 400 && status < 500) throw error;
  return { outcome: 'unknown', code: name };
}

export const mailer: Mailer = sesMailer();
