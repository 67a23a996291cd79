import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export const metricNamespace = 'PracticeBilling';
/** The metric that counts the error lines of a stack's functions. */
export const errorMetricOf = (stack: string): string => `Errors-${stack}`;

/** One encrypted log group for all functions of a stack, with one error filter: one for each function would say no more. */
export class StackLogs extends Construct {
  readonly group: LogGroup;

  constructor(scope: Construct, id: string, { name, stack, key }: { name: string; stack: string; key: IKey }) {
    super(scope, id);
    this.group = new LogGroup(this, 'Group', {
      logGroupName: `/${name}/${stack}`,
      encryptionKey: key,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new MetricFilter(this, 'Errors', {
      logGroup: this.group,
      metricNamespace,
      metricName: errorMetricOf(stack),
      // Ours say ERROR; a crash or a timeout is told by the platform, as a run that did not end in success.
      filterPattern: FilterPattern.literal(
        '{ $.level = "ERROR" || $.level = "FATAL" || ($.type = "platform.runtimeDone" && $.record.status != "success") }',
      ),
    });
  }
}
