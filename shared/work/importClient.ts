import * as z from 'zod';
import { calendarDate, localDate } from '../domain/calendar';
import { type Client, refuseUnborn } from '../domain/client';
import { given } from '../domain/given';
import { idFrom } from '../ids';
import { email, onDate, text } from '../operations/fields';
import { clientStore } from '../store/clientStore';
import {
  earlier,
  flag,
  type ImportScene,
  identity,
  mark,
  type Outcome,
  practitionerOf,
  type Row,
  read,
  sentBefore,
} from './importScene';

const clientFields = z.strictObject({
  externalId: text(120).optional(),
  firstName: text(80),
  lastName: text(80),
  email: email.optional(),
  emailAllowed: flag.optional(),
  phone: text(40).optional(),
  dateOfBirth: onDate.optional(),
  practitionerId: text(120).optional(),
  practitionerEmail: text(254).optional(),
});

/** New, or changed in the fields that the row names. */
export async function importClient(scene: ImportScene, row: Row): Promise<Outcome> {
  const { practitionerEmail, dateOfBirth, practitionerId, ...fields } = read(clientFields, row);
  const { externalId } = fields;
  const { practiceId, timeZone } = scene.practice;
  const born = dateOfBirth === undefined ? undefined : calendarDate(dateOfBirth);
  refuseUnborn(born, localDate(row.needs.clock.now(), timeZone));
  const clientId = idFrom('cli', ...identity(practiceId, externalId, row));
  const named = practitionerId ?? practitionerEmail;
  const said = given({
    ...fields,
    practitionerId: named === undefined ? undefined : practitionerOf(scene, named).memberId,
    dateOfBirth: born,
  });
  const known = await clientStore.find(practiceId, clientId);
  const told = (result: Outcome['result']): Outcome => given({ result, id: clientId, externalId });
  if (!known) {
    const made = { emailAllowed: true, address: [], status: 'active' as const, createdAt: row.needs.clock.now() };
    const client: Client = { ...made, ...said, clientId, imported: mark(row, 'created') };
    if (!row.dryRun) await clientStore.add(practiceId, client);
    return told('created');
  }
  const before = earlier(row, known.imported);
  if (before === 'unchanged' && externalId === undefined) throw sentBefore();
  if (before) return told(before);
  const news = Object.entries(said).some(([field, value]) => Reflect.get(known, field) !== value);
  if (!news) return told('unchanged');
  const client: Client = { ...known, ...said, imported: mark(row, 'updated') };
  if (!row.dryRun) await clientStore.replace(practiceId, known, client);
  return told('updated');
}
