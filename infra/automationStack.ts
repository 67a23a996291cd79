import { CfnOutput, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type QueueName, queueVariables } from '../shared/config';
import { invariant, unreachable } from '../shared/domain/invariant';
import { type WorkerRow, workerRows } from '../shared/operations/workers';
import type { BundledFunction } from './bundle';
import { environmentFor } from './constructs/environment';
import { consumes, statementsFor } from './constructs/grants';
import type { Means } from './constructs/means';
import { ServiceFunction } from './constructs/serviceFunction';
import { StackLogs } from './constructs/stackLogs';
import { deadLetters, WorkQueue } from './constructs/workQueue';
import type { Settings } from './settings';

interface WorkerProps {
  readonly workers: readonly WorkerRow[];
  readonly means: Means;
  readonly publicUrl: string;
  readonly bundleOf: (name: string) => BundledFunction;
}

type QueueTrigger = Extract<WorkerRow['trigger'], { kind: 'queue' }>;

/** What happens later and by itself: queues, schedules, mail and its feedback, and the functions that they wake. */
export class AutomationStack extends Stack {
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  /** Runs of schedules and events of mails that failed for good. */
  readonly lostRuns: Queue;
  readonly mailIdentityArn: string;
  readonly mailSetArn: string;
  private readonly logs: StackLogs;
  readonly mailSetName: string;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; watchKey: IKey }) {
    super(scope, id, props);
    const { settings } = props;
    this.logs = new StackLogs(this, 'Logs', { name: settings.name, stack: 'automation', key: props.watchKey });
    this.queues = {
      mail: this.queueOf('mail'),
      stripe: this.queueOf('stripe'),
      charges: this.queueOf('charges'),
      reconciliation: this.queueOf('reconciliation'),
      work: this.queueOf('work'),
    };
    // Where `npm run replay -- --deployed` finds them.
    for (const [name, { queue }] of Object.entries(this.queues))
      new CfnOutput(this, `${name}Url`, { value: queue.queueUrl });
    this.lostRuns = deadLetters(this, 'LostRuns');
    this.mailSetName = `${settings.name}-mail`;
    this.buildMail(settings);
    const ses = `arn:${this.partition}:ses:${this.region}:${this.account}`;
    this.mailIdentityArn = `${ses}:identity/${domainOf(settings.mailFrom)}`;
    this.mailSetArn = `${ses}:configuration-set/${this.mailSetName}`;
  }

  /** Apart from the constructor: workers need the web address, which needs the API, which comes after the queues. */
  addWorkers(props: WorkerProps): void {
    const schedules = this.scheduleGroup();
    for (const worker of props.workers) {
      const { trigger } = worker;
      if (trigger.kind === 'authorizer') continue;
      const lambda = this.addWorker(worker, props);
      if (trigger.kind === 'schedule') schedules.wake(worker.name, trigger.expression, lambda);
      else if (trigger.kind === 'queue') this.feed(lambda, trigger);
      else if (trigger.kind === 'mailEvents') this.tellOfMails(lambda);
      else unreachable(trigger);
    }
    schedules.close();
  }

  private addWorker(worker: WorkerRow, { means, publicUrl, bundleOf }: WorkerProps): LambdaFunction {
    const { uses, trigger } = worker;
    // Each environment that a queue may wake has its share of what Stripe takes.
    const share = trigger.kind === 'queue' ? environmentsAtStripe : 1;
    const paced = {
      ...means,
      stripeRequestsPerSecond: means.stripeRequestsPerSecond / share,
      // One queue alone sends mail.
      mailsPerSecond: means.mailsPerSecond / (trigger.kind === 'queue' ? trigger.maxConcurrency : 1),
    };
    const taken = trigger.kind === 'queue' ? [consumes(this.queues[trigger.queue].queue.queueArn)] : [];
    return new ServiceFunction(this, worker.name, {
      bundle: bundleOf(worker.name),
      summary: worker.summary,
      logs: this.logs,
      statements: [...statementsFor(uses, means), ...taken],
      environment: { ...environmentFor(uses, paced), PUBLIC_URL: publicUrl },
      timeoutSeconds: worker.timeoutSeconds,
      memoryMb: worker.memoryMb,
    }).lambda;
  }

  private queueOf(queue: QueueName): WorkQueue {
    const consumer = (workerRows as readonly WorkerRow[]).find(
      ({ trigger }) => trigger.kind === 'queue' && trigger.queue === queue,
    );
    invariant(consumer, `nobody takes from the queue ${queueVariables[queue]}`);
    return new WorkQueue(this, `${queue}Queue`, { consumerTimeoutSeconds: consumer.timeoutSeconds });
  }

  /** Concurrency is the limiter of what lies behind the queue; a failed message returns alone, not its batch. */
  private feed(lambda: LambdaFunction, { queue, maxConcurrency, batchSize }: QueueTrigger): void {
    lambda.addEventSource(
      new SqsEventSource(this.queues[queue].queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }),
    );
  }

  private buildMail({ mailFrom }: Settings): void {
    const set = new ConfigurationSet(this, 'MailSet', {
      configurationSetName: this.mailSetName,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
    });
    new EmailIdentity(this, 'Sender', {
      identity: Identity.domain(domainOf(mailFrom)),
      configurationSet: set,
    });
    // SES takes the default bus only.
    set.addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
  }

  private tellOfMails(lambda: LambdaFunction): void {
    new Rule(this, 'MailEvents', {
      description: 'What became of our mails',
      eventPattern: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': [this.mailSetName] } } },
      },
      targets: [new LambdaTarget(lambda, { deadLetterQueue: this.lostRuns, maxEventAge: Duration.hours(24) })],
    });
  }

  /** Schedules share a group and one role that may wake exactly their functions. */
  private scheduleGroup() {
    const scheduleGroup = new ScheduleGroup(this, 'Schedules', {});
    const role = new Role(this, 'SchedulesRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const woken: string[] = [];
    const wake = (name: string, expression: string, lambda: LambdaFunction): void => {
      woken.push(lambda.functionArn);
      new Schedule(this, `${name}Schedule`, {
        scheduleName: name,
        scheduleGroup,
        schedule: ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
        target: new LambdaInvoke(lambda, {
          role: role.withoutPolicyUpdates(),
          deadLetterQueue: this.lostRuns,
          input: ScheduleTargetInput.fromObject({ scheduledAt: ContextAttribute.scheduledTime }),
          // The next run does what a lost one did not.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
        }),
      });
    };
    const close = (): void => {
      if (woken.length === 0) return;
      new ManagedPolicy(this, 'SchedulesPolicy', {
        roles: [role],
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: woken }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.lostRuns.queueArn] }),
        ],
      });
    };
    return { wake, close };
  }
}

/** How many of the queues' environments may speak to Stripe at once. */
const environmentsAtStripe = (workerRows as readonly WorkerRow[])
  .flatMap(({ trigger, uses }) => (trigger.kind === 'queue' && uses.includes('stripe') ? [trigger.maxConcurrency] : []))
  .reduce((sum, one) => sum + one, 0);

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).replace(/>$/, '');
