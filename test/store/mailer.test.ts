import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { type OutgoingMail, sesMailer } from '../../shared/email/mailer';

const ses = mockClient(SESv2Client);
const mailer = sesMailer({
  client: new SESv2Client({ region: 'us-east-1' }),
  from: () => 'bills@billing.example',
  configurationSet: () => 'mail',
});

const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  message: { subject: 'You have a new bill from Juniper', text: 'Amount due\n$95.00', html: '<p>Amount due</p>' },
  to: { name: 'Maya Okafor', email: 'maya@example.com' },
  practice: { practiceId: 'prc_1', name: 'Juniper Lane Therapy', replyTo: 'billing@juniperlane.example' },
  shareId: 'shr_1',
  ...more,
});

const sentRaw = (): string => {
  const [call] = ses.commandCalls(SendEmailCommand);
  return Buffer.from(call?.args[0].input.Content?.Raw?.Data ?? []).toString();
};
const headersOf = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');

beforeEach(() => {
  ses.reset();
  ses.on(SendEmailCommand).resolves({ MessageId: 'msg_1' });
});

describe('sending', () => {
  it('sends one raw message to one address, tagged so that events find their share', async () => {
    expect(await mailer.send(mail())).toEqual({ outcome: 'sent', messageId: 'msg_1' });
    const [call] = ses.commandCalls(SendEmailCommand);
    expect(call?.args[0].input).toMatchObject({
      Destination: { ToAddresses: ['maya@example.com'] },
      ConfigurationSetName: 'mail',
      EmailTags: [
        { Name: 'shareId', Value: 'shr_1' },
        { Name: 'practiceId', Value: 'prc_1' },
      ],
    });
    const headers = headersOf(sentRaw());
    expect(headers).toContain('From: Juniper Lane Therapy <bills@billing.example>');
    expect(headers).toContain('Reply-To: billing@juniperlane.example');
    expect(headers).toContain('Subject: You have a new bill from Juniper');
  });

  it('attaches the bill', async () => {
    await mailer.send(mail({ attachments: [{ filename: 'Bill JUN-1048.pdf', bytes: Buffer.from('%PDF-') }] }));
    expect(sentRaw()).toMatch(/Content-Type: application\/pdf; name="Bill JUN-1048\.pdf"[\s\S]*JVBERi0=/);
  });

  it('lets no name, subject or file name add a header', async () => {
    const evil = 'Eve\r\nBcc: eve@example.com\r\n\r\n<script>';
    await mailer.send(
      mail({
        message: { ...mail().message, subject: evil },
        to: { name: evil, email: 'maya@example.com' },
        practice: { practiceId: 'prc_1', name: evil, replyTo: `a@b.example\r\nBcc: eve@example.com` },
        attachments: [{ filename: evil, bytes: Buffer.from('x') }],
      }),
    );
    expect(sentRaw()).not.toMatch(/^Bcc:/im);
    expect(headersOf(sentRaw())).not.toContain('Reply-To');
  });

  it.each(['a@b.example, eve@example.com', 'a@b.example\r\nBcc: e@e.example', 'no address', '<a@b.example>'])(
    'refuses what is not one address: %j',
    async email => {
      expect(await mailer.send(mail({ to: { name: 'Maya', email } }))).toEqual({
        outcome: 'rejected',
        code: 'invalid_address',
      });
      expect(ses.calls()).toHaveLength(0);
    },
  );
});

const thrown = (name: string, more: object = {}) => Object.assign(new Error('no'), { name, ...more });

describe('what comes of it', () => {
  it.each([
    ['throttled', thrown('TooManyRequestsException', { $metadata: { httpStatusCode: 429 } })],
    ['throttled', thrown('Error', { code: 'ECONNREFUSED' })],
    ['rejected', thrown('MessageRejected', { $metadata: { httpStatusCode: 400 } })],
    ['suppressed', thrown('MessageRejected', { message: 'Address is on the suppression list' })],
    ['unknown', thrown('TimeoutError')],
    ['unknown', thrown('InternalFailure', { $metadata: { httpStatusCode: 500 } })],
    ['unknown', thrown('Error', { code: 'ECONNRESET' })],
  ])('is %s, told and not thrown', async (outcome, error) => {
    ses.on(SendEmailCommand).rejects(error);
    expect(await mailer.send(mail())).toMatchObject({ outcome });
  });

  it('throws on a refusal that is our own fault, so that the queue tries again and alarms', async () => {
    ses.on(SendEmailCommand).rejects(thrown('AccessDeniedException', { $metadata: { httpStatusCode: 403 } }));
    await expect(mailer.send(mail())).rejects.toThrow('no');
  });

  it('sends once: a lost answer is never repeated by the SDK', async () => {
    ses.on(SendEmailCommand).rejects(thrown('TimeoutError'));
    await mailer.send(mail());
    expect(ses.calls()).toHaveLength(1);
  });
});
