import { type ClientBilling, overrides, withInherited } from '../domain/client';
import type { InheritedField } from '../domain/practice';
import { replaced } from './changes';
import { clientStore } from './clientStore';
import { decideAnew, LostRace, transact, type Write } from './kernel';
import { clientBillingEntity } from './table';

export interface FieldCount {
  readonly field: string;
  readonly clientsInheriting: number;
}

/** For each changed setting: how many active clients follow the practice in it. */
export async function countInheriting(practiceId: string, fields: readonly string[]): Promise<FieldCount[]> {
  if (fields.length === 0) return [];
  const { clients, billings } = await activeBillings(practiceId);
  return fields.map(field => ({
    field,
    clientsInheriting: clients - billings.filter(billing => overrides(billing, field)).length,
  }));
}

/** Active clients that have a value of their own in one of these fields. */
export async function overriding(practiceId: string, fields: readonly InheritedField[]): Promise<ClientBilling[]> {
  const { billings } = await activeBillings(practiceId);
  return billings.filter(billing => fields.some(field => overrides(billing, field)));
}

const together = 50;

/** A client whose settings somebody writes in the same moment is tried by itself, read anew. */
export async function inheritAgain(
  practiceId: string,
  billings: readonly ClientBilling[],
  fields: readonly InheritedField[],
): Promise<void> {
  const write = (billing: ClientBilling): Write =>
    replaced(clientBillingEntity, practiceId, withInherited(billing, fields));
  for (let start = 0; start < billings.length; start += together) {
    const some = billings.slice(start, start + together);
    await transact(some.map(write)).catch(async (error: unknown) => {
      if (!(error instanceof LostRace)) throw error;
      for (const { clientId } of some) {
        await decideAnew(async () => {
          for (const billing of await clientStore.billingOf(practiceId, [clientId])) await transact([write(billing)]);
        });
      }
    });
  }
}

async function activeBillings(practiceId: string): Promise<{ clients: number; billings: ClientBilling[] }> {
  const clients = await clientStore.allActive(practiceId);
  const billings = await clientStore.billingOf(
    practiceId,
    clients.map(({ clientId }) => clientId),
  );
  return { clients: clients.length, billings };
}

export const inheritance = { countInheriting, overriding, inheritAgain };
export type Inheritance = typeof inheritance;
