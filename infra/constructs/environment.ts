import { queueVariables } from '../../shared/config';
import type { Use } from '../../shared/operations/row';
import type { Means } from './means';

type Variables = Readonly<Record<string, string>>;

const table = (means: Means): Variables => ({ TABLE_NAME: means.table.name, DUE_SHARDS: String(means.dueShards) });
const documents = (means: Means): Variables => ({ DOCUMENTS_BUCKET: means.documents.bucketName });

/** The variables of `shared/config.ts`, each only where a use asks for it: what a function does not have it cannot leak. */
const variables: Readonly<Record<Use, (means: Means) => Variables>> = {
  'table:read': table,
  'table:write': table,
  'documents:read': documents,
  'documents:write': documents,
  stripe: means => ({
    STRIPE_SECRET_ID: means.stripeSecretArn,
    STRIPE_API: means.stripeApi,
    STRIPE_REQUESTS_PER_SECOND: String(means.stripeRequestsPerSecond),
  }),
  stripeWebhookSecret: means => ({ STRIPE_SECRET_ID: means.stripeSecretArn }),
  linkKey: means => ({ LINK_KEY_SECRET_ID: means.linkKeySecretArn }),
  mail: ({ mail, mailsPerSecond }) => ({
    MAIL_FROM: mail.from,
    MAIL_CONFIGURATION_SET: mail.configurationSet,
    MAILS_PER_SECOND: String(mailsPerSecond),
  }),
  mailQueue: ({ queues }) => ({ [queueVariables.mail]: queues.mail.url }),
  stripeQueue: ({ queues }) => ({ [queueVariables.stripe]: queues.stripe.url }),
  chargesQueue: ({ queues }) => ({ [queueVariables.charges]: queues.charges.url }),
  reconciliationQueue: ({ queues }) => ({ [queueVariables.reconciliation]: queues.reconciliation.url }),
  workQueue: ({ queues }) => ({ [queueVariables.work]: queues.work.url }),
  identity: ({ identity }) => ({ USER_POOL_ID: identity.userPoolId, TOKEN_ISSUER: identity.issuer }),
};

export const environmentFor = (uses: readonly Use[], means: Means): Variables =>
  Object.assign({}, ...uses.map(use => variables[use](means)));
