import { invariant } from '../../shared/domain/invariant';

interface Fontkit {
  create(bytes: Uint8Array, name?: string): unknown;
}

let fontkit: Fontkit | undefined;

/**
 * What pdfkit imports as `fontkit` in a bundle. It wants all of it at its start, but only embedded fonts need it, and most
 * documents have none: half of what a cold function took to its first PDF was loading this.
 */
export async function load(): Promise<void> {
  fontkit ??= await import('../../node_modules/fontkit/dist/module.mjs');
}

export function create(bytes: Uint8Array, name?: string): unknown {
  invariant(fontkit, 'fontkit is loaded before a font is opened');
  return fontkit.create(bytes, name);
}
