import type { Area, MeasuredQr, Vector } from 'pdfmake/js/LayoutBuilder.js';
import { LayoutBuilder } from './pdfmakeClasses';

/**
 * pdfmake's layout, but for QR codes: it would place each of some four hundred dark modules, and copy it from place to
 * place. Here a code is one area with others on it, which `Pen` draws.
 */
export class Setter extends LayoutBuilder {
  override processQr(node: MeasuredQr): void {
    node._canvas = asOne(node._canvas);
    super.processQr(node);
  }
}

function asOne([ground, ...modules]: readonly Vector[]): Vector[] {
  return ground ? [{ ...ground, areas: joined(modules) }] : [];
}

/** Modules side by side become one area: fewer, and without the hairlines that some readers leave between them. */
function joined(modules: readonly Area[]): Area[] {
  const areas: Area[] = [];
  let left: { x: number; y: number; w: number; h: number; color?: unknown } | undefined;
  for (const { x, y, w, h, color } of modules) {
    if (left && left.y === y && left.x + left.w === x) left.w += w;
    else {
      left = { x, y, w, h, color };
      areas.push(left);
    }
  }
  return areas;
}
