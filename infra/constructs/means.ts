import type { QueueName } from '../../shared/config';

/** A thing that functions touch, as policies and environments need it: plain strings, whatever stack it lives in. */
export interface Means {
  readonly table: { readonly name: string; readonly arn: string; readonly indexArns: readonly string[] };
  readonly documents: { readonly bucketName: string; readonly arn: string };
  /** The key of table, documents and secrets: whoever reads them needs it too. */
  readonly keyArn: string;
  readonly stripeSecretArn: string;
  readonly linkKeySecretArn: string;
  readonly originSecret: string;
  readonly queues: Readonly<Record<QueueName, { readonly arn: string; readonly url: string }>>;
  readonly mail: {
    readonly from: string;
    readonly configurationSet: string;
    readonly identityArn: string;
    readonly configurationSetArn: string;
  };
  readonly identity: { readonly userPoolId: string; readonly userPoolArn: string; readonly issuer: string };
  readonly mailsPerSecond: number;
  readonly stripeApi: string;
  readonly stripeRequestsPerSecond: number;
  readonly dueShards: number;
}
