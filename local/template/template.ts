import { ACCOUNT_ID } from '../aws/arns';
import { type Assembly, type Json, type JsonObject, NotUnderstood, type Stack } from './assembly';
import { attributeOf, type Made, nameOf, refOf } from './attributes';

/** A resource with its intrinsics resolved; `P` is what its reader expects of the type's properties. */
export interface Declared<P> extends Made {
  readonly ref: string;
  readonly properties: P;
  /** `Bills/createBill/Function`: the construct's way in the tree, for people. */
  readonly constructPath: string;
}

export interface Outside {
  /** The value of a secret, whole or one field of its JSON. */
  secret(id: string, field?: string): string;
  /** Turns AWS's addresses into this machine's. */
  address(text: string): string;
}

const functions = new Set([
  'Ref',
  'Fn::GetAtt',
  'Fn::Join',
  'Fn::Sub',
  'Fn::Select',
  'Fn::Split',
  'Fn::GetStackOutput',
  'Fn::ImportValue',
]);

const secretReference = /\{\{resolve:secretsmanager:(.+?)(?::SecretString(?::([^:}]*))?(?::[^:}]*)?(?::[^:}]*)?)?\}\}/g;

/** Reads the synthesised stacks as CloudFormation would deploy them. Resources are known by stack *and* logical id. */
export class Template {
  readonly #stacks: ReadonlyMap<string, Stack>;

  constructor(
    readonly assembly: Assembly,
    private readonly outside: Outside,
  ) {
    this.#stacks = new Map(assembly.stacks.map(stack => [stack.name, stack]));
  }

  all<P>(type: string): Declared<P>[] {
    return this.assembly.stacks.flatMap(stack =>
      Object.entries(stack.resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => {
          const made = this.made(stack, logicalId);
          const path = resource.Metadata?.['aws:cdk:path'];
          return {
            ...made,
            // Asked for only where somebody needs it: not every kind of resource has one here.
            get ref() {
              return refOf(made);
            },
            properties: this.resolve(resource.Properties ?? {}, stack) as P,
            constructPath: typeof path === 'string' ? path.replace(/\/Resource$/, '') : `${stack.name}/${logicalId}`,
          };
        }),
    );
  }

  /** Names and places of resources without their properties: what must be known before anything is resolved. */
  made(stack: Stack, logicalId: string): Made {
    const resource = stack.resources[logicalId];
    if (resource === undefined) throw new Error(`${stack.name} has no resource ${logicalId}`);
    const place = { stack: stack.name, region: stack.region, logicalId };
    const name = nameOf(resource.Type, resource.Properties ?? {}, place);
    return { ...place, type: resource.Type, name: typeof name === 'string' ? name : String(this.resolve(name, stack)) };
  }

  /** The outputs of all stacks, as a deploy prints them. */
  outputs(): Readonly<Record<string, Json>> {
    const all = this.assembly.stacks.flatMap(stack =>
      Object.entries(stack.outputs)
        // The weak references' own outputs are nobody's business.
        .filter(([name]) => !name.startsWith('ExportsOutput'))
        .map(([name, { Value }]) => [name, this.resolve(Value, stack)] as const),
    );
    return Object.fromEntries(all);
  }

  /** `Arn`, `QueueUrl`, … as `Fn::GetAtt` would give it. */
  attribute(made: Made, attribute: string): string {
    return this.outside.address(attributeOf(made, attribute));
  }

  resolve(value: Json, stack: Stack): Json {
    if (typeof value === 'string') return this.outside.address(this.#secrets(value));
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map(part => this.resolve(part, stack)).filter(part => part !== noValue);
    const [key, ...more] = Object.keys(value);
    if (key !== undefined && more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
      if (!functions.has(key)) throw new NotUnderstood(`${key} in stack ${stack.name}`);
      const resolved = this.#intrinsic(key, value[key] ?? null, stack);
      return typeof resolved === 'string' ? this.outside.address(this.#secrets(resolved)) : resolved;
    }
    const parts = Object.entries(value).map(([name, part]) => [name, this.resolve(part, stack)] as const);
    return Object.fromEntries(parts.filter(([, part]) => part !== noValue));
  }

  #intrinsic(key: string, argument: Json, stack: Stack): Json {
    switch (key) {
      case 'Ref':
        return this.#ref(String(argument), stack);
      case 'Fn::GetAtt': {
        const [logicalId, ...attribute] = isList(argument) ? argument.map(String) : String(argument).split('.');
        return attributeOf(this.made(stack, logicalId ?? ''), attribute.join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = this.#pair(argument, stack);
        return asList(parts, key).map(String).join(String(separator));
      }
      case 'Fn::Split': {
        const [separator, text] = this.#pair(argument, stack);
        return String(text).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, list] = this.#pair(argument, stack);
        return asList(list, key)[Number(index)] ?? '';
      }
      case 'Fn::Sub':
        return this.#substitute(argument, stack);
      case 'Fn::GetStackOutput':
        return this.#stackOutput(argument, stack);
      default:
        return this.#importValue(String(this.resolve(argument, stack)));
    }
  }

  #ref(name: string, stack: Stack): Json {
    const pseudo: Readonly<Record<string, Json>> = {
      'AWS::AccountId': ACCOUNT_ID,
      'AWS::Region': stack.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::NoValue': noValue,
    };
    const known = pseudo[name];
    if (known !== undefined) return known;
    const parameter = stack.parameters[name];
    if (parameter !== undefined) return parameter.Default ?? '';
    return refOf(this.made(stack, name));
  }

  #substitute(argument: Json, stack: Stack): string {
    const [text, own] = isList(argument) ? argument : [argument, {}];
    const values = (own ?? {}) as JsonObject;
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      const value = values[name];
      if (value !== undefined) return String(this.resolve(value, stack));
      const asked = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
      return String(this.resolve(asked, stack));
    });
  }

  /** The weak reference of the recommended flags: the other stack is asked by name when this one is deployed. */
  #stackOutput(argument: Json, stack: Stack): Json {
    const { StackName, OutputName } = this.resolve(argument, stack) as { StackName?: string; OutputName?: string };
    const other = this.#stacks.get(StackName ?? '');
    const output = other?.outputs[OutputName ?? ''];
    if (other === undefined || output === undefined)
      throw new Error(`${stack.name} asks for the output ${OutputName} of ${StackName}, which is not there`);
    return this.resolve(output.Value, other);
  }

  #importValue(name: string): Json {
    for (const stack of this.assembly.stacks)
      for (const { Value, Export } of Object.values(stack.outputs))
        if (Export !== undefined && this.resolve(Export.Name, stack) === name) return this.resolve(Value, stack);
    throw new Error(`No stack exports ${name}`);
  }

  #pair(argument: Json, stack: Stack): readonly [Json, Json] {
    const [first = null, second = null] = asList(argument, 'an intrinsic').map(part => this.resolve(part, stack));
    return [first, second];
  }

  #secrets(text: string): string {
    if (!text.includes('{{resolve:')) return text;
    const resolved = text.replace(secretReference, (_whole, id: string, field?: string) =>
      field ? this.outside.secret(id, field) : this.outside.secret(id),
    );
    if (/\{\{resolve:[^}]*\}\}/.test(resolved)) throw new NotUnderstood(`the reference ${resolved}`);
    return resolved;
  }
}

/** Stands for `AWS::NoValue` until the object or list that holds it leaves it out. */
const noValue: JsonObject = Object.freeze({});

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function asList(value: Json, what: string): readonly Json[] {
  if (!isList(value)) throw new NotUnderstood(`${what} of ${JSON.stringify(value)}`);
  return value;
}
