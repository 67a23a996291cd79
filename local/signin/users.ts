import { randomUUID } from 'node:crypto';
import type { PoolUser, UserList } from '../aws/cognito/server';
import type { KeptValue } from '../cloud/keptValue';

/** The people who may sign in, kept on disk. Who they are in a practice stands in the table, not here. */
export class Users implements UserList {
  readonly #users: Map<string, PoolUser>;

  constructor(private readonly kept: KeptValue<readonly PoolUser[]>) {
    this.#users = new Map((kept.read() ?? []).map(user => [user.sub, user]));
  }

  all(): readonly PoolUser[] {
    return [...this.#users.values()];
  }

  find(userName: string): PoolUser | undefined {
    const email = userName.toLowerCase();
    return this.#users.get(userName) ?? this.all().find(user => user.email.toLowerCase() === email);
  }

  /** The user of that address; a second call gives the first one's. */
  create(email: string, attributes: Readonly<Record<string, string>> = {}): PoolUser {
    const user = this.find(email) ?? { sub: randomUUID(), email, enabled: true, attributes };
    this.#keep(user);
    return user;
  }

  setEnabled(sub: string, enabled: boolean): void {
    const user = this.find(sub);
    if (user !== undefined) this.#keep({ ...user, enabled });
  }

  setAttributes(sub: string, attributes: Readonly<Record<string, string>>): void {
    const user = this.find(sub);
    if (user !== undefined) this.#keep({ ...user, attributes: { ...user.attributes, ...attributes } });
  }

  #keep(user: PoolUser): void {
    this.#users.set(user.sub, user);
    this.kept.write(this.all());
  }
}
