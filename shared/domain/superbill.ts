import type { ClientDocument } from './clientDocument';

/** The superbill as lists show it. */
export interface Superbill extends ClientDocument {
  readonly superbillId: string;
}
