/** The one account and region of the machine, as the stand-ins' ARNs name them. */
export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;

export const tableArn = (table: string) => arn('dynamodb', `table/${table}`);
export const indexArn = (table: string, index: string) => arn('dynamodb', `table/${table}/index/${index}`);
export const queueArn = (queue: string) => arn('sqs', queue);
export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
export const identityArn = (identity: string) => arn('ses', `identity/${identity}`);
export const configurationSetArn = (name: string) => arn('ses', `configuration-set/${name}`);
export const userPoolArn = (userPoolId: string) => arn('cognito-idp', `userpool/${userPoolId}`);
/** Secrets Manager ends each ARN in six characters of its own; here they are always the same. */
export const secretArn = (name: string) => arn('secretsmanager', `secret:${name}-local0`);
