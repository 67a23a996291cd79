// A cold process: makes one bill's PDF, and ends. Built as a function is.
import { billDocument } from '../shared/documents/billDocument';
import { renderPdf } from '../shared/documents/pdf';
import { paperBill } from '../test/fixtures/paperBill';

const bytes = await renderPdf(billDocument(paperBill()));
process.exit(bytes.subarray(0, 5).toString() === '%PDF-' ? 0 : 1);
