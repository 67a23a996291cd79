import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Use } from '../../shared/operations/row';
import type { Means } from './means';

const allow = (service: string, actions: readonly string[], ...resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: actions.map(action => `${service}:${action}`), resources: [...resources] });

const decrypt = ({ keyArn }: Means) => allow('kms', ['Decrypt'], keyArn);
const encrypt = ({ keyArn }: Means) => allow('kms', ['Decrypt', 'GenerateDataKey'], keyArn);
const readSecret = (means: Means, secretArn: string) => [
  allow('secretsmanager', ['GetSecretValue'], secretArn),
  decrypt(means),
];
const send = (arn: string) => [allow('sqs', ['SendMessage'], arn)];

/** Rights follow from what a row says it uses, and from nothing else. Whatever touches an encrypted thing brings its key. */
const grants: Readonly<Record<Use, (means: Means) => readonly PolicyStatement[]>> = {
  'table:read': means => [
    allow('dynamodb', ['GetItem', 'BatchGetItem', 'Query'], means.table.arn, ...means.table.indexArns),
    decrypt(means),
  ],
  // Transactions ask for the right of each of their parts. No Scan, and no batch write, which knows no condition.
  'table:write': means => [
    allow('dynamodb', ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'], means.table.arn),
    encrypt(means),
  ],
  // Listing, since S3 tells "not there" from "not yours" only to those who may list.
  'documents:read': means => [
    allow('s3', ['GetObject'], `${means.documents.arn}/*`),
    allow('s3', ['ListBucket'], means.documents.arn),
    decrypt(means),
  ],
  'documents:write': means => [allow('s3', ['PutObject'], `${means.documents.arn}/*`), encrypt(means)],
  stripe: means => readSecret(means, means.stripeSecretArn),
  stripeWebhookSecret: means => readSecret(means, means.stripeSecretArn),
  linkKey: means => readSecret(means, means.linkKeySecretArn),
  mail: ({ mail }) => [allow('ses', ['SendEmail', 'SendRawEmail'], mail.identityArn, mail.configurationSetArn)],
  mailQueue: ({ queues }) => send(queues.mail.arn),
  stripeQueue: ({ queues }) => send(queues.stripe.arn),
  chargesQueue: ({ queues }) => send(queues.charges.arn),
  reconciliationQueue: ({ queues }) => send(queues.reconciliation.arn),
  workQueue: ({ queues }) => send(queues.work.arn),
  // Deactivation stands in the table, so nobody needs the right to disable a user here.
  identity: ({ identity }) => [allow('cognito-idp', ['AdminCreateUser', 'AdminGetUser'], identity.userPoolArn)],
};

export const statementsFor = (uses: readonly Use[], means: Means): PolicyStatement[] =>
  uses.flatMap(use => grants[use](means));

/** What taking messages from a queue needs. */
export const consumes = (queueArn: string): PolicyStatement =>
  allow('sqs', ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'], queueArn);
