import { createHash } from 'node:crypto';
import { platformId, type World } from './desk';
import type { Form } from './form';
import type { StoredAnswer } from './model';
import { StripeProblem } from './stripeError';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

export interface Keyed {
  account: string;
  key: string;
  path: string;
  fingerprint: string;
}

/** Stripe keeps the first answer for a key for a day, a 500 too, and refuses the key for anything else. */
export class IdempotencyKeys {
  private readonly running = new Set<string>();
  private prunedAt = 0;

  constructor(private readonly world: World) {}

  keyed(account: string, key: string | undefined, call: { path: string; form: Form }): Keyed | undefined {
    if (key === undefined) return undefined;
    if (key.length > 255)
      throw new StripeProblem(400, 'idempotency_error', 'Idempotency keys can be up to 255 characters long.').notKept();
    const fingerprint = createHash('sha256').update(JSON.stringify(call.form)).digest('hex');
    return { account, key, path: call.path, fingerprint };
  }

  /** The first answer, if the key has one; refuses other parameters and a call that still runs. */
  kept({ account, key, path, fingerprint }: Keyed): StoredAnswer | undefined {
    const stored = this.world.books.find(account, 'answer', key);
    if (stored !== undefined && stored.at + day <= this.world.clock.now()) {
      this.world.books.put(account, 'answer', key, null);
      return undefined;
    }
    if (this.running.has(`${account} ${key}`)) throw keyInUse(key);
    if (stored === undefined) return undefined;
    if (stored.path !== path)
      throw conflict(
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${stored.path}' vs '${path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (stored.fingerprint !== fingerprint)
      throw conflict(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    return stored;
  }

  /** What is a day old counts no more; looked through once an hour of the clock. */
  prune(): void {
    const { books, clock } = this.world;
    if (clock.now() - this.prunedAt < hour) return;
    this.prunedAt = clock.now();
    for (const { id: account } of books.all(platformId, 'account'))
      for (const { key, at } of books.all(account, 'answer'))
        if (at + day <= clock.now()) books.put(account, 'answer', key, null);
  }

  begin({ account, key }: Keyed): void {
    this.running.add(`${account} ${key}`);
  }

  end({ account, key }: Keyed): void {
    this.running.delete(`${account} ${key}`);
  }

  keep({ account, key, path, fingerprint }: Keyed, answer: { status: number; body: string; requestId: string }): void {
    this.world.books.put(account, 'answer', key, { ...answer, key, path, fingerprint, at: this.world.clock.now() });
  }
}

const conflict = (message: string): StripeProblem => new StripeProblem(400, 'idempotency_error', message).notKept();

const keyInUse = (key: string): StripeProblem =>
  new StripeProblem(
    409,
    'idempotency_error',
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    { code: 'idempotency_key_in_use' },
  ).notKept();
