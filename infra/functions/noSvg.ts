/** A tenth of the code that makes PDFs draws SVG. Our papers have none. */
export default function drawSvg(): never {
  throw new Error('Papers have no SVG');
}
