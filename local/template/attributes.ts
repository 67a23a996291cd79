import { createHash } from 'node:crypto';
import { ACCOUNT_ID } from '../aws/arns';
import { type JsonObject, NotUnderstood } from './assembly';

/** A resource as CloudFormation would have made it. */
export interface Made {
  readonly stack: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** The name the template gives, or a stable invented one. */
  readonly name: string;
}

interface Kind {
  /** The property that holds the name, where people may choose it. */
  readonly named?: string;
  ref?(made: Made): string;
  readonly attributes?: Readonly<Record<string, (made: Made) => string>>;
}

const arn = (service: string, resource: (made: Made) => string) => (made: Made) =>
  `arn:aws:${service}:${made.region}:${ACCOUNT_ID}:${resource(made)}`;

/** AWS's own identifiers are short and opaque; these are so too, and the same on every machine. */
const opaque = (made: Made, length: number) =>
  createHash('sha256').update(`${made.stack}/${made.logicalId}`).digest('hex').slice(0, length);

const uuid = (made: Made) => opaque(made, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const secretArn = arn('secretsmanager', made => `secret:${made.name}-local0`);
const topicless = (service: string, prefix: string): Kind => ({
  ref: made => made.name,
  attributes: { Arn: arn(service, made => `${prefix}${made.name}`) },
});
const global = (service: string, resource: (made: Made) => string) => (made: Made) =>
  `arn:aws:${service}::${ACCOUNT_ID}:${resource(made)}`;

const table: Kind = {
  named: 'TableName',
  attributes: {
    Arn: arn('dynamodb', made => `table/${made.name}`),
    StreamArn: arn('dynamodb', made => `table/${made.name}/stream/local`),
    TableId: uuid,
  },
};

export const userPoolId = (made: Made) => `${made.region}_${opaque(made, 9)}`;
export const apiId = (made: Made) => opaque(made, 10);
export const distributionDomain = (made: Made) => `d${opaque(made, 13)}.cloudfront.net`;

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::S3::Bucket': {
    named: 'BucketName',
    attributes: {
      Arn: made => `arn:aws:s3:::${made.name}`,
      DomainName: made => `${made.name}.s3.amazonaws.com`,
      RegionalDomainName: made => `${made.name}.s3.${made.region}.amazonaws.com`,
    },
  },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    ref: made => `https://sqs.${made.region}.amazonaws.com/${ACCOUNT_ID}/${made.name}`,
    attributes: {
      Arn: arn('sqs', made => made.name),
      QueueName: made => made.name,
      QueueUrl: made => `https://sqs.${made.region}.amazonaws.com/${ACCOUNT_ID}/${made.name}`,
    },
  },
  'AWS::SNS::Topic': {
    named: 'TopicName',
    ref: arn('sns', made => made.name),
    attributes: { TopicArn: arn('sns', made => made.name) },
  },
  'AWS::KMS::Key': { ref: uuid, attributes: { Arn: arn('kms', made => `key/${uuid(made)}`), KeyId: uuid } },
  'AWS::KMS::Alias': { named: 'AliasName' },
  'AWS::SecretsManager::Secret': { named: 'Name', ref: secretArn, attributes: { Id: secretArn } },
  'AWS::IAM::Role': {
    named: 'RoleName',
    attributes: {
      Arn: global('iam', made => `role/${made.name}`),
      RoleId: made => `AROA${opaque(made, 17).toUpperCase()}`,
    },
  },
  'AWS::IAM::ManagedPolicy': { named: 'ManagedPolicyName', ref: global('iam', made => `policy/${made.name}`) },
  'AWS::Lambda::Function': { named: 'FunctionName', ...topicless('lambda', 'function:') },
  'AWS::Lambda::Alias': {},
  'AWS::Logs::LogGroup': { named: 'LogGroupName', ...topicless('logs', 'log-group:') },
  'AWS::ApiGatewayV2::Api': {
    ref: apiId,
    attributes: {
      ApiId: apiId,
      ApiEndpoint: made => `https://${apiId(made)}.execute-api.${made.region}.amazonaws.com`,
    },
  },
  'AWS::ApiGatewayV2::Stage': { named: 'StageName' },
  'AWS::ApiGatewayV2::Integration': { ref: made => opaque(made, 7) },
  'AWS::ApiGatewayV2::Authorizer': {
    ref: made => opaque(made, 6),
    attributes: { AuthorizerId: made => opaque(made, 6) },
  },
  'AWS::Scheduler::ScheduleGroup': { named: 'Name', ...topicless('scheduler', 'schedule-group/') },
  'AWS::Scheduler::Schedule': { named: 'Name', ...topicless('scheduler', 'schedule/') },
  'AWS::Events::Rule': { named: 'Name', ...topicless('events', 'rule/') },
  'AWS::SES::ConfigurationSet': { named: 'Name' },
  'AWS::SES::EmailIdentity': { named: 'EmailIdentity' },
  'AWS::Cognito::UserPool': {
    ref: userPoolId,
    attributes: {
      Arn: arn('cognito-idp', made => `userpool/${userPoolId(made)}`),
      UserPoolId: userPoolId,
      ProviderName: made => `cognito-idp.${made.region}.amazonaws.com/${userPoolId(made)}`,
      ProviderURL: made => `https://cognito-idp.${made.region}.amazonaws.com/${userPoolId(made)}`,
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: made => opaque(made, 26), attributes: { ClientId: made => opaque(made, 26) } },
  'AWS::Cognito::UserPoolDomain': { named: 'Domain' },
  'AWS::Cognito::UserPoolResourceServer': { named: 'Identifier' },
  'AWS::CloudFront::Distribution': {
    ref: made => `E${opaque(made, 13).toUpperCase()}`,
    attributes: { DomainName: distributionDomain, Id: made => `E${opaque(made, 13).toUpperCase()}` },
  },
  'AWS::CloudFront::Function': {
    named: 'Name',
    ref: global('cloudfront', made => `function/${made.name}`),
    attributes: { FunctionARN: global('cloudfront', made => `function/${made.name}`) },
  },
  'AWS::CloudFront::ResponseHeadersPolicy': { ref: uuid, attributes: { Id: uuid } },
  'AWS::CloudFront::CachePolicy': { ref: uuid, attributes: { Id: uuid } },
  'AWS::CloudFront::OriginRequestPolicy': { ref: uuid, attributes: { Id: uuid } },
  'AWS::CloudFront::OriginAccessControl': { ref: uuid, attributes: { Id: uuid } },
  'AWS::WAFv2::WebACL': {
    named: 'Name',
    ref: made => made.name,
    attributes: { Arn: arn('wafv2', made => `global/webacl/${made.name}/${uuid(made)}`), Id: uuid },
  },
};

/** Names are mostly absent from the template: stack and logical id together are stable and never collide. */
export function nameOf(type: string, properties: JsonObject, place: Omit<Made, 'name' | 'type'>): string | JsonObject {
  const property = kinds[type]?.named;
  const given = property === undefined ? undefined : properties[property];
  if (typeof given === 'string') return given;
  if (given !== undefined && given !== null && typeof given === 'object') return given as JsonObject;
  const invented = `${place.stack}-${place.logicalId}`;
  return type === 'AWS::S3::Bucket' ? invented.toLowerCase() : invented;
}

export function refOf(made: Made): string {
  const kind = kinds[made.type];
  if (kind === undefined) throw new NotUnderstood(`Ref of ${made.type} (${made.stack}/${made.logicalId})`);
  return kind.ref?.(made) ?? made.name;
}

export function attributeOf(made: Made, attribute: string): string {
  const found = kinds[made.type]?.attributes?.[attribute];
  if (found === undefined)
    throw new NotUnderstood(`the attribute ${attribute} of ${made.type} (${made.stack}/${made.logicalId})`);
  return found(made);
}
