/** pdfmake's own classes, from modules of the old form; a bundle takes them from their source (`infra/standIns.ts`). */
import layout = require('pdfmake/js/LayoutBuilder.js');
import documents = require('pdfmake/js/PDFDocument.js');
import rendering = require('pdfmake/js/Renderer.js');

export const LayoutBuilder = layout.default;
export const PDFDocument = documents.default;
export const Renderer = rendering.default;
