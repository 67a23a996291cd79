import type { DocumentFont, DocumentImage, DocumentOptions } from 'pdfmake/js/PDFDocument.js';
import { invariant } from '../domain/invariant';
import type { Paper } from './paper';
import { FontShelf, fontFiles } from './pdfFonts';
import { LayoutBuilder, PDFDocument } from './pdfmakeClasses';
import { Pen } from './pen';

export interface Press {
  readonly fonts: FontShelf;
  print(paper: Paper): Promise<Buffer>;
}

/**
 * pdfmake, put together from its own classes as its `Printer` does, but with fonts that outlive a document. The seam is
 * `PDFDocument.provideFont`, which layout and drawing ask for each font. What our papers have no use for is left out:
 * attachments, watermarks, SVG, pictures by address.
 */
export function openPress(): Press {
  const files = fontFiles();
  const fonts = new FontShelf(source => new Sheet({}, files, {}).font(source)._font);
  return { fonts, print: paper => print(paper, files, fonts) };
}

async function print(paper: Paper, files: FontFiles, fonts: FontShelf): Promise<Buffer> {
  const { content, defaultStyle, footer, pageSize, pageMargins, language, info, pictures } = paper;
  const [left, top, right, bottom] = pageMargins;
  if (defaultStyle.font !== 'Helvetica') await loadEmbedding();
  const sheet = new Sheet({ lang: language, displayTitle: true, info: infoOf(info) }, files, { fonts, pictures });
  const builder = new LayoutBuilder({ ...pageSize, orientation: 'portrait' }, { left, top, right, bottom }, {});
  const pages = builder.layoutDocument(content, sheet, {}, defaultStyle, undefined, undefined, footer);
  new Pen(sheet).renderPages(pages);
  return bytesOf(sheet);
}

/** By events: reading a stream in a loop takes a part of Node with it that is loaded only for that. */
function bytesOf(sheet: Sheet): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    sheet.on('data', (chunk: Buffer) => chunks.push(chunk));
    sheet.on('end', () => resolve(Buffer.concat(chunks)));
    sheet.on('error', reject);
    sheet.end();
  });
}

/** In a bundle the code that reads font files is loaded only now; elsewhere it came along with pdfkit. */
async function loadEmbedding(): Promise<void> {
  const { load } = await import('fontkit');
  await load?.();
}

/** The dictionary's keys are capitalised in the file. */
const infoOf = (info: Paper['info']): Record<string, unknown> =>
  Object.fromEntries(Object.entries(info).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]));

type FontFiles = ReturnType<typeof fontFiles>;

interface Supplies {
  readonly fonts?: FontShelf;
  readonly pictures?: Paper['pictures'];
}

class Sheet extends PDFDocument {
  readonly #shelf: FontShelf | undefined;
  readonly #pictures: Paper['pictures'];
  readonly #fonts = new Map<string, DocumentFont>();
  #drawn: string[] = [];

  constructor(options: DocumentOptions, files: FontFiles, { fonts, pictures = {} }: Supplies) {
    // A document never fetches anything, and of the disk it sees its fonts only.
    super(files, {}, {}, {}, { ...options, pdfVersion: '1.7', autoFirstPage: false, font: null }, null, () => false);
    this.#shelf = fonts;
    this.#pictures = pictures;
  }

  override provideFont(family: string, bold = false, italics = false): DocumentFont {
    const source = this.getFontFile(family, bold, italics);
    invariant(source && this.#shelf, `there is no font ${family}`);
    const font = this.#fonts.get(source) ?? this.#shelf.for(this, source);
    this.#fonts.set(source, font);
    return font;
  }

  /** pdfmake would look for words in the picture's bytes; ours are never text. */
  override provideImage(name: string): DocumentImage {
    const known = this._imageRegistry[name];
    if (known) return known;
    const bytes = this.#pictures[name];
    invariant(bytes, `there is no picture ${name}`);
    const image = this.openImage(bytes);
    image.embed(this);
    this._imageRegistry[name] = image;
    return image;
  }

  /** A page's drawing is gathered, since pdfkit makes a buffer of each of its thousands of operations. */
  override addContent(content: string): this {
    this.#drawn.push(content);
    return this;
  }

  override flushPages(): void {
    if (this.page && this.#drawn.length > 0) this.page.write(this.#drawn.join('\n'));
    this.#drawn = [];
    super.flushPages();
  }

  /** pdfkit would write title and author into XML unescaped; both stand in the file's dictionary. */
  override endMetadata(): void {}
}
