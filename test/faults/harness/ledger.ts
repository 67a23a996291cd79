import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Attention } from '../../../shared/domain/attention';
import type { Attempt, BillHead, Checkout } from '../../../shared/domain/billRecord';
import type { Account, Entry } from '../../../shared/domain/ledger';
import type { Reconciliation } from '../../../shared/domain/reconciliation';
import type { Item } from '../../../shared/store/kernel';
import {
  attemptEntity,
  attentionEntity,
  billHeadEntity,
  checkoutEntity,
  entryEntity,
  type ReconciliationMark,
  reconciliationEntity,
  reconciliationMarkEntity,
} from '../../../shared/store/table';
import type { System } from './system';

/** Everything of the practice that bears on money, read past the system. */
export interface Ledger {
  readonly items: readonly Item[];
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly bills: readonly BillHead[];
  readonly attempts: readonly Attempt[];
  readonly checkouts: readonly Checkout[];
  readonly attention: readonly Attention[];
  readonly reconciliations: readonly Reconciliation[];
  /** Up to where each account was held against Stripe without a gap. */
  readonly marks: readonly ReconciliationMark[];
}

export async function readLedger(system: System): Promise<Ledger> {
  const items = system.rows().map(row => unmarshall(row) as Item);
  return {
    items,
    entries: items
      .filter(entryEntity.is)
      .map(entryEntity.record)
      .sort((a, b) => (a.at + a.entryId < b.at + b.entryId ? -1 : 1)),
    bills: items.filter(billHeadEntity.is).map(billHeadEntity.record),
    attempts: items.filter(attemptEntity.is).map(attemptEntity.record),
    checkouts: items.filter(checkoutEntity.is).map(checkoutEntity.record),
    attention: items.filter(attentionEntity.is).map(attentionEntity.record),
    reconciliations: items.filter(reconciliationEntity.is).map(reconciliationEntity.record),
    marks: items.filter(reconciliationMarkEntity.is).map(reconciliationMarkEntity.record),
  };
}

/** What stands on these accounts, over the whole practice. */
export const balanceOf = ({ entries }: Pick<Ledger, 'entries'>, ...accounts: readonly Account[]): number =>
  entries
    .flatMap(({ postings }) => postings)
    .filter(({ account }) => accounts.includes(account))
    .reduce((sum, { amountCents }) => sum + amountCents, 0);

/** What the ledger holds of a payment's money at Stripe (`ledger.md` section 8, invariant 5). */
export const atStripe = ({ entries }: Ledger, paymentId: string): number =>
  entries
    .flatMap(entry => entry.postings)
    .filter(posting => posting.account === 'stripe_balance' && posting.paymentId === paymentId)
    .reduce((sum, { amountCents }) => sum + amountCents, 0);
