/** Classes of pdfmake that its own types leave out, as far as the press uses them. */

declare module 'fontkit' {
  /** Only of what stands in its place in a bundle (`infra/functions/lateFontkit.ts`). */
  export const load: undefined | (() => Promise<void>);
}

declare module '*/unicode-trie/index.js' {
  class UnicodeTrie {
    constructor(packed: Uint8Array);
    get(codePoint: number): number;
  }
  export = UnicodeTrie;
}

declare module '*/pdfmake/src/StyleContextStack.js' {
  type Styled = Readonly<Record<string, unknown>>;

  export default class StyleContextStack {
    constructor(styleDictionary: unknown, defaultStyle: Styled);
    readonly styleDictionary: unknown;
    readonly defaultStyle: Styled;
    /** Nodes, and names of styles. */
    styleOverrides: (Styled | string)[];
    clone(): StyleContextStack;
    getProperty(property: string): unknown;
    static getStyleProperty(
      node: Styled,
      styles: StyleContextStack | undefined,
      property: string,
      otherwise: unknown,
    ): unknown;
  }
}

declare module '*/fontkit/dist/module.mjs' {
  export function create(bytes: Uint8Array, name?: string): unknown;
}

declare module 'pdfmake/js/PDFDocument.js' {
  import type { Readable } from 'node:stream';

  /** A font of pdfkit: bound to the one document that it was opened for. */
  export interface DocumentFont {
    id: string;
    document: PDFDocument;
    /** The parsed file: metrics of a standard font, or fontkit's font. */
    readonly font: ParsedFont;
    subset?: unknown;
    unicode?: number[][];
    widths?: number[];
    dictionary?: unknown;
    embedded?: boolean;
    ref(): unknown;
    /** Ours: see `FontShelf`. */
    codes?(text: string): string;
    layoutCached?(text: string): unknown;
    layoutRun?(text: string, features?: Readonly<Record<string, boolean>>): unknown;
    encode(text: string, features?: unknown): [codes: string[], positions: readonly GlyphPosition[]];
    widthOfString(text: string, size: number, features?: unknown): number;
  }

  /** fontkit's font has subsets and glyphs, a standard font the rest. */
  export interface ParsedFont {
    createSubset?(): unknown;
    getGlyph?(id: number): { readonly advanceWidth: number };
    readonly attributes?: Readonly<Record<string, string>>;
    glyphWidths?: Readonly<Record<string, number>>;
    readonly kernPairs?: Readonly<Record<string, number>>;
    characterToGlyph?(code: number): string;
    getKernPair?(left: string, right: string | undefined): number;
  }

  /** In thousandths of the font's size; the difference of the two is kerning. */
  export interface GlyphPosition {
    readonly xAdvance: number;
    readonly advanceWidth: number;
  }

  /** A picture of pdfkit. */
  export interface DocumentImage {
    embed(document: PDFDocument): void;
  }

  export interface DocumentOptions {
    readonly size?: readonly [number, number];
    readonly pdfVersion?: string;
    readonly lang?: string;
    readonly displayTitle?: boolean;
    readonly autoFirstPage?: boolean;
    readonly info?: Readonly<Record<string, unknown>>;
    readonly font?: null;
  }

  export default class PDFDocument extends Readable {
    constructor(
      fonts: Readonly<Record<string, Readonly<Record<string, string>>>>,
      images: object,
      patterns: object,
      attachments: object,
      options: DocumentOptions,
      virtualfs: null,
      localAccessPolicy: (path: string) => boolean,
    );
    readonly page: { write(content: string): unknown; readonly fonts: Record<string, unknown> } | null;
    _font: DocumentFont;
    readonly _imageRegistry: Record<string, DocumentImage>;
    openImage(bytes: Uint8Array): DocumentImage;
    provideImage(name: string): DocumentImage;
    readonly _fontFamilies: Record<string, DocumentFont>;
    _fontCount: number;
    font(source: string): this;
    getFontFile(family: string, bold?: boolean, italics?: boolean): string | null;
    provideFont(family: string, bold?: boolean, italics?: boolean): DocumentFont;
    _offset: number;
    _write(part: string | Buffer): void;
    addContent(content: string): this;
    flushPages(): void;
    endMetadata(): void;
    end(): void;
  }
}

declare module 'pdfmake/js/LayoutBuilder.js' {
  import type { Content, DynamicContent, Style } from 'pdfmake/interfaces';
  import type PDFDocument from 'pdfmake/js/PDFDocument.js';
  import type { DocumentFont } from 'pdfmake/js/PDFDocument.js';

  export interface LaidPage {
    readonly pageSize: { readonly width: number; readonly height: number };
    items: readonly LaidItem[];
  }
  export type LaidItem =
    | { readonly type: 'vector'; readonly item: Vector }
    | { readonly type: 'line'; readonly item: LaidLine }
    | { readonly type: 'image'; readonly item: object };
  export interface Vector {
    readonly type: string;
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly r?: number;
    readonly color?: unknown;
    readonly lineColor?: unknown;
    readonly fillOpacity?: number;
    readonly linearGradient?: unknown;
    /** Ours: areas drawn on this one, at their places in it. See `Setter`. */
    readonly areas?: readonly Area[];
  }
  export interface Area {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly color?: unknown;
  }
  /** A QR code as it was measured: its ground, then its dark modules. */
  export interface MeasuredQr {
    _canvas: Vector[];
  }
  export interface LaidLine {
    readonly inlines: readonly Inline[];
    getHeight(): number;
    getAscenderHeight(): number;
  }
  /** A word with the space after it, or a text that must not wrap. */
  export interface Inline {
    readonly text: string;
    readonly x: number;
    readonly font: DocumentFont;
    readonly fontSize: number;
    readonly color: unknown;
    readonly opacity?: number;
    readonly background?: unknown;
    readonly decoration?: unknown;
    readonly link?: unknown;
    readonly fontFeatures?: unknown;
    readonly characterSpacing?: number;
  }

  export default class LayoutBuilder {
    constructor(
      pageSize: { readonly width: number; readonly height: number; readonly orientation: string },
      pageMargins: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
      svgMeasure: object,
    );
    registerTableLayouts(layouts: object): void;
    processQr(node: MeasuredQr): void;
    layoutDocument(
      content: Content,
      document: PDFDocument,
      styles: object,
      defaultStyle: Style,
      background: undefined,
      header: undefined,
      footer: DynamicContent | undefined,
    ): LaidPage[];
  }
}

declare module 'pdfmake/js/Renderer.js' {
  import type { LaidLine, LaidPage, Vector } from 'pdfmake/js/LayoutBuilder.js';
  import type PDFDocument from 'pdfmake/js/PDFDocument.js';

  export default class Renderer {
    constructor(document: PDFDocument);
    readonly pdfDocument: PDFDocument;
    renderPages(pages: readonly LaidPage[]): void;
    renderLine(line: LaidLine, x: number, y: number): void;
    renderVector(vector: Vector): void;
  }
}
