import { accessCheckOf, isAllowed, matches } from '../../../local/access/accessCheck';
import { readRoles, type Statement } from '../../../local/access/policies';
import { AccessDenied } from '../../../local/parts';
import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { writeAssembly } from '../template/writtenAssembly';

const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/bills';
const allow = (more: Partial<Statement>): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: table,
  ...more,
});

describe('a role may do', () => {
  test.each([
    ['what a statement names', [allow({})], true],
    ['what a wildcard of actions covers', [allow({ Action: ['dynamodb:Get*', 's3:*'] })], true],
    ['an action in other letters', [allow({ Action: 'DynamoDB:getitem' })], true],
    ['what a wildcard of resources covers', [allow({ Resource: ['arn:aws:dynamodb:*:*:table/*'] })], true],
    [
      'what is not among the others',
      [allow({ NotAction: 'dynamodb:PutItem' })].map(({ Action: _, ...rest }) => rest),
      true,
    ],
    ['nothing without a statement', [], false],
    ['nothing on another resource', [allow({ Resource: `${table}/index/lists` })], false],
    ['nothing by another action', [allow({ Action: 'dynamodb:PutItem' })], false],
    ['nothing that is also denied', [allow({}), allow({ Effect: 'Deny', Action: '*', Resource: '*' })], false],
    [
      'what only the key of the item narrows',
      [allow({ Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['P#*'] } } })],
      true,
    ],
    [
      'nothing under a condition that nobody can judge',
      [allow({ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })],
      false,
    ],
  ])('%s', (_what, statements, expected) => {
    expect(isAllowed(statements as Statement[], 'dynamodb:GetItem', table)).toBe(expected);
  });

  test('no more than a pattern says, dot for dot', () => {
    expect(matches('a.c', 'abc')).toBe(false);
    expect(matches('a?c', 'abc')).toBe(true);
  });
});

describe('the rights of a role', () => {
  const policy = (action: string, more: object = {}) => ({
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
    ...more,
  });
  const folder = writeAssembly({
    one: {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { Policies: [policy('own:Do')], ManagedPolicyArns: [{ Ref: 'Attached' }] },
        },
        Other: { Type: 'AWS::IAM::Role', Properties: {} },
        Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: policy('managed:Do', { Roles: [{ Ref: 'Role' }] }) },
        Inline: { Type: 'AWS::IAM::Policy', Properties: policy('inline:Do', { Roles: [{ Ref: 'Role' }] }) },
        Attached: { Type: 'AWS::IAM::ManagedPolicy', Properties: policy('attached:Do') },
      },
    },
  });
  const roles = readRoles(new Template(readAssembly(folder), { secret: id => id, address: text => text }));
  const role = 'arn:aws:iam::123456789012:role/one-Role';

  test('come from managed, inline, attached and own policies', () => {
    const actions = roles.get(role)?.map(({ Action }) => Action);
    expect(actions?.sort()).toEqual(['attached:Do', 'inline:Do', 'managed:Do', 'own:Do']);
    expect(roles.get('arn:aws:iam::123456789012:role/one-Other')).toEqual([]);
  });

  const check = accessCheckOf(key => (key === 'known' ? { arn: role, statements: roles.get(role) ?? [] } : undefined));

  test('let a call through or refuse it by name', () => {
    expect(() => check('known', 'inline:Do', 'x')).not.toThrow();
    expect(() => check('known', 'other:Do', 'x')).toThrow(new AccessDenied('other:Do', 'x', role));
  });

  test("are none for a stranger's key and all for the owner's", () => {
    expect(() => check('stranger', 'inline:Do', 'x')).toThrow(AccessDenied);
    expect(() => check('local', 'anything:Do', 'x')).not.toThrow();
  });
});
