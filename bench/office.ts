import { createHmac, randomUUID } from 'node:crypto';
import type { Cloud } from '../local/cloud/cloud';
import { saveCard, staffApi } from '../local/seed/api';
import { openDemoPractice } from '../local/seed/practices';
import { staffCaller } from '../shared/access/staffCaller';
import type { Member } from '../shared/domain/practice';
import type { StaffCaller } from '../shared/operations/caller';

export type Json = Readonly<Record<string, unknown>>;
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** A practice of the usual size of names, with its admin at the API of a running one-machine cloud. */
export class Office {
  private constructor(
    readonly cloud: Cloud,
    /** The admin, as the authorizer tells the functions. */
    readonly caller: StaffCaller,
    private readonly adminEmail: string,
    private readonly token: string,
    private readonly practitionerId: string,
  ) {}

  static async open(cloud: Cloud, shortCode: string): Promise<Office> {
    Object.assign(process.env, cloud.environment);
    const { practice, emails, memberIds } = await openDemoPractice(cloud, {
      shortCode,
      name: 'Juniper Lane Therapy, PLLC',
      timeZone: 'America/Chicago',
      currency: 'USD',
      address: ['2140 Alder Street, Suite 3', 'Madison, WI 53703'],
      paperSize: 'letter',
      members: [
        { key: 'admin', name: 'Rosa Delgado-Whitfield', role: 'admin' },
        { key: 'lena', name: 'Lena Hoffman, PhD', role: 'practitioner' },
      ],
    });
    const { admin: email = '' } = emails;
    const { admin: memberId = '', lena = '' } = memberIds;
    const member: Member = { memberId, name: '', email, roles: ['admin'], billingVisible: true, active: true };
    return new Office(cloud, staffCaller(member, practice, []), email, await cloud.token(email), lena);
  }

  async ask(
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.cloud.urls.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'idempotency-key': randomUUID(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
  }

  /** `ask`, where anything but success ends the measurement. */
  async get(path: string): Promise<Json> {
    return succeeded(`GET ${path}`, await this.ask('GET', path));
  }
  async post(path: string, body: Json = {}): Promise<Json> {
    return succeeded(`POST ${path}`, await this.ask('POST', path, body));
  }
  async put(path: string, body: Json): Promise<Json> {
    return succeeded(`PUT ${path}`, await this.ask('PUT', path, body));
  }

  async client(): Promise<string> {
    const body = { firstName: 'Katharina', lastName: 'Kowalski-Lambert', email: 'katharina.kowalski@example.com' };
    return textIn(await this.post('/clients', { ...body, practitionerId: this.practitionerId }), 'clientId');
  }

  async service(): Promise<string> {
    const body = { code: '90837', kind: 'cpt', name: 'Individual therapy, 60 minutes', priceCents: 16500 };
    return textIn(await this.post('/services', body), 'serviceId');
  }

  /** Completed, a day apart, each of 165.00. */
  async sessions(of: { readonly clientId: string; readonly serviceId: string }, howMany: number): Promise<string[]> {
    const ids: string[] = [];
    for (let day = 1; day <= howMany; day += 1) {
      const startsAt = `2026-11-${String(day).padStart(2, '0')}T15:00:00Z`;
      const services = [{ serviceId: of.serviceId, diagnoses: ['F41.1'] }];
      const body = { clientId: of.clientId, practitionerId: this.practitionerId, startsAt, services };
      ids.push(textIn(await this.post('/sessions', { ...body, status: 'completed' }), 'sessionId'));
    }
    return ids;
  }

  /** What happens in Stripe's dashboard, or to its webhooks. */
  async stripe(what: 'refunds' | 'webhooks', body: Json): Promise<void> {
    const path = `${this.cloud.urls.stripe}/_stand-in/${what}`;
    const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  }

  async webhook({ payload, signature }: SignedEvent): Promise<void> {
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    const answer = await fetch(`${this.cloud.urls.api}/webhooks/stripe`, { method: 'POST', headers, body: payload });
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  }

  async card(clientId: string): Promise<void> {
    await saveCard(await staffApi(this.cloud, this.adminEmail), clientId, '4242424242424242');
    await this.cloud.settle();
  }
}

function succeeded(call: string, { status, body }: Answer): Json {
  if (status >= 300) throw new Error(`${call} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export function textIn(answer: Json, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw new Error(`the answer has no ${name}: ${JSON.stringify(answer)}`);
  return value;
}

export function partOf(answer: Json, name: string): Json {
  const value = answer[name];
  if (typeof value !== 'object' || value === null) throw new Error(`the answer has no ${name}`);
  return value as Json;
}

/** An event's body as Stripe would send it, and its signature under the secret that the functions know. */
export interface SignedEvent {
  readonly payload: string;
  readonly signature: string;
}

/** Events say which object to look at; what else they say is never believed. */
export async function signedEvent({ cloud }: Office, type: string, paymentIntentId: string): Promise<SignedEvent> {
  const object = { id: 'ch_1', object: 'charge', payment_intent: paymentIntentId };
  const payload = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', type, data: { object } });
  const at = Math.floor(cloud.now() / 1000);
  const secret = await webhookSecret(cloud);
  const digest = createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex');
  return { payload, signature: `t=${at},v1=${digest}` };
}

async function webhookSecret({ environment }: Cloud): Promise<string> {
  const answer = await fetch(environment.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '', {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/secretsmanager/aws4_request',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: environment.STRIPE_SECRET_ID }),
  });
  const { SecretString } = (await answer.json()) as { SecretString: string };
  return textIn(JSON.parse(SecretString) as Json, 'webhookSecret');
}
