import { type AccessCheck, AccessDenied } from '../parts';
import { list, type Statement } from './policies';

/** The machine's own owner: tests, seed, the stand-ins' pages. */
export const ownerKey = 'local';

export interface Principal {
  readonly arn: string;
  readonly statements: readonly Statement[];
}

/** `*` any number of signs, `?` one; actions without regard to case, as IAM does. */
export function matches(pattern: string, text: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, flags).test(text);
}

const covers = (patterns: readonly string[], text: string, flags?: string) =>
  patterns.some(pattern => matches(pattern, text, flags));

/**
 * Conditions that a stand-in has no facts for. A key's `ViaService` holds by construction, since the stand-in itself asks;
 * leading keys are also held by the store's own guard. Anything else makes an Allow void and a Deny count.
 */
const heldByConstruction =
  /^(kms:ViaService|kms:EncryptionContext:.*|dynamodb:LeadingKeys|aws:SecureTransport|aws:ResourceAccount)$/;

function conditionHolds({ Condition, Effect }: Statement): boolean {
  const keys = Object.values(Condition ?? {}).flatMap(test => Object.keys(test as object));
  return keys.every(key => heldByConstruction.test(key)) ? true : Effect === 'Deny';
}

function applies(statement: Statement, action: string, resource: string): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actionFits =
    NotAction === undefined ? covers(list(Action), action, 'i') : !covers(list(NotAction), action, 'i');
  const resourceFits =
    NotResource === undefined ? covers(list(Resource), resource) : !covers(list(NotResource), resource);
  return actionFits && resourceFits && conditionHolds(statement);
}

export function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  const applying = statements.filter(statement => applies(statement, action, resource));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

/** The stand-ins' question, answered from the template: what no statement allows is denied. */
export function accessCheckOf(principalOf: (accessKeyId: string) => Principal | undefined): AccessCheck {
  const known = new Map<string, boolean>();
  return (accessKeyId, action, resource) => {
    if (accessKeyId === ownerKey) return;
    const principal = principalOf(accessKeyId);
    const question = `${principal?.arn} ${action} ${resource}`;
    const allowed = known.get(question) ?? isAllowed(principal?.statements ?? [], action, resource);
    if (known.size < 10_000) known.set(question, allowed);
    if (!allowed) throw new AccessDenied(action, resource, principal?.arn ?? accessKeyId);
  };
}
