import { createHash } from 'node:crypto';
import { clock } from '../clock';
import { Problem } from '../domain/problem';
import type { Caller } from '../operations/caller';
import type { Row } from '../operations/row';
import { getItem, type Item, LostRace, type Write } from '../store/kernel';
import { type ReplayRecord, replayEntity } from '../store/table';

/** A repeat was found: `serve` answers it from what the first request made. Control flow, never an answer by itself. */
export class Repeated extends Error {
  constructor(readonly record: ReplayRecord) {
    super('repeated request');
    this.name = 'Repeated';
  }
}

/**
 * What makes a request happen once. The key's record is read beside the first read, before any rule, and put "if absent"
 * in the operation's own transaction, which closes the race (clarification 1).
 */
export interface Once {
  /** Awaits the read, but lets a repeat go first: it is answered before 404, 412 and every rule of state. */
  beside<T>(read: Promise<T>): Promise<T>;
  /** The write that belongs into the operation's transaction; none when the request has no key. */
  record(status: number, ids: Readonly<Record<string, string>>): Write[];
  /** Takes the record back, in the transaction that undoes what it stood for: the key may be tried again. */
  forget(): Write[];
  /** The record of an item that beat this request's transaction; refuses it when the other request was another one. */
  recordIn(found: Item | undefined): ReplayRecord | undefined;
  /** The record as it stands now: the same request may have been done between the two reads of `beside`. */
  recordNow(): Promise<ReplayRecord | undefined>;
}

const holdSeconds = 48 * 3600;

/** For requests without a key, and for tests of handlers. */
export const noKey: Once = {
  beside: read => read,
  record: () => [],
  forget: () => [],
  recordIn: () => undefined,
  recordNow: async () => undefined,
};

export function onceFor(
  row: Row,
  caller: Caller,
  key: string | undefined,
  request: { path: string; body: Uint8Array },
): Once {
  if (key === undefined) return noKey;
  const hash = sha256(JSON.stringify([row.operation, caller.kind, key, ...ownerOf(caller)]));
  const fingerprint = sha256(`${row.method} ${request.path}\n${sha256(request.body)}`);
  const sameRequest = (record: ReplayRecord): ReplayRecord => {
    if (record.fingerprint !== fingerprint) throw new Problem('idempotency_key_reused');
    return record;
  };
  const found = readRecord(caller.practiceId, hash).then(record => {
    if (record) throw new Repeated(sameRequest(record));
  });
  // The read below awaits it; without this, a schema error in between would leave an unhandled rejection.
  found.catch(() => undefined);
  return {
    async beside(read) {
      read.catch(() => undefined);
      await found;
      return read;
    },
    record(status, ids) {
      const at = clock.now();
      const expiresAt = Math.floor(Date.parse(at) / 1000) + holdSeconds;
      const record: ReplayRecord = { hash, fingerprint, status, ids, at, expiresAt };
      return [{ as: 'replay', put: replayEntity.item(caller.practiceId, record), when: 'absent' }];
    },
    forget: () => [{ as: 'replay', remove: replayEntity.key(caller.practiceId, { hash }), when: 'anyway' }],
    recordIn: item => item && sameRequest(replayEntity.record(item)),
    async recordNow() {
      const record = await readRecord(caller.practiceId, hash);
      return record && sameRequest(record);
    },
  };
}

/** Staff of a practice share its keys; who sees one bill or account only must not meet another one's answer. */
function ownerOf(caller: Caller): string[] {
  if (caller.kind === 'staff') return [];
  return [caller.kind === 'guest' ? caller.billId : caller.accountId];
}

async function readRecord(practiceId: string, hash: string): Promise<ReplayRecord | undefined> {
  const item = await getItem(replayEntity.key(practiceId, { hash }));
  if (!item) return undefined;
  const record = replayEntity.record(item);
  // DynamoDB deletes expired items late, up to two days.
  return record.expiresAt * 1000 > Date.parse(clock.now()) ? record : undefined;
}

/** True when a transaction failed because the same key was written a moment ago: the other request was first. */
export const lostToRepeat = (error: unknown): error is LostRace =>
  error instanceof LostRace && error.failed.some(({ write, found }) => write.as === 'replay' && found !== undefined);

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
