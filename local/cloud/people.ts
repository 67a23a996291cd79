import type { Role } from '../../shared/operations/row';
import type { PoolUser } from '../aws/cognito/server';
import type { Users } from '../signin/users';
import type { KeptValue } from './keptValue';

export interface LocalPractice {
  readonly practiceId: string;
  readonly name: string;
  readonly timeZone: string;
}

export interface LocalUser {
  readonly email: string;
  readonly roles: readonly Role[];
  readonly practiceId: string;
}

export interface Registered {
  readonly practices: readonly LocalPractice[];
  readonly users: readonly LocalUser[];
}

/** Whom the seed put there: what `/_local` and the sign-in page tell of them. The truth about members stands in the table. */
export class People {
  #registered: Registered;

  constructor(
    private readonly users: Users,
    private readonly kept: KeptValue<Registered>,
  ) {
    this.#registered = kept.read() ?? { practices: [], users: [] };
  }

  get registered(): Registered {
    return this.#registered;
  }

  register(practice: LocalPractice, users: readonly LocalUser[]): void {
    const others = this.#registered.practices.filter(({ practiceId }) => practiceId !== practice.practiceId);
    const emails = new Set(users.map(({ email }) => email));
    const otherUsers = this.#registered.users.filter(({ email }) => !emails.has(email));
    for (const { email } of users) this.users.create(email);
    this.#registered = { practices: [...others, practice], users: [...otherUsers, ...users] };
    this.kept.write(this.#registered);
  }

  about({ email }: PoolUser): string {
    const known = this.#registered.users.find(user => user.email === email);
    const practice = this.#registered.practices.find(({ practiceId }) => practiceId === known?.practiceId);
    return known === undefined
      ? 'staff'
      : `${known.roles.join(', ')}${practice === undefined ? '' : ` at ${practice.name}`}`;
  }
}
