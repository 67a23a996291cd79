import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { invariant } from '../shared/domain/invariant';

/** What goes: from the one text up to the other, which stays; and what stands there instead. */
interface Cut {
  readonly from: string;
  readonly to: string;
  readonly instead?: string;
}

const mixin = (name: string, instead = ''): Cut => ({
  from: `mixin(${name}Mixin);`,
  to: '\n',
  instead: instead && `mixin({ ${instead} });`,
});
const refused = (what: string): string => `throw new Error('Papers have no ${what}');`;

/** What papers have no use for. Of what the document's class calls nevertheless, nothing was done for them. */
const cuts: readonly Cut[] = [
  mixin('Metadata', 'initMetadata() {}'),
  mixin('Annotations'),
  mixin('Markings', 'initMarkings() {}, hasMarkInfoDictionary() {}, endPageMarkings() {}, endMarkings() {}'),
  mixin('AcroForm', 'endAcroForm() {}'),
  mixin('Attachments'),
  mixin('Subset', 'initSubset() {}'),
  mixin('Table', 'initTables() {}'),
  // Encryption: of its class, a file's id alone is asked for.
  { from: '  static generateRandomWordArray(', to: '}\nfunction getPermissionsR2(', instead: 'static create() {}\n' },
  {
    from: 'const {\n  PDFGradient,',
    to: 'var ColorMixin',
    instead: 'class PDFGradient {}\nclass PDFTilingPattern {}\n',
  },
  { from: '  linearGradient(x1', to: '  addSpotColor(' },
  { from: '    SVGPath.apply(', to: '    return this;', instead: refused('curves by name') },
  // Lines are broken by pdfmake.
  { from: 'PDFDocument.LineWrapper = ', to: '\n' },
  { from: '        wrapper = new LineWrapper(', to: "        wrapper.on('line'", instead: refused('text of a width') },
  { from: '  boundsOfString(', to: '  heightOfString(' },
  { from: '  list(list, ', to: '  _initOptions(' },
];

/**
 * More than half of pdfkit is for documents unlike our papers. It comes as one file whose parts are mixed into one class,
 * of which esbuild can leave out nothing; a cold function read it all before its first PDF. A cut that does not find its
 * place once, after an upgrade, ends the build.
 */
export const pdfkitCuts: Plugin = {
  name: 'pdfkit without what papers have no use for',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]pdfkit[\\/]js[\\/]pdfkit\.es\.js$/ }, async ({ path }) => ({
      contents: cuts.reduce(without, await readFile(path, 'utf8')),
    }));
  },
};

function without(source: string, { from, to, instead = '' }: Cut): string {
  const start = source.indexOf(from);
  const end = source.indexOf(to, start + from.length);
  const found = start >= 0 && end > start && source.indexOf(from, start + 1) < 0;
  invariant(found, `pdfkit has ${from.trim()} once, and ${to.trim()} after it`);
  return source.slice(0, start) + instead + source.slice(end);
}
