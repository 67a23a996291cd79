import * as z from 'zod';
import { invariant } from '../../shared/domain/invariant';
import { objectSchemas } from '../../shared/operations';
import { onDate, plainText } from '../../shared/operations/fields';

/** The part of JSON Schema 2020-12 that the contract uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export const components = '#/components/schemas/';

/** The ones with a name, which others refer to. */
const names = z.registry<{ id: string }>();
for (const [id, schema] of objectSchemas) names.add(schema, { id });

type Overridden = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0];

/** Takes out what says nothing, and puts in what a rule of the row says in words. */
function override({ zodSchema, jsonSchema }: Overridden): void {
  // The bounds of a safe integer, and the pattern behind a format, are noise; so is that a value is not changed in place.
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.readOnly;
  if (zodSchema === onDate) jsonSchema.format = 'date';
  const told = (zodSchema._zod.def.checks ?? []).flatMap(check => ruleOf(check._zod.def));
  const plain = jsonSchema.pattern === plainText.source;
  if (jsonSchema.format || plain) delete jsonSchema.pattern;
  if (told.length > 0 && !plain) jsonSchema.description = told.join(', ');
}

/** What a rule says when it is broken; a rule over several fields tells it field by field. */
function ruleOf({ check, error }: z.core.$ZodCheckDef): string[] {
  if (!error) return check === 'custom' ? ['rules between the fields hold; a 422 names the field and the rule'] : [];
  const told: unknown = Reflect.apply(error, undefined, [{}]);
  return typeof told === 'string' ? [told] : [];
}

/**
 * What the caller sends, or gets: schemas are read from their input side, since a body is what is sent before defaults and
 * units are put in, and an answer is what the handler gave, whose units add nothing that JSON could show. Readers shall
 * bear fields that are new, so an answer is not closed; bodies are strict by their own schema.
 */
export class Schemas {
  readonly named: Record<string, Schema> = {};

  of(schema: z.ZodType): Schema {
    const { $schema, $defs = {}, ...own } = z.toJSONSchema(schema, { io: 'input', metadata: names, override });
    for (const [name, named] of Object.entries($defs)) this.named[name] ??= relinked(named);
    return relinked(own);
  }

  /** An answer always has all of its fields: a default would say otherwise. */
  answer(schema: z.ZodType): Schema {
    const made = this.of(schema);
    invariant(!JSON.stringify(made).includes('"default":'), 'no answer has a default');
    return made;
  }

  /** What a reference stands for. */
  follow(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const found = this.named[schema.$ref.slice(components.length)];
    invariant(found, `${schema.$ref} is among the named schemas`);
    return found;
  }
}

const relinked = (schema: object): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${components}`));
