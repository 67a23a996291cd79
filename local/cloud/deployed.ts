import { accessCheckOf, type Principal } from '../access/accessCheck';
import { readRoles } from '../access/policies';
import { type SecretsPart, startSecrets } from '../aws/secrets/server';
import { type FunctionSpec, readFunctions } from '../lambda/functionSpec';
import { functionOfAccessKey } from '../lambda/lambdaServer';
import type { AccessCheck } from '../parts';
import { readAssembly } from '../template/assembly';
import { Template } from '../template/template';
import type { CloudOptions } from './cloud';
import { type Addresses, localAddress } from './ports';
import { opened, type PartSettings } from './standIns';
import { freshSecrets, secretKeys } from './storage';

/** What the template declares, read once its secrets have values. */
export interface Deployed {
  readonly template: Template;
  readonly secrets: SecretsPart;
  readonly functions: readonly FunctionSpec[];
  readonly checkAccess: AccessCheck;
  /** The name that tokens carry: the one that the functions are told to expect. */
  readonly issuer: string;
}

/** The synthesised assembly and the site's files; built when what they are made of changed. */
export async function assemblyOf({ assembly }: CloudOptions): Promise<{ folder: string; site?: string }> {
  if (assembly !== undefined) return assembly;
  const { synthesise } = await import('../../infra/synthesise');
  return synthesise({ allowMissing: false, context: { dueShards: '4' } });
}

export async function deploy(folder: string, addresses: Addresses, settings: PartSettings): Promise<Deployed> {
  // The template names secrets, whose values only exist once the template was read for them.
  let secretNamed: SecretsPart['valueOf'] = () => undefined;
  const template = new Template(readAssembly(folder), {
    secret: (id, field) => secretValue(secretNamed, id, field),
    address: localAddress(addresses),
  });
  const kmsKeyOf = secretKeys(template);
  const values = { secrets: freshSecrets(template), kmsKeyOf };
  const secrets = await opened(settings('secrets'), options => startSecrets({ ...options, ...values }));
  secretNamed = secrets.valueOf;
  const functions = readFunctions(template);
  const issuers = functions.flatMap(({ variables }) => variables.TOKEN_ISSUER ?? []);
  return {
    template,
    secrets,
    functions,
    checkAccess: accessCheckOf(principals(template, functions)),
    issuer: issuers[0] ?? `${addresses.signIn}/local`,
  };
}

/** A secret is named by its name or its ARN, which ends in a hyphen and six characters. */
function secretValue(secretNamed: SecretsPart['valueOf'], id: string, field?: string): string {
  const name = /:secret:(.+)-[^-]{6}$/.exec(id)?.[1] ?? id;
  const value = secretNamed(name);
  if (value === undefined) throw new Error(`The template asks for the secret ${name}, which is not there`);
  return field === undefined ? value : String((JSON.parse(value) as Record<string, unknown>)[field] ?? '');
}

function principals(template: Template, functions: readonly FunctionSpec[]) {
  const roles = readRoles(template);
  const byName = new Map(functions.map(spec => [spec.name, spec]));
  return (accessKeyId: string): Principal | undefined => {
    const spec = byName.get(functionOfAccessKey(accessKeyId));
    return spec && { arn: spec.roleArn, statements: roles.get(spec.roleArn) ?? [] };
  };
}

/** Where the SDK in each function finds its services. */
export function endpointVariables(addresses: Addresses): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: addresses.dynamodb,
    AWS_ENDPOINT_URL_S3: addresses.s3,
    AWS_ENDPOINT_URL_SQS: addresses.sqs,
    AWS_ENDPOINT_URL_SESV2: addresses.ses,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: addresses.secrets,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: addresses.cognito,
  };
}

/** What all functions together are told, with the owner's key: for programs beside them. */
export const ownersEnvironment = (
  functions: readonly FunctionSpec[],
  machineVariables: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...Object.assign({}, ...functions.map(({ variables }) => variables)),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  ...machineVariables,
});
