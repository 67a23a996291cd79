import { addDays, instant, instantOfLocal, localDate } from '../../shared/domain/calendar';
import type { Cloud } from '../cloud/cloud';
import { idIn, type StaffApi, saveCard, staffApi } from './api';
import { type DemoPractice, openDemoPractice } from './practices';

/**
 * Two practices to look at: one with a team, 12 clients, 40 sessions over two months and bills in every state, and a small
 * one in another zone and currency. All but the founding goes through the API, so a start exercises the product.
 */
export async function seedDemo(cloud: Cloud): Promise<void> {
  if (cloud.practices.length > 0) return;
  Object.assign(process.env, cloud.environment);
  const oak = await openDemoPractice(cloud, {
    shortCode: 'OAK',
    name: 'Oak Street Therapy',
    timeZone: 'America/New_York',
    currency: 'USD',
    address: ['1 Oak Street', 'Springfield, NY 10001'],
    paperSize: 'letter',
    members: [
      { key: 'admin', name: 'Rosa Delgado', role: 'admin' },
      { key: 'biller', name: 'Ben Okafor', role: 'biller' },
      { key: 'ana', name: 'Ana Petrov', role: 'practitioner' },
      { key: 'jonas', name: 'Jonas Weber', role: 'practitioner', supervisedBy: 'ana' },
      { key: 'scheduler', name: 'Mei Tanaka', role: 'scheduler' },
    ],
  });
  const harbour = await openDemoPractice(cloud, {
    shortCode: 'HBR',
    name: 'Harbour Counselling',
    timeZone: 'Europe/London',
    currency: 'GBP',
    address: ['2 Quay Lane', 'Bristol BS1 4XX'],
    paperSize: 'a4',
    members: [
      { key: 'admin', name: 'Elin Hughes', role: 'admin' },
      { key: 'noor', name: 'Noor Aziz', role: 'practitioner' },
    ],
  });
  await seedOak(cloud, oak);
  await seedHarbour(cloud, harbour);
  await cloud.settle();
}

const names: readonly (readonly [string, string])[] = [
  ['Lena', 'Abbott'],
  ['Marcus', 'Bell'],
  ['Priya', 'Chandra'],
  ['Tomás', 'Díaz'],
  ['Ella', 'Evans'],
  ['Felix', 'Fuchs'],
  ['Grace', 'Gallagher'],
  ['Hugo', 'Haddad'],
  ['Ivy', 'Ito'],
  ['Jamal', 'Jones'],
  ['Katya', 'Kowalski'],
  ['Liam', 'Lambert'],
];

/** The client's place in the list. */
const insured = 3;

/** Twelve clients: 3 has a parent who pays, 4 is insured, 5 has a saved card, 6 one that will be refused. */
async function seedOak(cloud: Cloud, { practice, emails, memberIds }: DemoPractice): Promise<void> {
  const api = await staffApi(cloud, emails.admin ?? '');
  const { ana = '', jonas = '' } = memberIds;
  const [intake, hour, family, workbook, insurer] = await Promise.all([
    api.post('/services', {
      code: '90791',
      kind: 'cpt',
      name: 'Diagnostic evaluation',
      priceCents: 22000,
      durationMinutes: 60,
    }),
    api.post('/services', {
      code: '90837',
      kind: 'cpt',
      name: 'Individual therapy, 60 minutes',
      priceCents: 16500,
      durationMinutes: 60,
    }),
    api.post('/services', {
      code: '90847',
      kind: 'cpt',
      name: 'Family therapy',
      priceCents: 18000,
      durationMinutes: 50,
    }),
    api.post('/products', { title: 'Workbook', priceCents: 2500 }),
    api.post('/payers', { name: 'Evergreen Health', kind: 'insurer' }),
  ]);
  const clients = await Promise.all(
    names.map(([firstName, lastName], index) =>
      api.post('/clients', {
        firstName,
        lastName,
        email:
          `${firstName.normalize('NFD').replace(/\W/g, '')}.${lastName.normalize('NFD').replace(/\W/g, '')}@example.com`.toLowerCase(),
        practitionerId: index % 3 === 2 ? jonas : ana,
        ...(index === 2 ? { dateOfBirth: '2014-05-09' } : {}),
      }),
    ),
  );
  const clientIds = clients.map(client => idIn(client, 'clientId'));
  const at = (index: number): string => clientIds[index] ?? '';
  await api.post(`/clients/${at(2)}/contacts`, {
    name: 'Sunita Chandra',
    email: 'sunita.chandra@example.com',
    roles: ['billing'],
  });
  await api.post(`/clients/${at(insured)}/policies`, {
    payerId: idIn(insurer, 'payerId'),
    insuranceType: 'commercial',
    memberId: 'EH-000123',
    effectiveOn: '2026-01-01',
    copayCents: 3000,
  });
  await saveCard(api, at(4), '4242424242424242');
  await saveCard(api, at(5), '4000000000000341');
  const sessions = await seedSessions(
    api,
    {
      practice,
      clientIds,
      count: 40,
      serviceOf: n => idIn(n < 12 ? intake : n % 5 === 0 ? family : hour, 'serviceId'),
      practitionerOf: n => (n % 3 === 2 ? jonas : ana),
      // An insurer pays back on a superbill only what names them.
      diagnosesOf: n => (n === insured ? ['F41.1', 'Z63.0'] : []),
    },
    cloud,
  );
  await cloud.settle();
  await seedBills(api, { at, sessions, productId: idIn(workbook, 'productId'), payerId: idIn(insurer, 'payerId') });
}

interface SessionPlan {
  readonly practice: DemoPractice['practice'];
  readonly clientIds: readonly string[];
  readonly count: number;
  readonly serviceOf: (n: number) => string;
  /** By the client's place in the list, as are the diagnoses. */
  readonly practitionerOf: (client: number) => string;
  readonly diagnosesOf: (client: number) => readonly string[];
}

/** Spread over two months up to yesterday, the clients in turn; answers each client's sessions. */
async function seedSessions(api: StaffApi, plan: SessionPlan, cloud: Cloud): Promise<Map<string, string[]>> {
  const { practice, clientIds, count } = plan;
  const today = localDate(instant(cloud.now()), practice.timeZone);
  const made = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const client = n % clientIds.length;
      const clientId = clientIds[client] ?? '';
      const on = addDays(today, -1 - Math.floor(((count - 1 - n) * 58) / count));
      const answer = await api.post('/sessions', {
        clientId,
        practitionerId: plan.practitionerOf(client),
        startsAt: instantOfLocal(on, `${String(9 + (n % 8)).padStart(2, '0')}:00`, practice.timeZone),
        services: [{ serviceId: plan.serviceOf(n), diagnoses: plan.diagnosesOf(client) }],
        status: 'completed',
      });
      return { clientId, sessionId: idIn(answer, 'sessionId') };
    }),
  );
  const byClient = new Map<string, string[]>();
  for (const { clientId, sessionId } of made) byClient.set(clientId, [...(byClient.get(clientId) ?? []), sessionId]);
  return byClient;
}

interface BillPlan {
  readonly at: (index: number) => string;
  readonly sessions: ReadonlyMap<string, readonly string[]>;
  readonly productId: string;
  readonly payerId: string;
}

/** A bill in each state: open, partly paid, paid, waiting for the insurer, refunded in part, refused card, cancelled. */
async function seedBills(api: StaffApi, { at, sessions, productId, payerId }: BillPlan): Promise<void> {
  const bill = async (client: number, howMany: number, more: object = {}): Promise<string> => {
    const clientId = at(client);
    const chosen = (sessions.get(clientId) ?? []).slice(0, howMany).map(sessionId => ({ sessionId }));
    return idIn(await api.post('/bills', { clientId, sessions: chosen, ...more }), 'billId');
  };
  const pay = async (billId: string, body: object): Promise<string> => {
    const { payment } = await api.post(`/bills/${billId}/payments`, { ...body });
    return idIn((payment ?? {}) as Readonly<Record<string, unknown>>, 'paymentId');
  };
  await Promise.all([
    bill(0, 2, { comments: 'Thank you.' }),
    bill(1, 1, { products: [{ productId, quantity: 1 }] }).then(id =>
      pay(id, { type: 'cash_check', amountCents: 10000 }),
    ),
    bill(2, 2),
    bill(insured, 2, { responsibility: 'insurance', payerId }).then(id =>
      pay(id, { type: 'cash_check', amountCents: 6000 }),
    ),
    bill(4, 1).then(id => pay(id, { type: 'card', collect: 'stripe', amountCents: 22000 })),
    bill(5, 1).then(id => api.post(`/bills/${id}/payments`, { type: 'card', collect: 'stripe', amountCents: 22000 })),
    bill(6, 1).then(async id => {
      const paymentId = await pay(id, { type: 'other', description: 'Bank transfer', amountCents: 22000 });
      await api.post(`/payments/${paymentId}/refunds`, { amountCents: 5000, reason: 'Session was shorter' });
    }),
    bill(7, 1).then(id => api.post(`/bills/${id}/cancel`, { reason: 'Made twice' })),
    api.post(`/clients/${at(8)}/credits`, { amountCents: 15000, reason: 'prepayment', type: 'cash_check' }),
  ]);
}

async function seedHarbour(cloud: Cloud, { practice, emails, memberIds }: DemoPractice): Promise<void> {
  const api = await staffApi(cloud, emails.admin ?? '');
  const service = await api.post('/services', {
    code: 'SESSION',
    kind: 'custom',
    name: 'Counselling, 50 minutes',
    priceCents: 7500,
  });
  const clients = await Promise.all(
    (
      [
        ['Owen', 'Morgan'],
        ['Amina', 'Nasser'],
        ['Ruth', 'Oakley'],
      ] as const
    ).map(([firstName, lastName]) =>
      api.post('/clients', {
        firstName,
        lastName,
        email: `${firstName}.${lastName}@example.com`.toLowerCase(),
        practitionerId: memberIds.noor ?? '',
      }),
    ),
  );
  const clientIds = clients.map(client => idIn(client, 'clientId'));
  const sessions = await seedSessions(
    api,
    {
      practice,
      clientIds,
      count: 6,
      serviceOf: () => idIn(service, 'serviceId'),
      practitionerOf: () => memberIds.noor ?? '',
      diagnosesOf: () => [],
    },
    cloud,
  );
  for (const clientId of clientIds.slice(0, 2)) {
    const chosen = (sessions.get(clientId) ?? []).slice(0, 1).map(sessionId => ({ sessionId }));
    await api.post('/bills', { clientId, sessions: chosen });
  }
}
