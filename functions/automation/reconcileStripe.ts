import { real } from '../../shared/needs';
import { nextReconciliation } from '../../shared/store/table';
import { runReconciliation } from '../../shared/stripe/reconcile';
import { reconcileNightly } from '../../shared/stripe/reconcileNightly';
import { workQueue } from '../../shared/work/queueDoor';

/** The proof that ledger and Stripe agree: a practice's night begins it, and it goes on message by message. */
export const handler = workQueue('reconcileStripe', {
  RECONCILIATION: ({ practiceId, id }) =>
    id === nextReconciliation ? reconcileNightly(practiceId, real) : runReconciliation(practiceId, id, real),
});
