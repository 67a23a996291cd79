import type { Payer, Product, Service } from '../domain/practice';
import { Problem } from '../domain/problem';
import { added, replaced } from './changes';
import type { Entity } from './entity';
import { getItem, getItems, queryAll, queryPage, transact, type Write } from './kernel';
import { payerEntity, productEntity, rootPartition, serviceEntity } from './table';

/** A list of the practice's catalogue: services, products or payers. Hidden ones stay, for what was made with them. */
function shelf<R extends object, Id extends object>(
  entity: Entity<R, Id>,
  { what, idOf }: { what: string; idOf: (id: string) => Id },
) {
  const prefix = (practiceId: string) => entity.key(practiceId, idOf('')).sk;
  return {
    async find(practiceId: string, id: string): Promise<R | undefined> {
      const item = await getItem(entity.key(practiceId, idOf(id)));
      return item && entity.record(item);
    },
    async load(practiceId: string, id: string): Promise<R> {
      const item = await getItem(entity.key(practiceId, idOf(id)));
      if (!item) throw new Problem('not_found', { what });
      return entity.record(item);
    },
    async findAll(practiceId: string, ids: readonly string[]): Promise<R[]> {
      const items = await getItems([...new Set(ids)].map(id => entity.key(practiceId, idOf(id))));
      return items.map(entity.record);
    },
    async all(practiceId: string): Promise<R[]> {
      const items = await queryAll({ partition: rootPartition(practiceId), prefix: prefix(practiceId) });
      return items.map(entity.record);
    },
    async page(practiceId: string, page: { limit: number; cursor: string | undefined }) {
      const found = await queryPage({
        partition: rootPartition(practiceId),
        prefix: prefix(practiceId),
        ...page,
      });
      return { items: found.items.map(entity.record), nextCursor: found.nextCursor };
    },
    add: (practiceId: string, records: readonly (R & Id)[], more: readonly Write[] = []): Promise<void> =>
      transact([...records.map(record => added(entity, practiceId, record)), ...more]),
    replace: (practiceId: string, record: R & Id): Promise<void> => transact([replaced(entity, practiceId, record)]),
  };
}

export const serviceStore = shelf<Service, { serviceId: string }>(serviceEntity, {
  what: 'service',
  idOf: serviceId => ({ serviceId }),
});
export const productStore = shelf<Product, { productId: string }>(productEntity, {
  what: 'product',
  idOf: productId => ({ productId }),
});
export const payerStore = shelf<Payer, { payerId: string }>(payerEntity, {
  what: 'payer',
  idOf: payerId => ({ payerId }),
});
export type ServiceStore = typeof serviceStore;
export type ProductStore = typeof productStore;
export type PayerStore = typeof payerStore;
