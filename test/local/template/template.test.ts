import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { type WrittenStack, writeAssembly } from './writtenAssembly';

const outside = {
  secret: (id: string, field?: string) => `<${id.split(':').at(-1)}${field === undefined ? '' : `.${field}`}>`,
  address: (text: string) => text.replace('https://api.stripe.com', 'http://127.0.0.1:4001'),
};

const templateOf = (stacks: Readonly<Record<string, WrittenStack>>) =>
  new Template(readAssembly(writeAssembly(stacks)), outside);

/** What a property resolves to, beside a queue, a role and a table. */
function resolved(value: unknown, more: WrittenStack = {}): unknown {
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: { Type: 'AWS::IAM::Role' },
    Named: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::Join': ['-', ['mail', { Ref: 'AWS::Region' }]] } },
    },
    Asked: { Type: 'AWS::Test', Properties: { value } },
  };
  const other = {
    Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
    Outputs: { Out: { Value: { Ref: 'Queue' }, Export: { Name: 'shared' } } },
  };
  const template = templateOf({ one: { ...more, Resources }, other });
  return template.all<{ value: unknown }>('AWS::Test')[0]?.properties.value;
}

const queueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012';

describe('a template resolves', () => {
  test.each([
    ['a plain value', 12, 12],
    ['Ref of a resource', { Ref: 'Queue' }, `${queueUrl}/one-Queue`],
    ['Ref of a name that is itself joined', { Ref: 'Named' }, `${queueUrl}/mail-us-east-1`],
    ['Ref of what every template knows', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:123456789012:one-Queue'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::123456789012:role/one-Role'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }]] }, 'a/us-east-1'],
    ['Sub', { 'Fn::Sub': `\${AWS::Region}-\${Queue.QueueName}-\${!kept}` }, `us-east-1-one-Queue-\${kept}`],
    ['Sub with own values', { 'Fn::Sub': [`\${x}`, { x: { Ref: 'AWS::Region' } }] }, 'us-east-1'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [
      'a weak reference to another stack',
      { 'Fn::GetStackOutput': { StackName: 'other', OutputName: 'Out' } },
      `${queueUrl}/other-Queue`,
    ],
    ['an import', { 'Fn::ImportValue': 'shared' }, `${queueUrl}/other-Queue`],
    ['a list without what has no value', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['an object without what has no value', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    [
      'a secret whose name is joined',
      { 'Fn::Join': ['', ['{{resolve:secretsmanager:', 'key', ':SecretString:::}}']] },
      '<key>',
    ],
    ['a field of a secret', '{{resolve:secretsmanager:key:SecretString:field::}}', '<key.field>'],
    ['an address of the cloud, to one of this machine', 'https://api.stripe.com/v1', 'http://127.0.0.1:4001/v1'],
  ])('%s', (_what, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('a parameter to its default', () => {
    expect(resolved({ Ref: 'Stage' }, { Parameters: { Stage: { Default: 'live' } } })).toBe('live');
  });

  test('the same logical id in two stacks to two resources', () => {
    const stack = { Resources: { Logs: { Type: 'AWS::SQS::Queue' } } };
    const names = templateOf({ one: stack, two: stack })
      .all('AWS::SQS::Queue')
      .map(({ ref }) => ref);
    expect(names).toEqual([`${queueUrl}/one-Logs`, `${queueUrl}/two-Logs`]);
  });
});

describe('a template is refused, with the reason,', () => {
  test.each([
    ['for an intrinsic that is not known', { 'Fn::GetAZs': '' }, /does not understand Fn::GetAZs/],
    [
      'for an attribute that is not known',
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      /the attribute Colour of AWS::SQS::Queue/,
    ],
    ['for the Ref of a kind that is not known', { Ref: 'Asked' }, /Ref of AWS::Test/],
    ['for a resource that is not there', { Ref: 'Nobody' }, /one has no resource Nobody/],
    [
      'for an output that is not there',
      { 'Fn::GetStackOutput': { StackName: 'other', OutputName: 'No' } },
      /the output No of other/,
    ],
    ['for a reference that is not to a secret', '{{resolve:ssm:name}}', /does not understand the reference/],
  ])('%s', (_why, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  test.each([
    ['a nested stack', { Type: 'AWS::CloudFormation::Stack' }],
    ['a custom resource', { Type: 'Custom::Deployment' }],
    ['a condition', { Type: 'AWS::SQS::Queue', Condition: 'IsLive' }],
  ])('for %s', (_what, resource) => {
    expect(() => templateOf({ one: { Resources: { It: resource } } })).toThrow(/does not understand/);
  });

  test('when nothing was synthesised', () => {
    expect(() => readAssembly('/nowhere')).toThrow(/No synthesised template in \/nowhere/);
  });
});
