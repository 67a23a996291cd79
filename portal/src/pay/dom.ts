type Child = Node | string | false | undefined;
type Attributes = Readonly<Record<string, string | boolean | EventListener | undefined>>;

/** One element; text goes in as text, so nothing that a server or a person wrote is ever read as markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== false && child !== undefined));
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

const paths = {
  lock: 'M5 13a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2zM11 16a1 1 0 1 0 2 0a1 1 0 0 0-2 0M8 11V7a4 4 0 1 1 8 0v4',
  file: 'M14 3v4a1 1 0 0 0 1 1h4M17 21H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7l5 5v11a2 2 0 0 1-2 2zM9 9h1M9 13h6M9 17h6',
  check: 'M5 12l5 5L20 7',
  download: 'M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 11l5 5l5-5M12 4v12',
  mail: 'M3 7a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM3 7l9 6l9-6',
} as const;

/** Decoration beside a word that says the same. */
export function icon(name: keyof typeof paths): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svgNamespace, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

/** A sentence in which one word (a bill's number) never breaks over two lines. */
export function unbroken(sentence: string, word: string): Node[] {
  return sentence
    .split(word)
    .flatMap((text, index) => [
      ...(index > 0 ? [el('span', { class: 'unbroken' }, word)] : []),
      document.createTextNode(text),
    ]);
}

/** A part of the page that its HTML always has. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** A labelled input whose hint and error are read with it. */
export function field(options: {
  id: string;
  label: string;
  value: string;
  attributes: Attributes;
  hint?: string | undefined;
  error?: string | undefined;
}): HTMLElement {
  const { id, label, value, attributes, hint, error } = options;
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const input = el('input', {
    ...attributes,
    id,
    name: id,
    ...(described ? { 'aria-describedby': described } : {}),
    ...(error ? { 'aria-invalid': 'true' } : {}),
  });
  input.value = value;
  return el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label),
    input,
    error !== undefined && el('p', { class: 'error', id: `${id}-error` }, error),
    hint !== undefined && el('p', { class: 'hint', id: `${id}-hint` }, hint),
  );
}
