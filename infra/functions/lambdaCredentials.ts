import { invariant } from '../../shared/domain/invariant';

/**
 * Stands in every function for the SDK's own way to credentials, which also reads files, asks the machine and signs people
 * in: 100 KB that a function carries and never runs. Lambda gives a function its role in the environment, and nowhere else.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  invariant(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY, 'the function has the credentials of its role');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
};
