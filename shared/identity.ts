import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { config } from './config';
import { invariant } from './domain/invariant';

let client: CognitoIdentityProviderClient | undefined;
const users = () => {
  client ??= new CognitoIdentityProviderClient({ maxAttempts: 4 });
  return client;
};

const subjectIn = (attributes: readonly AttributeType[] | undefined): string => {
  const subject = attributes?.find(({ Name }) => Name === 'sub')?.Value;
  invariant(subject, 'a user of the pool has no subject');
  return subject;
};

/**
 * The sign-in of an e-mail address: made (the platform mails the invitation), or the one that is there already, as when
 * an earlier request died between the pool and the table. Whose it is, its SUBJECT item tells.
 */
async function subjectOf(email: string): Promise<string> {
  const user = { UserPoolId: config.userPoolId(), Username: email };
  const created = await users()
    .send(
      new AdminCreateUserCommand({
        ...user,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    )
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'UsernameExistsException') return undefined;
      throw error;
    });
  if (created) return subjectIn(created.User?.Attributes);
  const { UserAttributes } = await users().send(new AdminGetUserCommand(user));
  return subjectIn(UserAttributes);
}

export const identity = { subjectOf };
export type Identity = typeof identity;
