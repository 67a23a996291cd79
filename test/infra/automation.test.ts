import { existsSync } from 'node:fs';
import { queueVariables } from '../../shared/config';
import { type WorkerRow, workerRows } from '../../shared/operations/workers';
import { type Cloud, readCloud, sources } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

const lambdaOf = ({ name }: WorkerRow) => {
  const found = cloud.ofType('Lambda::Function').find(({ id }) => id.startsWith(`${name}Function`));
  if (!found) throw new Error(`${name} has no function`);
  return found;
};
const workers = (kind: WorkerRow['trigger']['kind']) => sources.workers.filter(worker => worker.trigger.kind === kind);

test('each outside limit has a queue with dead letters, six times as patient as its worker', () => {
  const queues = cloud.ofType('SQS::Queue').filter(queue => queue.Properties.RedrivePolicy);
  expect(queues.map(({ id }) => id.replace(/Queue.*/, '')).sort()).toEqual(Object.keys(queueVariables).sort());
  for (const { trigger, timeoutSeconds } of workerRows) {
    if (trigger.kind !== 'queue') continue;
    const queue = queues.find(({ id }) => id.startsWith(`${trigger.queue}Queue`));
    expect(queue?.Properties.VisibilityTimeout).toBe(6 * timeoutSeconds);
    expect(queue?.Properties.RedrivePolicy.maxReceiveCount).toBe(5);
  }
});

test('a failed message returns alone, and no more run at once than the row says', () => {
  const mappings = cloud.ofType('Lambda::EventSourceMapping');
  expect(mappings).toHaveLength(workers('queue').length);
  for (const worker of workers('queue')) {
    const { trigger } = worker;
    if (trigger.kind !== 'queue') continue;
    const mapping = mappings.find(({ Properties }) => Properties.FunctionName.Ref === lambdaOf(worker).id);
    expect(mapping?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: trigger.batchSize,
      ScalingConfig: { MaximumConcurrency: trigger.maxConcurrency },
    });
  }
});

test('work that may take most of a run comes alone: a reconciliation or an import does not run out the time of others', () => {
  const alone = workers('queue').flatMap(({ trigger }) =>
    trigger.kind === 'queue' && trigger.batchSize === 1 ? [trigger.queue] : [],
  );
  expect(alone.sort()).toEqual(['charges', 'reconciliation', 'stripe', 'work']);
});

test('each scheduled worker is woken by its schedule, with the time it is meant for and a place for lost runs', () => {
  const schedules = cloud.ofType('Scheduler::Schedule');
  expect(schedules).toHaveLength(workers('schedule').length);
  for (const worker of workers('schedule')) {
    const { trigger } = worker;
    const schedule = schedules.find(({ Properties }) => Properties.Name === worker.name)?.Properties;
    expect(schedule?.ScheduleExpression).toBe(trigger.kind === 'schedule' && trigger.expression);
    expect(schedule?.Target).toMatchObject({
      Arn: { 'Fn::GetAtt': [lambdaOf(worker).id, 'Arn'] },
      Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
      DeadLetterConfig: expect.anything(),
    });
  }
});

test('what becomes of a mail comes back by the default bus, of our own mails only', () => {
  const [worker] = workers('mailEvents');
  if (!worker) return expect(existsSync('functions/webhooks/receiveEmailFeedback.ts')).toBe(false);
  const { EventPattern, Targets } = cloud.one('Events::Rule').Properties;
  const set = cloud.one('SES::ConfigurationSet').Properties.Name;
  expect(EventPattern).toEqual({ source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': [set] } } } });
  expect(Targets[0]).toMatchObject({
    Arn: { 'Fn::GetAtt': [lambdaOf(worker).id, 'Arn'] },
    DeadLetterConfig: expect.anything(),
  });
});

test('the gateway asks the authorizer at most once a minute for the same token', () => {
  const [worker] = workers('authorizer');
  if (!worker) return expect(existsSync('functions/access/authorizeCaller.ts')).toBe(false);
  expect(cloud.one('ApiGatewayV2::Authorizer').Properties).toMatchObject({
    AuthorizerType: 'REQUEST',
    AuthorizerResultTtlInSeconds: 60,
    EnableSimpleResponses: true,
    AuthorizerPayloadFormatVersion: '2.0',
    IdentitySource: ['$request.header.Authorization'],
  });
  expect(Object.keys(lambdaOf(worker).Properties.Environment.Variables)).toContain('TOKEN_ISSUER');
});
