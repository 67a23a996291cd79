import { allowAll, type Part, type PartOptions } from '../../parts';
import { userPoolArn } from '../arns';
import { type Json, ServiceError, serveJson } from '../jsonService';

export interface PoolUser {
  /** The user's id in tokens, and the user name of the pool. */
  readonly sub: string;
  readonly email: string;
  readonly enabled: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The users behind the sign-in page; they keep themselves. */
export interface UserList {
  /** By `sub` or e-mail address: Cognito takes either where the address is an alias. */
  find(userName: string): PoolUser | undefined;
  create(email: string, attributes: Readonly<Record<string, string>>): PoolUser;
  setEnabled(sub: string, enabled: boolean): void;
  setAttributes(sub: string, attributes: Readonly<Record<string, string>>): void;
}

export interface CognitoOptions extends PartOptions {
  readonly users: UserList;
}

const throttled = () => new ServiceError('TooManyRequestsException', 'Rate exceeded');

interface Attribute {
  readonly Name: string;
  readonly Value: string;
}

const asRecord = (attributes: unknown): Record<string, string> =>
  Object.fromEntries(((attributes ?? []) as readonly Attribute[]).map(({ Name, Value }) => [Name, Value]));

function asAttributes({ sub, email, attributes }: PoolUser): Attribute[] {
  return Object.entries({ ...attributes, sub, email }).map(([Name, Value]) => ({ Name, Value }));
}

function userNamed(users: UserList, input: Json): PoolUser {
  const user = users.find(String(input.Username ?? ''));
  if (user === undefined) throw new ServiceError('UserNotFoundException', 'User does not exist.');
  return user;
}

const operations: Readonly<Record<string, (users: UserList, input: Json, now: number) => Json>> = {
  AdminCreateUser: (users, input, now) => {
    const { email: given, ...attributes } = asRecord(input.UserAttributes);
    const email = given ?? String(input.Username ?? '');
    if (users.find(email) !== undefined)
      throw new ServiceError('UsernameExistsException', 'User account already exists');
    const user = users.create(email, attributes);
    return {
      User: {
        Username: user.sub,
        Attributes: asAttributes(user),
        Enabled: user.enabled,
        UserStatus: 'FORCE_CHANGE_PASSWORD',
        UserCreateDate: now / 1000,
      },
    };
  },
  AdminDisableUser: (users, input) => {
    users.setEnabled(userNamed(users, input).sub, false);
    return {};
  },
  AdminEnableUser: (users, input) => {
    users.setEnabled(userNamed(users, input).sub, true);
    return {};
  },
  AdminGetUser: (users, input) => {
    const user = userNamed(users, input);
    return {
      Username: user.sub,
      UserAttributes: asAttributes(user),
      Enabled: user.enabled,
      UserStatus: 'CONFIRMED',
    };
  },
  AdminUpdateUserAttributes: (users, input) => {
    users.setAttributes(userNamed(users, input).sub, asRecord(input.UserAttributes));
    return {};
  },
};

/** Cognito's admin calls, as far as practices use them for their staff and clients. */
export function startCognito(options: CognitoOptions): Promise<Part> {
  const { checkAccess = allowAll, users, clock } = options;

  async function handle(operation: string, input: Json, accessKeyId: string): Promise<Json> {
    const perform = operations[operation];
    if (perform === undefined) throw new ServiceError('UnknownOperationException', 'The stand-in does not know it.');
    checkAccess(accessKeyId, `cognito-idp:${operation}`, userPoolArn(String(input.UserPoolId ?? '')));
    return perform(users, input, clock.now());
  }

  return serveJson({ version: '1.1', throttled, handle }, options);
}
