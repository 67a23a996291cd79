export type FormValue = string | FormValue[] | Form;
export interface Form {
  [name: string]: FormValue;
}

/** Stripe's form encoding: `a[b]=1`, `a[0][b]=1`, `a[]=1`. Names that reach the prototype are plain names here. */
export function parseForm(encoded: string): Form {
  const root = emptyForm();
  for (const [name, value] of new URLSearchParams(encoded)) {
    const [first = '', ...rest] = name.split('[');
    place(root, [first, ...rest.map(part => part.replace(/\]$/, ''))], value);
  }
  return withLists(root);
}

const emptyForm = (): Form => Object.create(null) as Form;

function place(form: Form, [name = '', ...rest]: string[], value: string): void {
  const key = name === '' ? String(Object.keys(form).length) : name;
  if (rest.length === 0) {
    form[key] = value;
    return;
  }
  const inner = form[key];
  const next = isForm(inner) ? inner : emptyForm();
  form[key] = next;
  place(next, rest, value);
}

function withLists(form: Form): Form {
  for (const [name, value] of Object.entries(form)) {
    if (!isForm(value)) continue;
    const inner = withLists(value);
    const keys = Object.keys(inner);
    form[name] = keys.length > 0 && keys.every((key, index) => key === String(index)) ? Object.values(inner) : inner;
  }
  return form;
}

export const isForm = (value: FormValue | undefined): value is Form =>
  typeof value === 'object' && !Array.isArray(value);
