import type { Instant } from './calendar';

export type ImportKind = 'clients' | 'services' | 'sessions';
export type ImportedRow = Readonly<Record<string, unknown>>;

/** An import while it is worked off, part by part; due work until the last part is done. */
export interface ImportRecord {
  readonly importId: string;
  readonly kind: ImportKind;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  /** True: every row is judged, nothing is written. */
  readonly dryRun: boolean;
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly parts: number;
  readonly nextPart: number;
  readonly by: string;
  readonly createdAt: Instant;
  readonly dueAt?: Instant;
}

/** Some rows of what was sent, as they were sent. */
export interface ImportPart {
  readonly importId: string;
  readonly part: number;
  readonly firstRow: number;
  readonly rows: readonly ImportedRow[];
  readonly expiresAt: number;
}

export interface RowResult {
  /** The first row after the header is 1. */
  readonly row: number;
  readonly result: 'created' | 'updated' | 'unchanged' | 'failed';
  readonly id?: string;
  readonly externalId?: string;
  readonly errors?: readonly { readonly field: string; readonly reason: string }[];
}

export interface ImportResults {
  readonly importId: string;
  readonly part: number;
  readonly results: readonly RowResult[];
}
