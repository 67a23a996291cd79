/** What stands in a bundle for `shared/documents/pdfmakeClasses.ts`. */
export { default as LayoutBuilder } from 'pdfmake/js/LayoutBuilder.js';
export { default as PDFDocument } from 'pdfmake/js/PDFDocument.js';
export { default as Renderer } from 'pdfmake/js/Renderer.js';
