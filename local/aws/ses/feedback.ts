import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, configurationSetArn, identityArn, REGION } from '../arns';
import type { Suppressed } from './suppression';

/** An event as SES puts it on the default bus of EventBridge. */
export interface FeedbackEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: 'aws.ses';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>> & { readonly eventType: string; readonly mail: SentMail };
}

export interface SentMail {
  readonly timestamp: string;
  readonly source: string;
  readonly sourceArn: string;
  readonly sendingAccountId: string;
  readonly messageId: string;
  readonly destination: readonly string[];
  readonly headersTruncated: boolean;
  readonly commonHeaders: {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly subject: string;
  };
  /** The tags of the request beside SES's own. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

export interface Sent {
  readonly messageId: string;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly tags: readonly { readonly Name: string; readonly Value: string }[];
  readonly configurationSet?: string | undefined;
}

export type Fate = 'delivered' | 'bounced' | 'suppressed' | 'complained';

/** Addresses that begin with `bounce` or `complaint` do so, as those of SES's mailbox simulator. */
export function fateOf(address: string, suppressed: Suppressed | undefined): Fate {
  if (suppressed !== undefined) return 'suppressed';
  if (/^bounce/i.test(address)) return 'bounced';
  return /^complaint/i.test(address) ? 'complained' : 'delivered';
}

const detailTypes = {
  Send: 'Email Sent',
  Delivery: 'Email Delivered',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
} as const;

const domainOf = (address: string) => address.split('@').at(-1) ?? '';

function mailOf(sent: Sent): SentMail {
  const { configurationSet, from, to, subject } = sent;
  return {
    timestamp: sent.at,
    source: from,
    sourceArn: identityArn(domainOf(from)),
    sendingAccountId: ACCOUNT_ID,
    messageId: sent.messageId,
    destination: to,
    headersTruncated: false,
    commonHeaders: { from: [from], to, subject },
    tags: {
      'ses:from-domain': [domainOf(from)],
      ...(configurationSet === undefined ? {} : { 'ses:configuration-set': [configurationSet] }),
      ...Object.fromEntries(sent.tags.map(({ Name, Value }) => [Name, [Value]])),
    },
  };
}

type Kind = keyof typeof detailTypes;

function event(sent: Sent, kind: Kind, more: Readonly<Record<string, unknown>>): FeedbackEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailTypes[kind],
    source: 'aws.ses',
    account: ACCOUNT_ID,
    time: sent.at,
    region: REGION,
    resources: [
      sent.configurationSet === undefined
        ? identityArn(domainOf(sent.from))
        : configurationSetArn(sent.configurationSet),
    ],
    detail: { eventType: kind, mail: mailOf(sent), [kind.toLowerCase()]: more },
  };
}

function bounce(sent: Sent, recipients: readonly string[], bounceSubType: string): FeedbackEvent {
  const bouncedRecipients = recipients.map(emailAddress => ({
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
  }));
  const facts = { feedbackId: randomUUID(), bounceType: 'Permanent', bounceSubType, bouncedRecipients };
  return event(sent, 'Bounce', { ...facts, timestamp: sent.at });
}

/** What SES tells about one mail, in the order it tells it. A complaint comes from somebody who got the mail. */
export function feedbackOf(sent: Sent, fates: ReadonlyMap<string, Fate>): FeedbackEvent[] {
  const those = (...wanted: Fate[]) => sent.to.filter(address => wanted.includes(fates.get(address) ?? 'delivered'));
  const delivered = those('delivered', 'complained');
  const complained = those('complained');
  const bounced = those('bounced');
  const suppressed = those('suppressed');
  const events = [event(sent, 'Send', {})];
  const delivery = {
    timestamp: sent.at,
    processingTimeMillis: 500,
    recipients: delivered,
    smtpResponse: '250 2.0.0 OK',
  };
  if (delivered.length > 0) events.push(event(sent, 'Delivery', delivery));
  if (bounced.length > 0) events.push(bounce(sent, bounced, 'General'));
  if (suppressed.length > 0) events.push(bounce(sent, suppressed, 'OnAccountSuppressionList'));
  const complaint = {
    timestamp: sent.at,
    feedbackId: randomUUID(),
    complainedRecipients: complained.map(emailAddress => ({ emailAddress })),
    complaintFeedbackType: 'abuse',
  };
  if (complained.length > 0) events.push(event(sent, 'Complaint', complaint));
  return events;
}
