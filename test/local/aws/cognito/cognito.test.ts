import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { type PoolUser, startCognito, type UserList } from '../../../../local/aws/cognito/server';
import { AccessDenied, type Part } from '../../../../local/parts';

const pool = new Map<string, PoolUser>();
const users: UserList = {
  find: name => pool.get(name) ?? [...pool.values()].find(user => user.email === name),
  create: (email, attributes) => {
    const user = { sub: `sub-${pool.size}`, email, enabled: true, attributes };
    pool.set(user.sub, user);
    return user;
  },
  setEnabled: (sub, enabled) => {
    const user = pool.get(sub);
    if (user) pool.set(sub, { ...user, enabled });
  },
  setAttributes: (sub, attributes) => {
    const user = pool.get(sub);
    if (user) pool.set(sub, { ...user, attributes: { ...user.attributes, ...attributes } });
  },
};

let part: Part;
const asked: string[] = [];
const clientOf = (accessKeyId = 'local') =>
  new CognitoIdentityProviderClient({
    endpoint: part.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
beforeAll(async () => {
  part = await startCognito({
    port: 0,
    clock: { now: () => Date.parse('2026-03-01T12:00:00Z') },
    users,
    checkAccess: (key, action, resource) => {
      asked.push(`${action} ${resource}`);
      if (key === 'nobody') throw new AccessDenied(action, resource, key);
    },
  });
});
afterAll(() => part.close());

const email = 'staff@oak.test';
const named = { UserPoolId: 'us-east-1_pool', Username: email };
const create = (client = clientOf()) =>
  client.send(new AdminCreateUserCommand({ ...named, UserAttributes: [{ Name: 'email', Value: email }] }));

it('creates a user once, under the right of the pool', async () => {
  const { User } = await create();
  expect(User).toMatchObject({ Username: 'sub-0', Enabled: true });
  expect(User?.Attributes).toContainEqual({ Name: 'sub', Value: 'sub-0' });
  expect(asked).toEqual([
    'cognito-idp:AdminCreateUser arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_pool',
  ]);
  await expect(create()).rejects.toMatchObject({ name: 'UsernameExistsException' });
  await expect(create(clientOf('nobody'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('disables, enables and describes a user', async () => {
  const client = clientOf();
  await client.send(new AdminDisableUserCommand(named));
  expect((await client.send(new AdminGetUserCommand(named))).Enabled).toBe(false);
  await client.send(new AdminEnableUserCommand(named));
  const attribute = { Name: 'custom:practiceId', Value: 'prc_1' };
  await client.send(new AdminUpdateUserAttributesCommand({ ...named, UserAttributes: [attribute] }));
  const user = await client.send(new AdminGetUserCommand({ ...named, Username: 'sub-0' }));
  expect(user.Enabled).toBe(true);
  expect(user.UserAttributes).toContainEqual(attribute);
});

it('answers UserNotFoundException for who is not there', async () => {
  const call = clientOf().send(new AdminDisableUserCommand({ ...named, Username: 'nobody@oak.test' }));
  await expect(call).rejects.toMatchObject({ name: 'UserNotFoundException' });
});
