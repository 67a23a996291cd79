import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DeleteSuppressedDestinationCommand,
  GetSuppressedDestinationCommand,
  PutSuppressedDestinationCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { createTransport } from 'nodemailer';
import type { FeedbackEvent } from '../../../../local/aws/ses/feedback';
import { type SesPart, startSes } from '../../../../local/aws/ses/server';
import { AccessDenied, type Fault, type PartOptions } from '../../../../local/parts';

const now = Date.parse('2026-03-01T12:00:00Z');
const folder = mkdtempSync(path.join(tmpdir(), 'ses-'));
const asked: string[] = [];
let fault: Fault | undefined;
let feedback: FeedbackEvent[] = [];

const options: PartOptions = {
  port: 0,
  folder,
  clock: { now: () => now },
  checkAccess: (key, action, resource) => {
    asked.push(`${action} ${resource}`);
    if (key === 'nobody') throw new AccessDenied(action, resource, key);
  },
  faults: {
    next: () => {
      const due = fault;
      fault = undefined;
      return due;
    },
  },
};

let part: SesPart;
let client: SESv2Client;
const clientOf = (url: string, accessKeyId = 'local') =>
  new SESv2Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

beforeAll(async () => {
  part = await startSes(options);
  client = clientOf(part.url);
  part.onFeedback(event => {
    feedback.push(event);
  });
});
afterAll(async () => {
  client.destroy();
  await part.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await part.feedbackTold();
  part.mailbox.clear();
  feedback = [];
  asked.length = 0;
});

const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(40_000, 65)]);
const from = '"Oak Practice" <billing@oak.test>';

async function rawTo(to: string, rest: Partial<SendEmailCommandInput> = {}) {
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    from,
    to,
    replyTo: 'office@oak.test',
    subject: 'Bill №7 – café',
    text: 'Hello plain',
    html: '<h1>Hello html</h1>',
    attachments: [{ filename: 'OAK-7.pdf', contentType: 'application/pdf', content: pdf }],
  });
  return new SendEmailCommand({ Content: { Raw: { Data: message as Buffer } }, ...rest });
}

const simpleTo = (to: string, rest: Partial<SendEmailCommandInput> = {}) =>
  new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: { Data: 'Subject' }, Body: { Text: { Data: 'Text' }, Html: { Data: '<b>h</b>' } } } },
    ...rest,
  });

describe('a raw mail', () => {
  it('is caught with its decoded subject, texts and attachments, whom it answers to, and its MIME', async () => {
    const { MessageId } = await client.send(await rawTo('client@x.test'));
    expect(part.mailbox.list()).toEqual([
      {
        id: MessageId,
        at: '2026-03-01T12:00:00.000Z',
        from: 'billing@oak.test',
        to: ['client@x.test'],
        replyTo: ['office@oak.test'],
        subject: 'Bill №7 – café',
        text: expect.stringContaining('Hello plain'),
        html: expect.stringContaining('<h1>Hello html</h1>'),
        attachments: [{ filename: 'OAK-7.pdf', contentType: 'application/pdf', bytes: pdf.length }],
      },
    ]);
    expect((await part.mailbox.attachment(MessageId ?? '', 0))?.content.equals(pdf)).toBe(true);
    expect(part.mailbox.mime(MessageId ?? '')?.toString()).toContain('multipart/mixed');
  });

  it('goes to the destination of the request, not of its headers', async () => {
    await client.send(await rawTo('header@x.test', { Destination: { ToAddresses: ['Real <real@x.test>'] } }));
    expect(part.mailbox.list()[0]?.to).toEqual(['real@x.test']);
  });

  it('without anybody to send to is refused', async () => {
    await expect(client.send(await rawTo(''))).rejects.toMatchObject({ name: 'BadRequestException' });
    expect(part.mailbox.list()).toEqual([]);
  });
});

describe('a simple mail', () => {
  it('is composed, with blind copies and attachments', async () => {
    const Attachments = [{ FileName: 'a.pdf', RawContent: pdf, ContentType: 'application/pdf' }];
    const Simple = { Subject: { Data: 'Statement' }, Body: { Text: { Data: 'Text' } }, Attachments };
    const Destination = { ToAddresses: ['a@x.test'], BccAddresses: ['b@x.test'] };
    await client.send(simpleTo('', { Destination, Content: { Simple } }));
    expect(part.mailbox.list()[0]).toMatchObject({
      subject: 'Statement',
      to: ['a@x.test', 'b@x.test'],
      attachments: [{ filename: 'a.pdf', bytes: pdf.length }],
    });
  });
});

describe('the mailbox', () => {
  it('lists the newest first, survives a restart, and can be emptied', async () => {
    for (const name of ['one', 'two', 'three']) await client.send(simpleTo(`${name}@x.test`));
    const again = await startSes(options);
    const to = again.mailbox.list().flatMap(mail => mail.to);
    expect(to).toEqual(['three@x.test', 'two@x.test', 'one@x.test']);
    again.mailbox.clear();
    await again.close();
    const empty = await startSes(options);
    expect(empty.mailbox.list()).toEqual([]);
    await empty.close();
  });
});

describe('feedback', () => {
  const kinds = () => feedback.map(event => event['detail-type']);

  it('tells that a mail was sent and delivered, with the tags of the request', async () => {
    const EmailTags = [{ Name: 'share', Value: 'shr_1' }];
    const sent = await client.send(simpleTo('ok@x.test', { EmailTags, ConfigurationSetName: 'mail' }));
    await part.feedbackTold();
    expect(kinds()).toEqual(['Email Sent', 'Email Delivered']);
    expect(feedback[1]).toMatchObject({
      source: 'aws.ses',
      time: '2026-03-01T12:00:00.000Z',
      resources: ['arn:aws:ses:us-east-1:123456789012:configuration-set/mail'],
      detail: {
        eventType: 'Delivery',
        mail: {
          messageId: sent.MessageId,
          destination: ['ok@x.test'],
          tags: { share: ['shr_1'], 'ses:configuration-set': ['mail'] },
        },
        delivery: { recipients: ['ok@x.test'] },
      },
    });
  });

  it('tells of a bounce, and of the suppression that follows', async () => {
    await client.send(simpleTo('bounce-1@x.test'));
    await part.feedbackTold();
    expect(kinds()).toEqual(['Email Sent', 'Email Bounced']);
    const general = { bounceType: 'Permanent', bounceSubType: 'General' };
    expect(feedback[1]?.detail.bounce).toMatchObject({
      ...general,
      bouncedRecipients: [{ emailAddress: 'bounce-1@x.test' }],
    });
    await client.send(simpleTo('bounce-1@x.test'));
    await part.feedbackTold();
    expect(feedback[3]?.detail.bounce).toMatchObject({ bounceSubType: 'OnAccountSuppressionList' });
    expect(part.mailbox.list()).toHaveLength(1);
  });

  it('tells of a complaint after the delivery', async () => {
    await client.send(simpleTo('complaint@simulator.amazonses.com'));
    await part.feedbackTold();
    expect(kinds()).toEqual(['Email Sent', 'Email Delivered', 'Email Complaint Received']);
    const complained = [{ emailAddress: 'complaint@simulator.amazonses.com' }];
    expect(feedback[2]?.detail.complaint).toMatchObject({ complainedRecipients: complained });
  });
});

describe('the suppression list', () => {
  it('is put, read and cleared by address', async () => {
    const EmailAddress = 'Bad+1@x.test';
    const read = () => client.send(new GetSuppressedDestinationCommand({ EmailAddress }));
    await expect(read()).rejects.toMatchObject({ name: 'NotFoundException' });
    await client.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason: 'BOUNCE' }));
    expect((await read()).SuppressedDestination).toMatchObject({
      EmailAddress,
      Reason: 'BOUNCE',
      LastUpdateTime: new Date(now),
    });
    await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress }));
    await expect(read()).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('rights and faults', () => {
  it('ask for SendRawEmail on the identity and the configuration set when the content is raw', async () => {
    await client.send(await rawTo('a@x.test', { ConfigurationSetName: 'mail' }));
    await client.send(simpleTo('a@x.test'));
    const ses = 'arn:aws:ses:us-east-1:123456789012';
    expect(asked).toEqual([
      `ses:SendRawEmail ${ses}:identity/oak.test`,
      `ses:SendRawEmail ${ses}:configuration-set/mail`,
      `ses:SendEmail ${ses}:identity/oak.test`,
    ]);
  });

  it('send nothing for who may not', async () => {
    const call = clientOf(part.url, 'nobody').send(simpleTo('a@x.test'));
    await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
    expect(part.mailbox.list()).toEqual([]);
  });

  it('lose the answer of a mail that went out, and refuse one that did not', async () => {
    fault = { service: 'ses', when: 'after', error: '500' };
    await expect(client.send(simpleTo('after@x.test'))).rejects.toThrow();
    fault = { service: 'ses', when: 'before', error: 'throttle' };
    await expect(client.send(simpleTo('before@x.test'))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect(part.mailbox.list().flatMap(mail => mail.to)).toEqual(['after@x.test']);
  });
});
