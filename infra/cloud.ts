import { readFileSync } from 'node:fs';
import { App, type StackProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import type { QueueName } from '../shared/config';
import { invariant } from '../shared/domain/invariant';
import { stackOfNoun } from '../shared/operations';
import { acknowledgeKnown } from './acknowledgements';
import { ApiStack } from './apiStack';
import { AutomationStack } from './automationStack';
import type { BundledFunction } from './bundle';
import type { Means } from './constructs/means';
import { DataStack } from './dataStack';
import { EdgeStack } from './edgeStack';
import type { Sources } from './functionSources';
import { IdentityStack } from './identityStack';
import { OperationsStack } from './operationsStack';
import { type Settings, settingsFrom } from './settings';
import { WatchingStack } from './watchingStack';
import { WebStack } from './webStack';

export interface CloudProps {
  readonly sources: Sources;
  readonly bundles: readonly BundledFunction[];
  /** Runs the security checks; an open finding fails the synth. */
  readonly checked: boolean;
  readonly outdir: string;
}

const operationParts = ['people', 'sessions', 'bills', 'money'] as const;

/** All stacks, in the order in which they are deployed but for the queues, which workers of a later moment use. */
export function buildCloud({ sources, bundles, checked, outdir }: CloudProps): App {
  // Flags stand in code, so that the command line, the tests and the one-machine cloud build the same.
  const flags = readFileSync('node_modules/aws-cdk-lib/recommended-feature-flags.json', 'utf8');
  const app = new App({ outdir, postCliContext: JSON.parse(flags), analyticsReporting: false, treeMetadata: false });
  const settings = settingsFrom(key => app.node.tryGetContext(key));
  const bundleOf = (name: string): BundledFunction => {
    const found = bundles.find(bundle => bundle.name === name);
    invariant(found, `${name} was not bundled`);
    return found;
  };
  const named = (part: string, more: StackProps = {}) => ({
    settings,
    stackName: `${settings.name}-${part}`,
    env: envOf(settings, settings.region),
    ...more,
  });

  const data = new DataStack(app, 'Data', named('data', { terminationProtection: true }));
  const identity = new IdentityStack(app, 'Identity', named('identity', { terminationProtection: true }));
  const { watchKey } = data;
  const automation = new AutomationStack(app, 'Automation', { ...named('automation'), watchKey });
  const means = meansOf({ settings, data, identity, automation });
  const authorizer = sources.workers.find(worker => worker.trigger.kind === 'authorizer');
  const api = new ApiStack(app, 'Api', { ...named('api'), means, watchKey, authorizer, bundleOf });
  const { httpApiId } = api;
  const edge = new EdgeStack(app, 'Edge', { ...named('edge'), env: envOf(settings, 'us-east-1') });
  const { publicUrl } = new WebStack(app, 'Web', {
    ...named('web'),
    httpApiId,
    originSecret: means.originSecret,
    webAclArn: edge.webAclArn,
    userPool: identity.userPool,
    tableName: data.table.tableName,
    stripeSecretId: data.stripeSecret.secretArn,
    issuer: identity.issuer,
    signInOrigin: identity.signInOrigin,
  });
  for (const part of operationParts) {
    new OperationsStack(app, part[0]?.toUpperCase() + part.slice(1), {
      ...named(part),
      part,
      rows: sources.rows.filter(row => partOf(row.noun) === part),
      means,
      watchKey,
      httpApiId,
      authorizerFor: scope => api.authorizerFor(scope),
      publicUrl,
      bundleOf,
    });
  }
  automation.addWorkers({ workers: sources.workers, means, publicUrl, bundleOf });
  new WatchingStack(app, 'Watching', {
    ...named('watching'),
    watchKey,
    httpApiId,
    queues: automation.queues,
    lostRuns: automation.lostRuns,
    loggingParts: ['api', ...operationParts, 'automation'],
  });
  // `-c acceptFindings=no` shows everything that is accepted, and proves that the checks run.
  if (app.node.tryGetContext('acceptFindings') !== 'no') acknowledgeKnown(app, data.documentsArnInFindings);
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
  return app;
}

const envOf = ({ account }: Settings, region: string) => (account ? { account, region } : { region });

function partOf(noun: string): (typeof operationParts)[number] {
  const part = stackOfNoun[noun];
  invariant(part, `the noun ${noun} does not say which stack it lives in (shared/operations/index.ts)`);
  return part;
}

function meansOf(from: {
  settings: Settings;
  data: DataStack;
  identity: IdentityStack;
  automation: AutomationStack;
}): Means {
  const { settings, data, identity, automation } = from;
  const queueOf = (name: QueueName) => ({
    arn: automation.queues[name].queue.queueArn,
    url: automation.queues[name].queue.queueUrl,
  });
  return {
    table: { name: data.table.tableName, arn: data.table.tableArn, indexArns: data.indexArns },
    documents: { bucketName: data.documentsName, arn: data.documentsArn },
    keyArn: data.key.keyArn,
    stripeSecretArn: data.stripeSecret.secretArn,
    linkKeySecretArn: data.linkKeySecret.secretArn,
    // Resolved by CloudFormation at deploy time; the value never stands in a template.
    originSecret: data.originSecret.secretValue.unsafeUnwrap(),
    queues: {
      mail: queueOf('mail'),
      stripe: queueOf('stripe'),
      charges: queueOf('charges'),
      reconciliation: queueOf('reconciliation'),
      work: queueOf('work'),
    },
    mail: {
      from: settings.mailFrom,
      configurationSet: automation.mailSetName,
      identityArn: automation.mailIdentityArn,
      configurationSetArn: automation.mailSetArn,
    },
    identity: {
      userPoolId: identity.userPool.userPoolId,
      userPoolArn: identity.userPool.userPoolArn,
      issuer: identity.issuer,
    },
    mailsPerSecond: settings.mailsPerSecond,
    stripeApi: settings.stripeApi,
    stripeRequestsPerSecond: settings.stripeRequestsPerSecond,
    dueShards: settings.dueShards,
  };
}
