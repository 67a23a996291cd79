import type { Instant } from './calendar';

/** Something that staff must look at; resolved by a choice, or by itself when its cause is gone. */
export interface Attention {
  readonly attentionId: string;
  readonly kind: string;
  readonly at: Instant;
  readonly billId?: string;
  readonly clientId?: string;
  readonly paymentId?: string;
  /** Ids, cents and dates only. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly resolvedAt?: Instant;
  readonly resolvedBy?: string;
  /** What staff chose to do about it, in the words of its kind. */
  readonly choice?: string;
}
