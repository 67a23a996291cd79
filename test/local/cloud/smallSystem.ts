import { writeAssembly } from '../template/writtenAssembly';

/** Handlers of the small system; they speak to DynamoDB as the SDK does, without being bundled with it. */
const code = `
const call = async (target, body, { url = process.env.AWS_ENDPOINT_URL_DYNAMODB, service = 'DynamoDB_20120810', version = '1.0' } = {}) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/x/aws4_request';
  const headers = { authorization, 'content-type': 'application/x-amz-json-' + version, 'x-amz-target': service + '.' + target };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
};
const put = (pk, text) => call('PutItem', { TableName: process.env.TABLE_NAME, Item: { pk: { S: pk }, text: { S: text } } });
const answer = (statusCode, body) => ({ statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
export const authorize = async event => ({ isAuthorized: true, context: { token: event.identitySource[0], issuer: process.env.TOKEN_ISSUER } });
export const write = async event => {
  if (event.headers['x-origin-verify'] !== process.env.ORIGIN_SECRET) return answer(403, {});
  const { status, __type } = await put(event.pathParameters.id, new Date().toISOString());
  return answer(status === 200 ? 201 : 502, { type: __type, caller: event.requestContext.authorizer?.lambda, publicUrl: process.env.PUBLIC_URL });
};
export const send = async event => {
  const sent = await call('SendMessage', { QueueUrl: process.env.WORK_QUEUE_URL, MessageBody: event.pathParameters.id }, { url: process.env.AWS_ENDPOINT_URL_SQS, service: 'AmazonSQS' });
  return answer(sent.status === 200 ? 202 : 502, { type: sent.__type });
};
export const work = async event => {
  for (const { body } of event.Records) await put('worked ' + body, new Date().toISOString());
  return { batchItemFailures: [] };
};
export const tick = async event => put('tick ' + event.scheduledAt, new Date().toISOString());
export const feedback = async event => put('mail ' + event.detail.eventType, event.detail.mail.messageId);
`;

const statement = (Action: readonly string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const att = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });
const table = [statement(['dynamodb:PutItem'], att('Table')), statement(['kms:Decrypt'], att('Key'))];

/** A function with its role. */
function lambda(name: string, statements: readonly object[], variables: object = {}): object {
  return {
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
        Handler: `index.${name}`,
        Role: att(`${name}Role`),
        Timeout: 10,
        MemorySize: 128,
        Environment: { Variables: { TABLE_NAME: { Ref: 'Table' }, ...variables } },
      },
    },
    [`${name}Role`]: { Type: 'AWS::IAM::Role', Properties: {} },
    [`${name}Policy`]: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: statements }, Roles: [{ Ref: `${name}Role` }] },
    },
    [`${name}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: att(name), Principal: 'apigateway.amazonaws.com' },
    },
  };
}

const route = (name: string, routeKey: string, more: object = {}) => ({
  [`${name}Integration`]: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: att(name), PayloadFormatVersion: '2.0' },
  },
  [`${name}Route`]: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { RouteKey: routeKey, Target: { 'Fn::Sub': `integrations/\${${name}Integration}` }, ...more },
  },
});

const originSecret = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Origin' }, ':SecretString:::}}']] };
const publicUrl = { 'Fn::Join': ['', ['https://', att('Distribution', 'DomainName')]] };
const issuer = { 'Fn::Sub': `https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}` };
const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Caller' } };

const storage = {
  Key: { Type: 'AWS::KMS::Key' },
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'x', Enabled: true },
      Replicas: [{ Region: 'us-east-1', SSESpecification: { KMSMasterKeyId: att('Key') } }],
    },
  },
  Dead: { Type: 'AWS::SQS::Queue' },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: att('Dead'), maxReceiveCount: 5 } },
  },
  Origin: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 64 } } },
};

const functions = {
  ...lambda('write', table, { ORIGIN_SECRET: originSecret, PUBLIC_URL: publicUrl }),
  ...lambda('send', [statement(['sqs:SendMessage'], att('Queue'))], { WORK_QUEUE_URL: { Ref: 'Queue' } }),
  ...lambda('work', [
    ...table,
    statement(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], att('Queue')),
  ]),
  ...lambda('tick', table),
  ...lambda('feedback', table),
  ...lambda('authorize', [], { TOKEN_ISSUER: issuer }),
};

const gateway = {
  Api: { Type: 'AWS::ApiGatewayV2::Api' },
  Caller: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 60,
      AuthorizerUri: att('authorize'),
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
    },
  },
  ...route('write', 'PUT /api/items/{id}', guarded),
  ...route('send', 'POST /api/items/{id}/work'),
  Distribution: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        Origins: [
          { Id: 'site', DomainName: 'site', S3OriginConfig: {} },
          {
            Id: 'api',
            DomainName: 'api',
            CustomOriginConfig: {},
            OriginCustomHeaders: [{ HeaderName: 'x-origin-verify', HeaderValue: originSecret }],
          },
        ],
        DefaultCacheBehavior: { TargetOriginId: 'site' },
        CacheBehaviors: [
          { PathPattern: '/api/*', TargetOriginId: 'api', AllowedMethods: ['GET', 'PUT', 'POST', 'DELETE'] },
        ],
      },
    },
  },
  Pool: { Type: 'AWS::Cognito::UserPool' },
};

const wakers = {
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: att('Queue'),
      FunctionName: { Ref: 'work' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'tick',
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Arn: att('tick'), Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}' },
    },
  },
  MailSet: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: 'mails' } },
  MailEvents: {
    Type: 'AWS::SES::ConfigurationSetEventDestination',
    Properties: {
      ConfigurationSetName: { Ref: 'MailSet' },
      EventDestination: { Enabled: true, EventBridgeDestination: {}, MatchingEventTypes: ['bounce'] },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['aws.ses'] }, Targets: [{ Id: 'one', Arn: att('feedback') }] },
  },
};

export type Resources = Readonly<Record<string, unknown>>;

/** A system of six functions with everything that a template may declare; `change` may take something away. */
export const smallSystem = (change: (resources: Resources) => Resources = resources => resources): string =>
  writeAssembly(
    { small: { Resources: change({ ...storage, ...functions, ...gateway, ...wakers }) } },
    { code: { 'index.mjs': code } },
  );
