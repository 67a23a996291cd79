import * as z from 'zod';
import { given } from '../domain/given';
import type { Service } from '../domain/practice';
import { idFrom } from '../ids';
import { text } from '../operations/fields';
import { serviceStore } from '../store/catalogueStore';
import { earlier, type ImportScene, mark, type Outcome, price, type Row, read } from './importScene';

const serviceFields = z.strictObject({
  code: text(20),
  name: text(120),
  description: text(200).optional(),
  price,
  kind: z.enum(['cpt', 'custom']).optional(),
  durationMinutes: z.coerce.number().int().min(1).max(1440).optional(),
});

/** Its code is its identity; the id derives from it, so that two workers at once make one service. */
export async function importService(scene: ImportScene, row: Row): Promise<Outcome> {
  const { price: priceCents, ...fields } = read(serviceFields, row);
  const { practiceId } = scene.practice;
  const { code } = fields;
  const serviceId = scene.services.get(code)?.serviceId ?? idFrom('svc', practiceId, 'import', code);
  const said = given({ ...fields, priceCents });
  const known = (await serviceStore.find(practiceId, serviceId)) ?? scene.services.get(code);
  const keep = (service: Service, result: 'created' | 'updated'): Outcome => {
    scene.services.set(code, service);
    return { result, id: serviceId };
  };
  if (!known) {
    const made = { kind: 'custom' as const, description: said.name, unitBilling: false, active: true };
    const service: Service = { ...made, ...said, serviceId, imported: mark(row, 'created') };
    if (!row.dryRun) await serviceStore.add(practiceId, [service]);
    return keep(service, 'created');
  }
  const before = earlier(row, known.imported);
  if (before) return { result: before, id: serviceId };
  const news = Object.entries(said).some(([field, value]) => Reflect.get(known, field) !== value);
  if (!news) return { result: 'unchanged', id: serviceId };
  const service: Service = { ...known, ...said, imported: mark(row, 'updated') };
  if (!row.dryRun) await serviceStore.replace(practiceId, service);
  return keep(service, 'updated');
}
