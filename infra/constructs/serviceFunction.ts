import { AssetHashType, Duration } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { BundledFunction } from '../bundle';
import type { StackLogs } from './stackLogs';

export interface ServiceFunctionProps {
  readonly bundle: BundledFunction;
  readonly summary: string;
  readonly logs: StackLogs;
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** The one way a function is made here: Node 24 on arm64, JSON logs in the stack's group, traced, a role of its own. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { logs } = props;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: merged([
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logs.group.logGroupArn],
        }),
        // X-Ray knows no resources.
        new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
        ...props.statements,
      ]),
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.summary,
      code: Code.fromAsset(props.bundle.folder, {
        assetHash: props.bundle.fingerprint,
        assetHashType: AssetHashType.CUSTOM,
      }),
      handler: props.bundle.handler,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Grants would make inline policies: all rights stand in the managed one.
      role: role.withoutPolicyUpdates(),
      logGroup: logs.group,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      environment: props.environment,
    });
    this.lambda.node.addDependency(policy);
  }
}

/** Statements on the same resources become one, so that two uses of one key do not list it twice. */
function merged(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const byResources = new Map<string, { resources: string[]; actions: Set<string> }>();
  for (const statement of statements) {
    const service = statement.actions[0]?.split(':')[0];
    const key = `${service} ${statement.resources.join(' ')}`;
    const known = byResources.get(key) ?? { resources: statement.resources, actions: new Set<string>() };
    for (const action of statement.actions) known.actions.add(action);
    byResources.set(key, known);
  }
  return [...byResources.values()].map(
    ({ resources, actions }) => new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions].sort(), resources }),
  );
}
