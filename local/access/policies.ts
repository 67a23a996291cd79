import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly Statement: Statement | readonly Statement[];
}

interface RoleProperties {
  readonly Policies?: readonly { readonly PolicyDocument: Document }[];
  readonly ManagedPolicyArns?: readonly string[];
}

interface PolicyProperties {
  readonly PolicyDocument: Document;
  readonly Roles?: readonly string[];
}

/** AWS's own policies that functions may lean on: logs and traces, for which there is no stand-in to ask. */
const harmless = /\/(AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess)$/;

export const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Every role's statements, by the role's ARN: managed policies that name it, inline ones and its own. */
export function readRoles(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const roles = template.all<RoleProperties>('AWS::IAM::Role');
  const statements = new Map<string, Statement[]>(roles.map(role => [role.name, []]));
  const managed = template.all<PolicyProperties>('AWS::IAM::ManagedPolicy');
  for (const { properties } of [...managed, ...template.all<PolicyProperties>('AWS::IAM::Policy')])
    for (const role of properties.Roles ?? []) statements.get(role)?.push(...list(properties.PolicyDocument.Statement));
  for (const { name, properties } of roles) {
    const own = statements.get(name);
    for (const { PolicyDocument } of properties.Policies ?? []) own?.push(...list(PolicyDocument.Statement));
    for (const policyArn of properties.ManagedPolicyArns ?? []) {
      const policy = managed.find(({ ref }) => ref === policyArn);
      if (policy !== undefined) own?.push(...list(policy.properties.PolicyDocument.Statement));
      else if (!harmless.test(policyArn)) throw new NotUnderstood(`the managed policy ${policyArn} of role ${name}`);
    }
  }
  return new Map(roles.map(role => [template.attribute(role, 'Arn'), statements.get(role.name) ?? []]));
}
