import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Attention } from '../../../shared/domain/attention';
import type { Attempt, Checkout } from '../../../shared/domain/billRecord';
import type { Entry } from '../../../shared/domain/ledger';
import type { Item } from '../../../shared/store/kernel';
import { attemptEntity, attentionEntity, checkoutEntity, entryEntity } from '../../../shared/store/table';
import type { System } from './system';

/** Everything of the practice that bears on money, read past the system. */
export interface Ledger {
  readonly items: readonly Item[];
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly attempts: readonly Attempt[];
  readonly checkouts: readonly Checkout[];
  readonly attention: readonly Attention[];
}

export async function readLedger(system: System): Promise<Ledger> {
  const items = system.rows().map(row => unmarshall(row) as Item);
  return {
    items,
    entries: items
      .filter(entryEntity.is)
      .map(entryEntity.record)
      .sort((a, b) => (a.at + a.entryId < b.at + b.entryId ? -1 : 1)),
    attempts: items.filter(attemptEntity.is).map(attemptEntity.record),
    checkouts: items.filter(checkoutEntity.is).map(checkoutEntity.record),
    attention: items.filter(attentionEntity.is).map(attentionEntity.record),
  };
}

/** What the ledger holds of a payment's money at Stripe (`ledger.md` section 8, invariant 5). */
export const atStripe = ({ entries }: Ledger, paymentId: string): number =>
  entries
    .flatMap(entry => entry.postings)
    .filter(posting => posting.account === 'stripe_balance' && posting.paymentId === paymentId)
    .reduce((sum, { amountCents }) => sum + amountCents, 0);
