import { createHmac } from 'node:crypto';
import { platformId, type Webhook, type World } from './desk';
import { settleDue } from './due';
import type { Delivery } from './model';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** Stripe tries for up to three days with growing waits (docs.stripe.com/webhooks); here at these distances. */
const waits = [
  5 * second,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
];
const answerWithin = 20 * second;

export interface WebhookMode {
  hold: boolean;
  drop: boolean;
  order: 'in_order' | 'reversed';
  /** How often each event is sent. */
  repeat: number;
}

/** Sends what is due, one after the other, so that a run can be repeated; tests change order, repetition and loss. */
export class Webhooks {
  readonly mode: WebhookMode = { hold: false, drop: false, order: 'in_order', repeat: 1 };
  private running: Promise<number> = Promise.resolve(0);
  private active = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly world: World) {
    this.timer = setInterval(() => {
      if (this.active === 0) void this.deliverDue();
    }, 500);
    this.timer.unref();
  }

  /** Not yet delivered, first come first. */
  pending(): Delivery[] {
    return this.world.books.all('all', 'delivery');
  }

  /** When the next delivery is due, in milliseconds by the clock. */
  nextAt(): number | undefined {
    const instants = this.pending().map(({ dueAt }) => dueAt);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** Sends all that is due now, also what arises meanwhile; answers how many were sent. */
  deliverDue(): Promise<number> {
    this.active += 1;
    const sent = this.running
      .then(() => this.run())
      .finally(() => {
        this.active -= 1;
      });
    this.running = sent.catch(() => 0);
    return sent;
  }

  /** Resolves when nothing is under way and nothing that may be sent is due. */
  async idle(): Promise<void> {
    do await this.deliverDue();
    while (this.active > 0 || this.due().length > 0);
  }

  /** Ends after the delivery under way; the rest is sent after the next start. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.mode.hold = true;
    await this.running;
  }

  private due(): Delivery[] {
    const now = this.world.clock.now();
    if (this.mode.hold) return [];
    const due = this.pending().filter(({ dueAt }) => dueAt <= now);
    return this.mode.order === 'reversed' ? due.reverse() : due;
  }

  private async run(): Promise<number> {
    settleDue(this.world);
    let sent = 0;
    for (let batch = this.due(); batch.length > 0; batch = this.due())
      for (const delivery of batch) {
        if (this.mode.hold) return sent;
        await this.deliver(delivery);
        sent += 1;
      }
    return sent;
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const event = this.world.books.find(delivery.eventAccount, 'event', delivery.eventId);
    const endpoint = this.endpointOf(delivery);
    if (this.mode.drop || event === undefined || endpoint === undefined) return this.settle(delivery, true);
    const body = JSON.stringify(event);
    let heard = true;
    for (let time = 0; time < this.mode.repeat; time += 1) heard = (await this.send(endpoint, body)) && heard;
    this.settle(delivery, heard);
  }

  private async send({ url, secret }: Webhook, body: string): Promise<boolean> {
    const at = Math.floor(this.world.clock.now() / second);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature(body, secret, at) },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithin),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  private settle(delivery: Delivery, heard: boolean): void {
    const { books, clock } = this.world;
    const wait = waits[delivery.attempts];
    const next =
      heard || wait === undefined ? null : { ...delivery, attempts: delivery.attempts + 1, dueAt: clock.now() + wait };
    books.put('all', 'delivery', delivery.id, next);
    const event = books.find(delivery.eventAccount, 'event', delivery.eventId);
    if (heard && event)
      books.put(delivery.eventAccount, 'event', event.id, {
        ...event,
        pending_webhooks: Math.max(0, event.pending_webhooks - 1),
      });
    books.commit();
  }

  private endpointOf({ endpoint, eventAccount }: Delivery): Webhook | undefined {
    if (endpoint === 'configured') return configuredFor(this.world.webhook, eventAccount);
    for (const account of [platformId, eventAccount]) {
      const url = this.world.books.find(account, 'webhook_endpoint', endpoint)?.url;
      const secret = this.world.books.find(account, 'endpointFacts', endpoint)?.secret;
      if (url !== undefined && secret !== undefined) return { url, secret };
    }
    return undefined;
  }
}

/** docs.stripe.com/connect/webhooks: an endpoint hears the own account or connected ones, so that there are two of them. */
function configuredFor(webhook: Webhook | undefined, eventAccount: string): Webhook | undefined {
  if (eventAccount === platformId || webhook?.connectSecret === undefined) return webhook;
  return { ...webhook, secret: webhook.connectSecret };
}

/** docs.stripe.com/webhooks/signature: HMAC-SHA256 of the time and the raw body. */
export function signature(body: string, secret: string, at: number): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}
