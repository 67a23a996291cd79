import { AccessDenied, allowAll, type Part, type PartOptions } from '../../parts';
import { identityArn } from '../arns';
import { accessKeyIdOf } from '../credentials';
import { suffer } from '../faulty';
import { type Json, ServiceError } from '../jsonService';
import { type Answer, type Call, listen } from '../loopback';
import type { FeedbackEvent } from './feedback';
import { Mailbox } from './mailbox';
import { type SendEmailInput, sendEmail } from './sendEmail';
import { SuppressionList } from './suppression';

export type FeedbackListener = (event: FeedbackEvent) => void | Promise<void>;

export interface SesPart extends Part {
  readonly mailbox: Mailbox;
  /** Gives back the function that ends the listening. */
  onFeedback(listener: FeedbackListener): () => void;
  /** Resolves when all feedback so far has been taken by its listeners. */
  feedbackTold(): Promise<void>;
}

const OUTBOUND = '/v2/email/outbound-emails';
const SUPPRESSED = '/v2/email/suppression/addresses';

const serverError = (kind: 'throttle' | '500') =>
  kind === 'throttle'
    ? new ServiceError('TooManyRequestsException', 'Too many requests have been made to the operation.', 429)
    : new ServiceError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);

function operationOf({ method, url }: Call): string {
  if (method === 'POST' && url.pathname === OUTBOUND) return 'SendEmail';
  if (method === 'PUT' && url.pathname === SUPPRESSED) return 'PutSuppressedDestination';
  if (url.pathname.startsWith(`${SUPPRESSED}/`)) {
    if (method === 'GET') return 'GetSuppressedDestination';
    if (method === 'DELETE') return 'DeleteSuppressedDestination';
  }
  throw new ServiceError('UnknownOperationException', 'The stand-in does not know this operation.', 404);
}

const answered = (body: Json): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function refused(error: unknown): Answer {
  const known = error instanceof AccessDenied ? new ServiceError('AccessDeniedException', error.message, 403) : error;
  if (!(known instanceof ServiceError)) throw error;
  return {
    status: known.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': known.type },
    body: JSON.stringify({ message: known.message }),
  };
}

/** What of the suppression list the operations read and change. */
function suppression(operation: string, call: Call, list: SuppressionList, now: number): Json {
  if (operation === 'PutSuppressedDestination') {
    const { EmailAddress, Reason } = JSON.parse(call.body.toString()) as Record<string, string>;
    if (Reason !== 'BOUNCE' && Reason !== 'COMPLAINT')
      throw new ServiceError('BadRequestException', 'Reason must be BOUNCE or COMPLAINT.');
    list.put(EmailAddress ?? '', { reason: Reason, at: now });
    return {};
  }
  const address = decodeURIComponent(call.url.pathname.slice(SUPPRESSED.length + 1));
  const found = list.get(address);
  if (found === undefined)
    throw new ServiceError(
      'NotFoundException',
      `Email address ${address} does not exist on your suppression list.`,
      404,
    );
  if (operation === 'DeleteSuppressedDestination') {
    list.remove(address);
    return {};
  }
  return { SuppressedDestination: { EmailAddress: address, Reason: found.reason, LastUpdateTime: found.at / 1000 } };
}

export async function startSes(options: PartOptions): Promise<SesPart> {
  const { checkAccess = allowAll, clock, folder } = options;
  const mailbox = new Mailbox(folder);
  const suppressed = new SuppressionList(folder);
  const listeners = new Set<FeedbackListener>();
  let told: Promise<void> = Promise.resolve();

  /** After the answer, one after the other, as SES does. */
  const tell = (events: readonly FeedbackEvent[]) => {
    told = told.then(async () => {
      await new Promise(setImmediate);
      for (const event of events)
        for (const listener of listeners) await (async () => listener(event))().catch(console.error);
    });
  };

  async function perform(operation: string, call: Call, accessKeyId: string): Promise<Json> {
    const demand = (action: string, resource: string) => checkAccess(accessKeyId, action, resource);
    if (operation === 'SendEmail') {
      const input = JSON.parse(call.body.toString()) as SendEmailInput;
      const { messageId, feedback } = await sendEmail(input, { mailbox, suppressed, now: clock.now(), demand });
      tell(feedback);
      return { MessageId: messageId };
    }
    demand(`ses:${operation}`, identityArn('*'));
    return suppression(operation, call, suppressed, clock.now());
  }

  async function answer(call: Call): Promise<Answer> {
    try {
      const operation = operationOf(call);
      const accessKeyId = accessKeyIdOf(call);
      if (accessKeyId === undefined)
        throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
      const faulty = { service: 'ses', operation, accessKeyId, error: serverError } as const;
      return answered(await suffer(options, faulty, () => perform(operation, call, accessKeyId)));
    } catch (error) {
      return refused(error);
    }
  }

  const server = await listen(options, answer);
  return {
    ...server,
    mailbox,
    onFeedback: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    feedbackTold: () => told,
  };
}
