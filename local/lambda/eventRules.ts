import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';

interface RuleProperties {
  readonly EventPattern?: Pattern;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Targets?: readonly { readonly Arn: string; readonly Input?: unknown; readonly InputTransformer?: unknown }[];
}

interface Pattern {
  readonly [field: string]: Pattern | readonly Wanted[];
}
type Wanted = string | number | boolean | null | { readonly [test: string]: unknown };

export interface EventRule {
  readonly pattern: Pattern;
  readonly functionArns: readonly string[];
}

function fits(wanted: Wanted, value: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return wanted === value;
  if (typeof wanted.prefix === 'string') return typeof value === 'string' && value.startsWith(wanted.prefix);
  if (typeof wanted.exists === 'boolean') return wanted.exists === (value !== undefined);
  throw new NotUnderstood(`the event pattern ${JSON.stringify(wanted)}`);
}

/** Every field of the pattern is there with one of the values wanted; fields that it does not name do not matter. */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = (event as Readonly<Record<string, unknown>> | undefined)?.[field];
    if (!Array.isArray(wanted)) return matchesPattern(wanted as Pattern, value);
    const values = Array.isArray(value) ? value : [value];
    return (wanted as readonly Wanted[]).some(one => values.some(each => fits(one, each)));
  });
}

/** Rules of the default event bus that send events on to functions. */
export function readEventRules(template: Template): EventRule[] {
  return template
    .all<RuleProperties>('AWS::Events::Rule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ properties, constructPath }) => {
      if (properties.EventPattern === undefined) throw new NotUnderstood(`the rule ${constructPath} without a pattern`);
      const targets = properties.Targets ?? [];
      for (const target of targets)
        if (
          target.Input !== undefined ||
          target.InputTransformer !== undefined ||
          !target.Arn.startsWith('arn:aws:lambda:')
        )
          throw new NotUnderstood(`the target ${target.Arn} of ${constructPath}`);
      return { pattern: properties.EventPattern, functionArns: targets.map(({ Arn }) => Arn) };
    });
}

/** How often Lambda runs an event that nobody waits for. */
const ATTEMPTS = 3;

/** Hands an event to every function whose rule it fits; each is tried again as Lambda's asynchronous calls are. */
export async function sendEvent(
  rules: readonly EventRule[],
  event: unknown,
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
): Promise<void> {
  const targets = rules
    .filter(({ pattern }) => matchesPattern(pattern, event))
    .flatMap(({ functionArns }) => functionArns);
  await Promise.all(
    targets.map(async functionArn => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const done = await invoke(functionArn, event).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    }),
  );
}
