import { stackOfNoun } from '../../shared/operations';
import type { Row, Use } from '../../shared/operations/row';
import { type Cloud, type Json, type Resource, readCloud, sources } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

const rows = sources.rows.map(row => [row.operation, row] as const);
const titled = (part: string) => `${part[0]?.toUpperCase()}${part.slice(1)}`;
const stackOf = (row: Row) => titled(stackOfNoun[row.noun] ?? 'none');

const belonging = (type: string, name: string): Resource => {
  const found = cloud
    .ofType(type)
    .find(resource => new RegExp(`^${name}(Policy|Function)?[0-9A-F]{8}$`).test(resource.id));
  if (!found) throw new Error(`${name} has no ${type}`);
  return found;
};
const lambdaOf = (name: string) => belonging('Lambda::Function', name);
const actionsOf = (name: string): string[] =>
  belonging('IAM::ManagedPolicy', name)
    .Properties.PolicyDocument.Statement.flatMap((statement: Json) => statement.Action)
    .filter((action: string) => !/^(logs|xray):/.test(action))
    .sort();
const variablesOf = (name: string): string[] =>
  Object.keys(lambdaOf(name).Properties.Environment?.Variables ?? {}).sort();

describe.each(rows)('%s', (operation, row) => {
  test('has one route, in the stack of its noun, that leads to its function', () => {
    const key = `${row.method} /api${row.path}`;
    const routes = cloud.ofType('ApiGatewayV2::Route').filter(route => route.Properties.RouteKey === key);
    expect(routes).toHaveLength(1);
    expect(routes[0]?.stack).toBe(stackOf(row));
    const integration = cloud.resources.find(
      ({ stack, id }) => stack === stackOf(row) && id === routes[0]?.Properties.Target['Fn::Join'][1][1].Ref,
    );
    expect(integration?.Properties.IntegrationUri).toEqual({ 'Fn::GetAtt': [lambdaOf(operation).id, 'Arn'] });
    expect(lambdaOf(operation).Properties.Handler).toBe(`functions/${row.noun}/${operation}.handler`);
  });

  test('asks who calls, unless its row says that anybody may, and why', () => {
    const route = cloud
      .ofType('ApiGatewayV2::Route')
      .find(({ Properties }) => Properties.RouteKey === `${row.method} /api${row.path}`);
    if (row.auth === 'none') {
      expect(row.openBecause).toMatch(/\w+ \w+/);
      expect(route?.Properties.AuthorizationType).toBe('NONE');
    } else if (hasAuthorizer) {
      expect(route?.Properties.AuthorizationType).toBe('CUSTOM');
      expect(route?.Properties.AuthorizerId).toBeDefined();
    }
    if (row.auth === 'staff') expect(row.roles?.length).toBeGreaterThan(0);
  });

  test('may do what its row uses and nothing more', () => {
    expect(actionsOf(operation)).toEqual(actionsFor(row.uses));
  });

  test('gets the environment variables of what it uses and no others', () => {
    expect(variablesOf(operation)).toEqual(
      [...new Set(['ORIGIN_SECRET', 'PUBLIC_URL', ...row.uses.flatMap(use => variables[use])])].sort(),
    );
  });
});

const hasAuthorizer = sources.workers.some(worker => worker.trigger.kind === 'authorizer');

test('an operation that only reads cannot write', () => {
  const readers = sources.rows.filter(row => !row.uses.includes('table:write'));
  for (const { operation } of readers) expect(actionsOf(operation).join()).not.toMatch(/(Put|Update|Delete)Item/);
});

test('the origin secret never stands in a template', () => {
  for (const lambda of cloud.ofType('Lambda::Function')) {
    const secret = lambda.Properties.Environment?.Variables?.ORIGIN_SECRET;
    if (secret) expect(JSON.stringify(secret)).toContain('{{resolve:secretsmanager:');
  }
});

/** Written out once more: a grant that grows by accident fails here. */
const actions: Readonly<Record<Use, readonly string[]>> = {
  'table:read': ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'kms:Decrypt'],
  'table:write': [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
    'kms:Decrypt',
    'kms:GenerateDataKey',
  ],
  'documents:read': ['s3:GetObject', 's3:ListBucket', 'kms:Decrypt'],
  'documents:write': ['s3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey'],
  stripe: ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
  stripeWebhookSecret: ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
  linkKey: ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
  mail: ['ses:SendEmail', 'ses:SendRawEmail'],
  mailQueue: ['sqs:SendMessage'],
  stripeQueue: ['sqs:SendMessage'],
  chargesQueue: ['sqs:SendMessage'],
  reconciliationQueue: ['sqs:SendMessage'],
  workQueue: ['sqs:SendMessage'],
  identity: ['cognito-idp:AdminCreateUser', 'cognito-idp:AdminGetUser'],
};
const actionsFor = (uses: readonly Use[]) => [...new Set(uses.flatMap(use => actions[use]))].sort();

const variables: Readonly<Record<Use, readonly string[]>> = {
  'table:read': ['TABLE_NAME', 'DUE_SHARDS'],
  'table:write': ['TABLE_NAME', 'DUE_SHARDS'],
  'documents:read': ['DOCUMENTS_BUCKET'],
  'documents:write': ['DOCUMENTS_BUCKET'],
  stripe: ['STRIPE_SECRET_ID', 'STRIPE_API', 'STRIPE_REQUESTS_PER_SECOND'],
  stripeWebhookSecret: ['STRIPE_SECRET_ID'],
  linkKey: ['LINK_KEY_SECRET_ID'],
  mail: ['MAIL_FROM', 'MAIL_CONFIGURATION_SET', 'MAILS_PER_SECOND'],
  mailQueue: ['MAIL_QUEUE_URL'],
  stripeQueue: ['STRIPE_QUEUE_URL'],
  chargesQueue: ['CHARGES_QUEUE_URL'],
  reconciliationQueue: ['RECONCILIATION_QUEUE_URL'],
  workQueue: ['WORK_QUEUE_URL'],
  identity: ['USER_POOL_ID', 'TOKEN_ISSUER'],
};
