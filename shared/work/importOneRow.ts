import * as z from 'zod';
import { calendarDate, instant, instantOfLocal, localDate } from '../domain/calendar';
import { type Client, clientName, clientSort } from '../domain/client';
import { given } from '../domain/given';
import type { ImportedRow, ImportRecord, RowResult } from '../domain/importing';
import { cents } from '../domain/money';
import {
  type BillingSettings,
  defaultBillingSettings,
  type Member,
  type Practice,
  type Service,
} from '../domain/practice';
import { isProblem } from '../domain/problem';
import type { Session, SessionService } from '../domain/session';
import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { email, text } from '../operations/fields';
import { serviceStore } from '../store/catalogueStore';
import { clientStore } from '../store/clientStore';
import { getItem, getItems } from '../store/kernel';
import { memberStore } from '../store/memberStore';
import { sessionStore } from '../store/sessionStore';
import { billingSettingsEntity, clientEntity, practiceEntity } from '../store/table';

/** What every row of an import looks at: read once. */
export interface ImportScene {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly members: readonly Member[];
  readonly services: Map<string, Service>;
}

export async function loadImportScene(practiceId: string): Promise<ImportScene> {
  const [items, members, services] = await Promise.all([
    getItems([practiceEntity.key(practiceId, { practiceId }), billingSettingsEntity.key(practiceId, {})]),
    memberStore.all(practiceId),
    serviceStore.all(practiceId),
  ]);
  const [practice] = items.filter(practiceEntity.is).map(practiceEntity.record);
  if (!practice) throw new Error(`practice ${practiceId} is not in the table`);
  const [settings = defaultBillingSettings(practice.billingName)] = items
    .filter(billingSettingsEntity.is)
    .map(billingSettingsEntity.record);
  return { practice, settings, members, services: new Map(services.map(service => [service.code, service])) };
}

interface OneRow {
  readonly record: ImportRecord;
  readonly row: ImportedRow;
  readonly number: number;
}

class RowRefused extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** One row, judged and written; whatever is wrong with it is told by field and stops nobody else's row. */
export async function importRow(scene: ImportScene, { record, row, number }: OneRow, needs: Needs): Promise<RowResult> {
  try {
    const filled = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== undefined));
    const outcome = await writers[record.kind](scene, filled, { dryRun: record.dryRun, needs });
    return { row: number, ...outcome };
  } catch (error) {
    if (error instanceof RowRefused) return failed(number, [{ field: error.field, reason: error.reason }]);
    if (error instanceof z.ZodError) {
      return failed(
        number,
        error.issues.map(({ path, message }) => ({ field: path.join('.'), reason: message })),
      );
    }
    if (isProblem(error, 'invalid_input')) {
      return failed(
        number,
        error.facts.errors.map(({ pointer, message }) => ({ field: pointer.slice(1), reason: message })),
      );
    }
    throw error;
  }
}

const failed = (row: number, errors: NonNullable<RowResult['errors']>): RowResult => ({
  row,
  result: 'failed',
  errors,
});

interface How {
  readonly dryRun: boolean;
  readonly needs: Needs;
}
type Outcome = Omit<RowResult, 'row'>;

const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', 'yes', 'no']).transform(word => word === 'true' || word === 'yes'),
]);

const clientFields = z.strictObject({
  externalId: text(120).optional(),
  firstName: text(80),
  lastName: text(80),
  email: email.optional(),
  emailAllowed: flag.default(true),
  phone: text(40).optional(),
  dateOfBirth: z.iso.date().optional(),
  practitionerId: z.string().optional(),
  practitionerEmail: z.string().optional(),
});

/** Without an externalId the row itself is the identity: sent again it is refused, never guessed to be somebody else. */
const identity = (practiceId: string, externalId: string | undefined, row: ImportedRow): string[] =>
  externalId === undefined ? [practiceId, 'row', JSON.stringify(row)] : [practiceId, externalId];

async function importClient(scene: ImportScene, row: ImportedRow, { dryRun, needs }: How): Promise<Outcome> {
  const { practitionerEmail, dateOfBirth, practitionerId, ...fields } = clientFields.parse(row);
  const { practiceId } = scene.practice;
  const clientId = idFrom('cli', ...identity(practiceId, fields.externalId, row));
  const named = practitionerId ?? practitionerEmail;
  const client: Client = given({
    ...fields,
    clientId,
    address: [],
    status: 'active' as const,
    createdAt: needs.clock.now(),
    practitionerId: named === undefined ? undefined : practitionerOf(scene, named).memberId,
    dateOfBirth: dateOfBirth === undefined ? undefined : calendarDate(dateOfBirth),
  });
  const known = await getItem(clientEntity.key(practiceId, { clientId }));
  if (known) return sameOrRefused(fields.externalId, clientId);
  if (!dryRun) await clientStore.add(practiceId, client);
  return created(clientId, fields.externalId);
}

function practitionerOf({ members }: ImportScene, named: string): Member {
  const member = members.find(
    ({ memberId, email: address }) => memberId === named || address.toLowerCase() === named.toLowerCase(),
  );
  if (!member?.active) throw new RowRefused('practitionerId', 'is no active member of this practice');
  return member;
}

function sameOrRefused(externalId: string | undefined, id: string): Outcome {
  if (externalId === undefined)
    throw new RowRefused('externalId', 'this row was imported before; give an externalId to send it again');
  return { result: 'unchanged', id, externalId };
}

const created = (id: string, externalId: string | undefined): Outcome => ({
  result: 'created',
  id,
  ...(externalId === undefined ? {} : { externalId }),
});

const price = z.union([z.string(), z.number()]).transform((value, context) => {
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(String(value));
  if (!match) context.addIssue({ code: 'custom', message: 'must be an amount such as 150 or 150.00' });
  const [, whole = '0', part = ''] = match ?? [];
  return cents(Number(whole) * 100 + Number(part.padEnd(2, '0')));
});

const serviceFields = z.strictObject({
  code: text(20),
  name: text(120),
  description: text(200).optional(),
  price,
  kind: z.enum(['cpt', 'custom']).default('custom'),
  durationMinutes: z.coerce.number().int().min(1).max(1440).optional(),
});

async function importService(scene: ImportScene, row: ImportedRow, { dryRun, needs }: How): Promise<Outcome> {
  const { price: priceCents, description, ...fields } = serviceFields.parse(row);
  const known = scene.services.get(fields.code);
  if (known) return { result: 'unchanged', id: known.serviceId };
  const service: Service = given({
    ...fields,
    serviceId: needs.newId('svc'),
    description: description ?? fields.name,
    priceCents,
    unitBilling: false,
    active: true,
  });
  if (!dryRun) await serviceStore.add(scene.practice.practiceId, [service]);
  scene.services.set(service.code, service);
  return { result: 'created', id: service.serviceId };
}

const sessionFields = z.strictObject({
  externalId: text(120).optional(),
  clientId: z.string().optional(),
  clientExternalId: text(120).optional(),
  practitionerId: z.string().optional(),
  practitionerEmail: z.string().optional(),
  startsAt: z.string(),
  status: z.enum(['scheduled', 'completed', 'late_cancel', 'no_show', 'other_cancel']).default('scheduled'),
  services: z.string().default(''),
  noShowFee: price.optional(),
  noteSigned: flag.default(false),
});

async function importSession(scene: ImportScene, row: ImportedRow, { dryRun }: How): Promise<Outcome> {
  const fields = sessionFields.parse(row);
  const { practiceId, timeZone } = scene.practice;
  const { externalId } = fields;
  const sessionId = idFrom('ses', ...identity(practiceId, externalId, row));
  const client = await clientOf(practiceId, fields);
  const practitioner = practitionerOf(
    scene,
    fields.practitionerId ?? fields.practitionerEmail ?? client.practitionerId ?? '',
  );
  const startsAt = startOf(fields.startsAt, timeZone);
  const session: Session = given({
    sessionId,
    clientId: client.clientId,
    clientSort: clientSort(client),
    clientName: clientName(client),
    practitionerId: practitioner.memberId,
    startsAt,
    dateOfService: localDate(startsAt, timeZone),
    externalId,
    status: fields.status,
    noteSigned: fields.noteSigned,
    services: servicesIn(scene, fields.services),
    noShowFeeCents: fields.noShowFee ?? cents(0),
    claimReview: 'none' as const,
    requireSignedNote: scene.settings.requireSignedNote,
  });
  if (await sessionStore.find(practiceId, sessionId)) return sameOrRefused(externalId, sessionId);
  if (!dryRun) await sessionStore.add(practiceId, session, client);
  return created(sessionId, externalId);
}

async function clientOf(
  practiceId: string,
  of: { clientId?: string | undefined; clientExternalId?: string | undefined },
): Promise<Client> {
  const clientId =
    of.clientId ?? (of.clientExternalId === undefined ? undefined : idFrom('cli', practiceId, of.clientExternalId));
  const item = clientId === undefined ? undefined : await getItem(clientEntity.key(practiceId, { clientId }));
  const client = item && clientEntity.record(item);
  if (!client)
    throw new RowRefused(of.clientId === undefined ? 'clientExternalId' : 'clientId', 'is no client of this practice');
  if (client.status === 'archived') throw new RowRefused('clientId', 'is archived');
  return client;
}

/** With an offset as it says; without one, the practice's wall clock. */
function startOf(value: string, timeZone: string) {
  const local = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?$/.exec(value);
  if (local?.[1] && local[2]) return instantOfLocal(calendarDate(local[1]), local[2], timeZone);
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new RowRefused(
      'startsAt',
      'must be a time such as 2026-11-02T09:00, with an offset or in the practice’s zone',
    );
  }
  return instant(value);
}

/** `code:units:price` joined by `;` — units and price may be left out. */
function servicesIn({ services }: ImportScene, written: string): SessionService[] {
  return written
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const [code = '', units = '1', asked] = part.split(':');
      const service = services.get(code);
      if (!service?.active) throw new RowRefused('services', `${code} is no service of this practice`);
      const count = Number(units);
      if (!Number.isInteger(count) || count < 1 || count > 99)
        throw new RowRefused('services', `${units} is no number of units`);
      const { serviceId, description, priceCents } = service;
      return {
        serviceId,
        code,
        description,
        units: count,
        priceCents: asked === undefined ? priceCents : price.parse(asked),
        modifiers: [],
        diagnoses: [],
      };
    });
}

const writers = { clients: importClient, services: importService, sessions: importSession };
