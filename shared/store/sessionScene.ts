import type { Client } from '../domain/client';
import { invariant } from '../domain/invariant';
import type { BillingSettings, Member, Practice, Service } from '../domain/practice';
import { getItems, type Item } from './kernel';
import { billingSettingsOf } from './settingsStore';
import { billingSettingsEntity, clientEntity, memberEntity, practiceEntity, serviceEntity } from './table';

/** Everything that making or changing a session looks at. */
export interface SessionScene {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly client: Client | undefined;
  readonly practitioner: Member | undefined;
  readonly services: readonly Service[];
}

interface Wanted {
  readonly clientId: string;
  readonly practitionerId: string;
  readonly serviceIds: readonly string[];
}

/** One batch read. */
export async function loadSessionScene(practiceId: string, wanted: Wanted): Promise<SessionScene> {
  const { clientId, practitionerId, serviceIds } = wanted;
  const items = await getItems([
    practiceEntity.key(practiceId, { practiceId }),
    billingSettingsEntity.key(practiceId, {}),
    clientEntity.key(practiceId, { clientId }),
    memberEntity.key(practiceId, { memberId: practitionerId }),
    ...[...new Set(serviceIds)].map(serviceId => serviceEntity.key(practiceId, { serviceId })),
  ]);
  const practice = first(items, practiceEntity);
  invariant(practice, `practice ${practiceId} is not in the table`);
  return {
    practice,
    settings: billingSettingsOf(items.find(billingSettingsEntity.is), practice.billingName),
    client: first(items, clientEntity),
    practitioner: first(items, memberEntity),
    services: items.filter(serviceEntity.is).map(serviceEntity.record),
  };
}
export type LoadSessionScene = typeof loadSessionScene;

const first = <R extends object>(
  items: readonly Item[],
  { is, record }: { is(item: Item): boolean; record(item: Item): R },
): R | undefined => items.filter(is).map(record)[0];
