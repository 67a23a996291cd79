import { readFileSync } from 'node:fs';
import path from 'node:path';
import { synthesise } from '../../infra/synthesise';
import { queueVariables } from '../../shared/config';
import { type Cloud, readCloud } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

test('templates hold no nested stacks, conditions or custom resources, which the one-machine cloud does not know', () => {
  for (const [stack, template] of Object.entries(cloud.templates)) {
    expect({ stack, conditions: template.Conditions }).toEqual({ stack, conditions: undefined });
  }
  const strange = cloud.resources.filter(
    ({ Type, text }) =>
      /^Custom::|CloudFormation::(Stack|CustomResource)|CDK::Metadata/.test(Type) || text.includes('"Condition":"'),
  );
  expect(strange.map(({ id, Type }) => ({ id, Type }))).toEqual([]);
});

test('the intrinsics are those that the one-machine cloud resolves', () => {
  const known = ['Fn::GetAtt', 'Fn::GetStackOutput', 'Fn::Join', 'Fn::Sub'];
  const used = new Set(cloud.resources.flatMap(({ text }) => text.match(/Fn::\w+/g) ?? []));
  expect([...used].filter(name => !known.includes(name))).toEqual([]);
});

test('no stack comes near the 500 resources that CloudFormation allows', () => {
  for (const [stack, { Resources }] of Object.entries(cloud.templates)) {
    expect([stack, Object.keys(Resources).length < 450]).toEqual([stack, true]);
  }
});

test('the security checks of AwsSolutions and HIPAA leave no finding open', () => {
  const report = JSON.parse(readFileSync(path.join(cloud.folder, 'validation-report.json'), 'utf8'));
  expect(report.pluginReports).toEqual([]);
});

test('they do run: without what is accepted, they refuse the synth', async () => {
  const refused = synthesise({ allowMissing: true, checked: true, context: { acceptFindings: 'no' } });
  await expect(refused).rejects.toThrow(/AwsSolutions::AwsSolutions-IAM5.*HIPAA\.Security::HIPAA\.Security-LambdaDLQ/s);
});

test('rights stand in managed policies: no role has an inline one', () => {
  expect(cloud.ofType('IAM::Policy')).toEqual([]);
  expect(cloud.ofType('IAM::Role').filter(role => role.Properties.Policies)).toEqual([]);
});

test('functions run on Node 24 and arm64, log JSON into the encrypted group of their stack, and are traced', () => {
  const lambdas = cloud.ofType('Lambda::Function');
  expect(lambdas.length).toBeGreaterThan(0);
  for (const { Properties } of lambdas) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
    });
  }
  for (const group of cloud.ofType('Logs::LogGroup')) expect(group.Properties.KmsKeyId).toBeDefined();
});

test('every alarm tells somebody', () => {
  const alarms = cloud.ofType('CloudWatch::Alarm');
  expect(alarms.map(alarm => alarm.id).sort()).toEqual(
    [
      /^ApiServerErrors/,
      ...['lostRuns', ...Object.keys(queueVariables)].sort().map(queue => new RegExp(`^DeadLetters${queue}`)),
      /^Errorsapi/,
      /^Errorsautomation/,
      /^Errorsbills/,
      /^Errorsmoney/,
      /^Errorspeople/,
      /^Errorssessions/,
      /^WebhookFailures/,
    ].map(id => expect.stringMatching(id)),
  );
  for (const alarm of alarms) expect(alarm.Properties.AlarmActions).toHaveLength(1);
  expect(cloud.one('SNS::Topic').Properties.KmsMasterKeyId).toBeDefined();
});

test('every alarm on an own metric watches one that a log filter writes', () => {
  const written = cloud
    .ofType('Logs::MetricFilter')
    .map(filter => filter.Properties.MetricTransformations[0].MetricName);
  const watched = cloud
    .ofType('CloudWatch::Alarm')
    .filter(alarm => alarm.Properties.Namespace === 'PracticeBilling')
    .map(alarm => alarm.Properties.MetricName);
  expect(written).toEqual(expect.arrayContaining(watched));
});
