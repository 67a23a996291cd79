import * as fontkit from 'fontkit';
import type { DocumentFont, DocumentImage, DocumentOptions } from 'pdfmake/js/PDFDocument.js';
import { invariant } from '../domain/invariant';
import type { Paper } from './paper';
import { FontShelf, fontFiles } from './pdfFonts';
import { PDFDocument } from './pdfmakeClasses';
import { Pen } from './pen';
import { Setter } from './setter';

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
  let blank: Sheet | undefined;
  const fonts = new FontShelf(source => {
    blank ??= new Sheet({}, files, {});
    return blank.font(source)._font;
  });
  return { fonts, print: paper => print(paper, files, fonts) };
}

async function print(paper: Paper, files: FontFiles, fonts: FontShelf): Promise<Buffer> {
  const { content, defaultStyle, footer, pageSize, pageMargins, language, info, pictures } = paper;
  const [left, top, right, bottom] = pageMargins;
  // In a bundle the code that reads font files is loaded only now; elsewhere it came along with pdfkit.
  if (defaultStyle.font !== 'Helvetica') await fontkit.load?.();
  const sheet = new Sheet({ lang: language, displayTitle: true, info: infoOf(info) }, files, { fonts, pictures });
  const builder = new Setter({ ...pageSize, orientation: 'portrait' }, { left, top, right, bottom }, {});
  const pages = builder.layoutDocument(content, sheet, {}, defaultStyle, undefined, undefined, footer);
  new Pen(sheet).renderPages(pages);
  return sheet.finish();
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
  #whenFinished: ((bytes: Buffer) => void) | undefined;
  /** Without a first value: the head is written before fields have theirs. */
  declare parts: (string | Buffer)[] | undefined;

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

  /** Gathered too: to be a stream, chunk by chunk, costs a cold function more than to make the bytes. */
  override _write(part: string | Buffer): void {
    const written = typeof part === 'string' ? `${part}\n` : part;
    this.parts ??= [];
    this.parts.push(written);
    this._offset += written.length;
  }

  /** pdfkit's way to say that all is written. */
  override push(_end: null): boolean {
    const bytes = (this.parts ?? []).map(part => (typeof part === 'string' ? part : part.toString('latin1')));
    this.#whenFinished?.(Buffer.from(bytes.join(''), 'latin1'));
    return false;
  }

  /** At once, but where a picture is still being decoded. */
  finish(): Promise<Buffer> {
    return new Promise(resolve => {
      this.#whenFinished = resolve;
      this.end();
    });
  }

  override flushPages(): void {
    if (this.page && this.#drawn.length > 0) this.page.write(this.#drawn.join('\n'));
    this.#drawn = [];
    super.flushPages();
  }

  /** pdfkit would write title and author into XML unescaped; both stand in the file's dictionary. */
  override endMetadata(): void {}
}
