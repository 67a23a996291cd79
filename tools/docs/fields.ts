import { type Html, html, type Insert } from './html';
import { components, type Schema } from './schemas';

/** Which of the fields say so: what a body must have, or what an answer may lack. */
type Marked = 'required' | 'optional';

/** The fields of a body or an answer, inner ones by their path: `sessions[].lines[].units`. */
export function fieldList(schema: Schema, marked: Marked): Insert {
  const shapes = shapesOf(schema);
  if (shapes.length > 1) return html`<p>One of these:</p>${shapes.map(shape => fieldList(shape, marked))}`;
  const fields = fieldsOf(schema, '', marked);
  return fields.length > 0 && html`<ul class="fields">${fields}</ul>`;
}

function fieldsOf({ properties = {}, required = [] }: Schema, path: string, marked: Marked): Html[] {
  return Object.entries(properties).flatMap(([name, inner]) => {
    const mark = required.includes(name) === (marked === 'required') && marked;
    const line = html`<li><code>${path + name}</code> <span class="type">${typeOf(inner)}</span>${mark && html` <b>${mark}</b>`}${noteOf(inner)}</li>`;
    return [line, ...innerFields(inner, path + name, marked)];
  });
}

function innerFields(schema: Schema, path: string, marked: Marked): Html[] {
  if (schema.items) return innerFields(schema.items, `${path}[]`, marked);
  return shapesOf(schema).flatMap(shape => fieldsOf(shape, `${path}.`, marked));
}

/** What a value may be, without `null`, which its type tells. */
const shapesOf = (schema: Schema): readonly Schema[] => {
  const options = (schema.anyOf ?? schema.oneOf)?.filter(option => option.type !== 'null');
  return options ? options.flatMap(shapesOf) : [schema];
};

export function typeOf(schema: Schema): Insert {
  if (schema.$ref) return objectLink(schema.$ref.slice(components.length));
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return either(schema.enum.map(value => html`<code>${value}</code>`));
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return either(options.map(typeOf));
  if (schema.items) return html`list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object')
    return html`object by name, of ${typeOf(schema.additionalProperties)}`;
  return formats[schema.format ?? ''] ?? schema.type ?? 'any value';
}

export const objectLink = (name: string): Html => html`<a href="#object-${name}">${name}</a>`;

const formats: Readonly<Record<string, string>> = { date: 'date', 'date-time': 'instant', email: 'e-mail address' };

const either = (options: readonly Insert[]): Insert =>
  options.map((option, at) => (at === 0 ? option : [' or ', option]));

function noteOf(schema: Schema): Insert {
  const notes = [
    schema.description,
    ...limitsOf(schema),
    schema.items && [schema.items.description, ...limitsOf(schema.items)].filter(Boolean).join(', '),
  ].filter(Boolean);
  return notes.length > 0 && html` <span class="note">${notes.join('; ')}</span>`;
}

const range = (min: number | undefined, max: number | undefined): string | false =>
  max !== undefined &&
  (min ? `${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}` : `at most ${max.toLocaleString('en-US')}`);

function limitsOf(schema: Schema): (string | false)[] {
  const letters = range(schema.minLength, schema.maxLength);
  const entries = range(schema.minItems, schema.maxItems);
  return [
    letters && `${letters} characters`,
    entries && `${entries} entries`,
    range(schema.minimum, schema.maximum),
    schema.default !== undefined && `${JSON.stringify(schema.default)} unless given`,
  ];
}
