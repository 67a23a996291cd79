import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces';

/**
 * Renders a definition to bytes: the same definition, the same bytes (its creation date is part of it, and from that
 * derives the file's id). The definition is consumed: rendering writes into it.
 */
export async function renderPdf(definition: TDocumentDefinitions): Promise<Buffer> {
  const pdfmake = await printer();
  return pdfmake.createPdf(definition).getBuffer();
}

type Printer = typeof import('pdfmake');
let loading: Promise<Printer> | undefined;

/** pdfmake takes 100 ms to load: only who renders pays for it, and only once. */
const printer = (): Promise<Printer> => {
  loading ??= load();
  return loading;
};

async function load(): Promise<Printer> {
  const loaded: Printer & { default?: Printer } = await import('pdfmake');
  const pdfmake = loaded.default ?? loaded;
  const fonts = fontFiles();
  const allowed = new Set(Object.values(fonts).flatMap(font => Object.values(font)));
  pdfmake.setFonts(fonts);
  // A document never fetches anything, and of the disk it sees its fonts only.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(file => allowed.has(file));
  return pdfmake;
}

function fontFiles(): TFontDictionary {
  const roboto = (weight: 'Regular' | 'Medium'): string => path.join(robotoFolder(), `Roboto-${weight}.ttf`);
  return {
    Helvetica: { normal: 'Helvetica', bold: 'Helvetica-Bold' },
    Roboto: { normal: roboto('Regular'), bold: roboto('Medium') },
  };
}

/** In a bundle the fonts lie in `data/` beside the code, where pdfkit also looks for Helvetica's metrics. */
function robotoFolder(): string {
  if (typeof __dirname === 'string') {
    const beside = path.join(__dirname, 'data');
    if (existsSync(path.join(beside, 'Roboto-Regular.ttf'))) return beside;
  }
  const installed = createRequire(path.join(process.cwd(), 'package.json')).resolve('pdfmake/package.json');
  return path.join(path.dirname(installed), 'fonts/Roboto');
}
