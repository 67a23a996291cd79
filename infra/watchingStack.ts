import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryWidget,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { webhookFailureMetric } from './apiStack';
import { errorMetricOf, metricNamespace } from './constructs/stackLogs';
import type { WorkQueue } from './constructs/workQueue';
import type { Settings } from './settings';

export interface WatchingStackProps extends StackProps {
  readonly settings: Settings;
  readonly watchKey: IKey;
  readonly httpApiId: string;
  /** By the name that the alarm gives their dead letters. */
  readonly queues: Readonly<Record<string, WorkQueue>>;
  readonly lostRuns: Queue;
  /** The stacks that have a log group with an error filter. */
  readonly loggingParts: readonly string[];
}

/** Alarms on what staff would otherwise find out by themselves, and a page to look at. */
export class WatchingStack extends Stack {
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, props: WatchingStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const topic = new Topic(this, 'Alarms', { masterKey: props.watchKey, enforceSSL: true });
    if (settings.alarmEmail) topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    this.action = new SnsAction(topic);
    const queues = Object.entries(props.queues).map(([name, { dead: queue }]) => ({ name, queue }));
    const dead = [...queues, { name: 'lostRuns', queue: props.lostRuns }].map(letters => this.deadLetterAlarm(letters));
    const serverErrors = apiMetric(props.httpApiId, '5xx');
    this.alarm('ApiServerErrors', {
      metric: serverErrors,
      threshold: 5,
      says: 'The API answers 5xx: read the errors of the operation stacks',
    });
    const webhooks = ownMetric(webhookFailureMetric);
    this.alarm('WebhookFailures', {
      metric: webhooks,
      threshold: 1,
      says: "Stripe's events are refused: its secret, or a bug; Stripe repeats them for three days",
    });
    const errors = props.loggingParts.map(part => this.errorAlarm(part));
    this.dashboard(props, { dead, api: [serverErrors, apiMetric(props.httpApiId, '4xx'), webhooks], errors });
  }

  private deadLetterAlarm({ name, queue }: { name: string; queue: Queue }): IMetric {
    const metric = queue.metricApproximateNumberOfMessagesVisible({
      statistic: 'Maximum',
      period: Duration.minutes(5),
      label: name,
    });
    this.alarm(`DeadLetters-${name}`, {
      metric,
      threshold: 1,
      says: `Work that failed for good lies in ${name}: mend the cause, then replay it (docs/guides/operations.md)`,
    });
    return metric;
  }

  private errorAlarm(part: string): IMetric {
    const metric = ownMetric(errorMetricOf(part));
    this.alarm(`Errors-${part}`, { metric, threshold: 1, says: `A function of ${part} wrote an error` });
    return metric;
  }

  private alarm(id: string, { metric, threshold, says }: { metric: IMetric; threshold: number; says: string }): void {
    new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: says,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(this.action);
  }

  private dashboard(
    { settings, httpApiId, queues, loggingParts }: WatchingStackProps,
    { dead, api, errors }: { dead: IMetric[]; api: IMetric[]; errors: IMetric[] },
  ): void {
    const waiting = Object.values(queues).map(({ queue }) => queue.metricApproximateAgeOfOldestMessage());
    const latency = ['p50', 'p99'].map(statistic => apiMetric(httpApiId, 'Latency', statistic));
    const rows = [
      [graph('API: latency', latency), graph('API: refusals and failures', api)],
      [graph('Oldest waiting work', waiting), graph('Dead letters', dead)],
      [graph('Errors by stack', errors), errorsByOperation(settings, loggingParts)],
    ];
    new Dashboard(this, 'Dashboard', { dashboardName: settings.name, widgets: rows });
  }
}

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 12 });

const errorsByOperation = ({ name }: Settings, parts: readonly string[]): LogQueryWidget =>
  new LogQueryWidget({
    title: 'Errors by operation',
    logGroupNames: parts.map(part => `/${name}/${part}`),
    queryLines: ['filter level = "ERROR"', 'stats count(*) as errors by operation, error.name', 'sort errors desc'],
    width: 12,
  });

const apiMetric = (httpApiId: string, metricName: string, statistic = 'Sum'): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: httpApiId },
    statistic,
    period: Duration.minutes(5),
    label: `${metricName} ${statistic}`,
  });

const ownMetric = (metricName: string): Metric =>
  new Metric({ namespace: metricNamespace, metricName, statistic: 'Sum', period: Duration.minutes(5) });
