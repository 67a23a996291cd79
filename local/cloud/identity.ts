import type { PoolUser } from '../aws/cognito/server';
import type { LocalClock } from '../parts';
import { readAppClients } from '../signin/appClients';
import { type Refresh, SignIn } from '../signin/signIn';
import { TokenSigner } from '../signin/tokens';
import { Users } from '../signin/users';
import type { Deployed } from './deployed';
import type { KeptValue } from './keptValue';
import { People, type Registered } from './people';

/** Reads and keeps a small value of the data folder, by name. */
export type State = <T>(name: string) => KeptValue<T>;

export interface Identity {
  readonly users: Users;
  readonly people: People;
  readonly signIn: SignIn;
}

/** Who may sign in, and the pages where they do. */
export function openIdentity(
  { template, issuer }: Deployed,
  { users, clock, state }: { users: Users; clock: LocalClock; state: State },
): Identity {
  const people = new People(users, state<Registered>('people'));
  const signIn = new SignIn({
    issuer,
    clients: readAppClients(template),
    users,
    signer: new TokenSigner(issuer, clock, state<string>('tokenKey')),
    clock,
    refreshTokens: state<Readonly<Record<string, Refresh>>>('refreshTokens'),
    about: user => people.about(user),
  });
  return { users, people, signIn };
}

export const openUsers = (state: State): Users => new Users(state<readonly PoolUser[]>('users'));
