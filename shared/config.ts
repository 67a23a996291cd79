import { invariant } from './domain/invariant';

/** What infra hands a function through its environment; read when needed, so that importing a handler touches nothing. */
function variable(name: string): string {
  const value = process.env[name];
  invariant(value, `environment variable ${name} is not set`);
  return value;
}

export const config = {
  tableName: () => variable('TABLE_NAME'),
  documentsBucket: () => variable('DOCUMENTS_BUCKET'),
  /** Number of due-work partitions; infra and the one-machine cloud may differ in it. */
  dueShards: () => Number(variable('DUE_SHARDS')),
  /** The secret that CloudFront adds to each request; nobody walks round it. */
  originSecret: () => variable('ORIGIN_SECRET'),
  /** `https://bills.example.com`: where links in mails and return pages lead. */
  publicUrl: () => variable('PUBLIC_URL'),
  issuer: () => variable('TOKEN_ISSUER'),
  userPoolId: () => variable('USER_POOL_ID'),
  stripeSecretId: () => variable('STRIPE_SECRET_ID'),
  linkKeySecretId: () => variable('LINK_KEY_SECRET_ID'),
  /** `https://api.stripe.com`; the one-machine cloud names its stand-in. */
  stripeApi: () => new URL(variable('STRIPE_API')),
  /** This environment's share of what Stripe takes for one account and endpoint. */
  stripeRequestsPerSecond: () => Number(process.env.STRIPE_REQUESTS_PER_SECOND ?? 25),
  /** This environment's share of what the mail service takes. */
  mailsPerSecond: () => Number(process.env.MAILS_PER_SECOND ?? 14),
  mailFrom: () => variable('MAIL_FROM'),
  mailConfigurationSet: () => variable('MAIL_CONFIGURATION_SET'),
  queueUrl: (queue: QueueName) => variable(queueVariables[queue]),
} as const;

export type QueueName = 'mail' | 'stripe' | 'charges' | 'reconciliation' | 'work';

/** One queue for each outside limit: its concurrency is the limiter. Long walks through Stripe's books hold no event up. */
export const queueVariables: Readonly<Record<QueueName, string>> = {
  mail: 'MAIL_QUEUE_URL',
  stripe: 'STRIPE_QUEUE_URL',
  charges: 'CHARGES_QUEUE_URL',
  reconciliation: 'RECONCILIATION_QUEUE_URL',
  work: 'WORK_QUEUE_URL',
};
