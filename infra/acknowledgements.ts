import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invariant } from '../shared/domain/invariant';

/** A route without authorizer: the reason stands in its row. */
export const openRoute = (route: IConstruct, because: string): void =>
  Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: because });

interface Accepted {
  readonly because: string;
  readonly ids: readonly string[];
  /** The construct that it holds for; absent: everywhere. */
  readonly at?: string;
}

/** Findings that we know and accept, by subject. What is not here fails the synth. */
const accepted: readonly Accepted[] = [
  {
    because: 'X-Ray has no resources to name; the statement allows nothing but to send traces.',
    ids: ['AwsSolutions-IAM5[Resource::*]'],
  },
  {
    because: 'There is no private network to protect: each call goes by TLS and IAM, and a VPC would only add NAT.',
    ids: ['HIPAA.Security-LambdaInsideVPC'],
  },
  {
    because:
      'Limits stand at the gateway (throttling) and the queues (maximum concurrency); an account has too few to reserve.',
    ids: ['HIPAA.Security-LambdaConcurrency'],
  },
  {
    because:
      'Functions are called synchronously or by SQS; schedules and event rules have a dead-letter queue of their own.',
    ids: ['HIPAA.Security-LambdaDLQ'],
  },
  {
    because:
      'Stripe issues its keys, a new link key ends every link sent, and the origin secret changes by deploy: the runbook rotates them.',
    ids: ['AwsSolutions-SMG4', 'HIPAA.Security-SecretsManagerRotationEnabled'],
  },
  {
    because:
      'Documents can be rendered again from the table, which is backed up continuously; versions guard against deletion.',
    ids: ['HIPAA.Security-S3BucketReplicationEnabled'],
  },
  {
    because:
      'Access logs of S3 and CloudFront cannot be written with a KMS key, and the site holds what anybody may read; documents have a key.',
    ids: ['HIPAA.Security-S3DefaultEncryptionKMS'],
  },
  {
    because: 'It takes access logs itself; logging the log would never end.',
    ids: ['AwsSolutions-S1', 'HIPAA.Security-S3BucketLoggingEnabled'],
    at: 'Web/AccessLogs',
  },
  {
    because: 'It is a dead-letter queue itself.',
    ids: ['AwsSolutions-SQS3'],
    at: 'Automation/LostRuns',
  },
  {
    because: 'Clients travel and still want to pay: no country is shut out.',
    ids: ['AwsSolutions-CFR1'],
    at: 'Web/Distribution',
  },
  {
    because: "Without an own domain CloudFront fixes the TLS version; with one ('domainName') it is 1.2 of 2021.",
    ids: ['AwsSolutions-CFR4'],
    at: 'Web/Distribution',
  },
];

export function acknowledgeKnown(app: App, documentsArn: string): void {
  for (const { because, ids, at } of accepted) {
    for (const id of ids) Validations.of(at ? constructAt(app, at) : app).acknowledge({ id, reason: because });
  }
  Validations.of(app).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${documentsArn}/*]`,
    reason: 'Documents are one bucket that holds nothing else; a function that may read one may read any.',
  });
}

const constructAt = (app: App, at: string): IConstruct =>
  at.split('/').reduce<IConstruct>((scope, id) => {
    const child = scope.node.tryFindChild(id);
    invariant(child, `no construct stands at ${at}`);
    return child;
  }, app);
