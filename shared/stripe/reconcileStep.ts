import type { Practice } from '../domain/practice';
import type { Reconciliation } from '../domain/reconciliation';
import type { Needs } from '../needs';
import type { Write } from '../store/kernel';

export interface At {
  readonly practice: Practice;
  readonly needs: Needs;
}

/** How far a run is after a step, and what is written in the same transaction. */
export interface Stepped {
  readonly run: Reconciliation;
  readonly writes?: readonly Write[];
}

/** A page of work: small enough to be done anew when its worker dies, and harmless then. */
export type Step = (run: Reconciliation, at: At) => Promise<Stepped>;
