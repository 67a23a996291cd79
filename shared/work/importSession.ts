import * as z from 'zod';
import { calendarDate, type Instant, instant, instantOfLocal, localDate } from '../domain/calendar';
import { type Client, clientName, clientSort } from '../domain/client';
import { given } from '../domain/given';
import { zeroCents } from '../domain/money';
import { completed, refuseIfDecided, type Session, type SessionService } from '../domain/session';
import { idFrom } from '../ids';
import { atInstant, id, onDate, text } from '../operations/fields';
import { clientStore } from '../store/clientStore';
import { sessionStore } from '../store/sessionStore';
import {
  earlier,
  flag,
  type ImportScene,
  identity,
  mark,
  type Outcome,
  practitionerOf,
  price,
  type Row,
  RowRefused,
  read,
  sentBefore,
} from './importScene';

const sessionFields = z.strictObject({
  externalId: text(120).optional(),
  clientId: id('cli').optional(),
  clientExternalId: text(120).optional(),
  practitionerId: text(120).optional(),
  practitionerEmail: text(254).optional(),
  startsAt: z.string(),
  status: z.enum(['scheduled', 'completed', 'late_cancel', 'no_show', 'other_cancel']).optional(),
  services: text(1000).optional(),
  noShowFee: price.optional(),
  noteSigned: flag.optional(),
});
type Fields = z.output<typeof sessionFields>;

/** What a row says of a session, in our terms. */
interface Said {
  readonly client: Client;
  readonly startsAt: Instant;
  readonly practitionerId?: string | undefined;
  readonly services?: readonly SessionService[] | undefined;
  readonly fields: Fields;
}

export async function importSession(scene: ImportScene, row: Row): Promise<Outcome> {
  const fields = read(sessionFields, row);
  const { practiceId } = scene.practice;
  const { externalId } = fields;
  const sessionId = idFrom('ses', ...identity(practiceId, externalId, row));
  const said = await readRow(scene, fields);
  const known = await sessionStore.find(practiceId, sessionId);
  const told = (result: Outcome['result']): Outcome => given({ result, id: sessionId, externalId });
  if (!known) {
    const session = { ...newSession(scene, sessionId, said), imported: mark(row, 'created') };
    if (!row.dryRun) await sessionStore.add(practiceId, session, said.client);
    return told('created');
  }
  const before = earlier(row, known.imported);
  if (before === 'unchanged' && externalId === undefined) throw sentBefore();
  if (before) return told(before);
  const after = changed(scene, known, said);
  if (after === known) return told('unchanged');
  const session = { ...after, imported: mark(row, 'updated') };
  if (!row.dryRun) await sessionStore.replaceNamed(practiceId, session, said.client);
  return told('updated');
}

async function readRow(scene: ImportScene, fields: Fields): Promise<Said> {
  const client = await clientOf(scene.practice.practiceId, fields);
  const named = fields.practitionerId ?? fields.practitionerEmail;
  return {
    client,
    fields,
    startsAt: startOf(fields.startsAt, scene.practice.timeZone),
    practitionerId: named === undefined ? undefined : practitionerOf(scene, named).memberId,
    services: fields.services === undefined ? undefined : servicesIn(scene, fields.services),
  };
}

async function clientOf(practiceId: string, { clientId, clientExternalId }: Fields): Promise<Client> {
  const field = clientId === undefined ? 'clientExternalId' : 'clientId';
  const id = clientId ?? (clientExternalId === undefined ? undefined : idFrom('cli', practiceId, clientExternalId));
  const client = id === undefined ? undefined : await clientStore.find(practiceId, id);
  if (!client) throw new RowRefused(field, 'is no client of this practice');
  if (client.status === 'archived') throw new RowRefused(field, 'is archived');
  return client;
}

/** With an offset as it says; without one, the practice's wall clock. */
function startOf(value: string, timeZone: string): Instant {
  const [, date = '', time = ''] = /^(.{10})[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?$/.exec(value) ?? [];
  if (isDate(date) && isTime(`${date}T${time}:00Z`)) return instantOfLocal(calendarDate(date), time, timeZone);
  const exact = value.replace(/^(.{16})(Z|[+-]\d{2}:\d{2})$/, '$1:00$2');
  if (isTime(exact)) return instant(exact);
  throw new RowRefused('startsAt', 'must be a time such as 2026-11-02T09:00, with an offset or in the practice’s zone');
}

const isDate = (value: string): boolean => onDate.safeParse(value).success;
const isTime = (value: string): boolean => atInstant.safeParse(value).success;

/** `code:units:price` joined by `;`; units and price may be left out. */
function servicesIn({ services }: ImportScene, written: string): SessionService[] {
  const parts = written.split(';').map(part => part.trim());
  return parts.filter(Boolean).map(part => {
    const [code = '', units = '1', asked] = part.split(':');
    const service = services.get(code);
    if (!service?.active) throw new RowRefused('services', `${code} is no service of this practice`);
    if (!/^[1-9]\d?$/.test(units)) throw new RowRefused('services', `${units} is no number of units`);
    const own = asked === undefined ? undefined : price.safeParse(asked);
    if (own?.success === false) throw new RowRefused('services', `${asked} is no amount such as 150 or 150.00`);
    const { serviceId, description, priceCents } = service;
    const snapshot = { serviceId, code, description, units: Number(units), priceCents: own?.data ?? priceCents };
    return { ...snapshot, modifiers: [], diagnoses: [] };
  });
}

/** A missed session of the past carries the fee that the row names, and none by the practice's rule of today. */
function newSession({ practice, settings, ...scene }: ImportScene, sessionId: string, said: Said): Session {
  const { client, startsAt, services = [], fields } = said;
  const practitionerId =
    said.practitionerId ?? practitionerOf({ practice, settings, ...scene }, client.practitionerId ?? '').memberId;
  return given({
    sessionId,
    clientId: client.clientId,
    clientSort: clientSort(client),
    clientName: clientName(client),
    practitionerId,
    startsAt,
    dateOfService: localDate(startsAt, practice.timeZone),
    externalId: fields.externalId,
    status: fields.status ?? 'scheduled',
    noteSigned: fields.noteSigned ?? false,
    services,
    noShowFeeCents: fields.noShowFee ?? zeroCents,
    claimReview: 'none' as const,
    requireSignedNote: settings.requireSignedNote,
  });
}

const written = (services: readonly SessionService[]): string =>
  services.map(({ code, units, priceCents }) => `${code}:${units}:${priceCents}`).join(';');

/**
 * The session as the row has it; the same one when nothing is news. `scheduled` takes nothing back that was decided here.
 * Problem `session_state` when it is on a bill or waived and more than the note would change.
 */
function changed({ practice }: ImportScene, known: Session, said: Said): Session {
  const { client, startsAt, practitionerId = known.practitionerId, services = known.services, fields } = said;
  if (client.clientId !== known.clientId) throw new RowRefused('clientId', 'is not the client of this session');
  const { status = 'scheduled', noShowFee, noteSigned = known.noteSigned } = fields;
  const fee = noShowFee ?? (status === known.status ? known.noShowFeeCents : zeroCents);
  const moved = startsAt !== known.startsAt;
  const charged = status !== 'completed' && fee !== known.noShowFeeCents;
  const decided = status !== 'scheduled' && (status !== known.status || charged);
  const regiven = practitionerId !== known.practitionerId || written(services) !== written(known.services);
  if (!moved && !decided && !regiven) return noteSigned === known.noteSigned ? known : { ...known, noteSigned };
  refuseIfDecided(known);
  const after: Session = {
    ...known,
    practitionerId,
    services,
    noteSigned,
    ...(moved ? { startsAt, dateOfService: localDate(startsAt, practice.timeZone) } : {}),
  };
  if (!decided) return after;
  return status === 'completed' ? completed(after) : { ...after, status, noShowFeeCents: fee };
}
