import * as z from 'zod';

type SubjectKind = 'intent' | 'page' | 'account';

/** What the worker is told of an event: which object to look at, never what it said (rule 34). Ids only. */
export interface StripeEventMessage {
  readonly kind: 'stripeEvent';
  readonly eventId: string;
  readonly type: string;
  /** The connected account, or absent for the platform's own. */
  readonly account?: string;
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
}

const eventShape = z.object({
  id: z.string().min(1).max(255),
  type: z.string(),
  account: z.string().nullish(),
  livemode: z.boolean().optional(),
  data: z.object({ object: z.unknown() }),
});
type StripeEvent = z.output<typeof eventShape>;

/** The event that a signed body holds; nothing when it holds none, which Stripe never sends. */
export function eventIn(body: Uint8Array): StripeEvent | undefined {
  try {
    return eventShape.safeParse(JSON.parse(Buffer.from(body).toString())).data;
  } catch {
    return undefined;
  }
}

/** Which object an event is about, by the first word of its type; others are no concern of ours. */
export function eventMessage(event: StripeEvent): StripeEventMessage | undefined {
  const subject = subjectOf(event);
  if (!subject) return undefined;
  const { id: eventId, type, account } = event;
  return { kind: 'stripeEvent', eventId, type, subject, ...(account ? { account } : {}) };
}

function subjectOf({ type, data, account }: StripeEvent): StripeEventMessage['subject'] | undefined {
  const object: unknown = data.object;
  if (type.startsWith('account.')) return named('account', account ?? undefined);
  if (type.startsWith('checkout.session.')) return named('page', idOf(object, 'id'));
  if (type.startsWith('payment_intent.')) return named('intent', idOf(object, 'id'));
  const aboutCharge = type.startsWith('charge.') || type.startsWith('refund.');
  return aboutCharge ? named('intent', idOf(object, 'payment_intent') ?? chargeOf(object)) : undefined;
}

/** A charge without an intent, or the one that a refund or dispute is of, is looked at by its own id. */
const chargeOf = (object: unknown): string | undefined =>
  idOf(object, 'object') === 'charge' ? idOf(object, 'id') : idOf(object, 'charge');

const named = (kind: SubjectKind, id: string | undefined) => (id === undefined ? undefined : { kind, id });

function idOf(object: unknown, field: string): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const value: unknown = Reflect.get(object, field);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? idOf(value, 'id') : undefined;
}

export function messageOf(message: Readonly<Record<string, unknown>>): StripeEventMessage {
  const { subject, eventId, type, account } = message;
  const id = idOf(subject, 'id');
  const kind = idOf(subject, 'kind');
  if (
    typeof eventId !== 'string' ||
    typeof type !== 'string' ||
    id === undefined ||
    (kind !== 'intent' && kind !== 'page' && kind !== 'account')
  ) {
    throw new Error('not a message about a Stripe event');
  }
  return {
    kind: 'stripeEvent',
    eventId,
    type,
    subject: { kind, id },
    ...(typeof account === 'string' ? { account } : {}),
  };
}
