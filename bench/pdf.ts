import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { TDocumentDefinitions } from 'pdfmake/interfaces';
import { bundleFunctions } from '../infra/bundle';
import { billDocument } from '../shared/documents/billDocument';
import type { Paper } from '../shared/documents/paper';
import { renderPdf } from '../shared/documents/pdf';
import { bills } from '../test/fixtures/papers';
import { processTime } from './coldStart';
import { median } from './figures';

export interface PdfFigure {
  readonly name: string;
  readonly milliseconds: number;
  /** Against the same paper by pdfmake as it comes, with Roboto embedded; a cold process, against an empty one. */
  readonly ratio: number;
  /** What issue 5 allows. */
  readonly most: number;
}

export interface PdfFigures {
  readonly speed: readonly PdfFigure[];
  /** Of a bill of one page, QR code included. */
  readonly bytes: number;
}

/** One kind of paper, rendered both ways in turn, so that a busy machine slows both alike. */
const kinds = [
  { name: 'a bill of one page', paper: 'bill of an insured client', rounds: 60, most: 1 / 5 },
  { name: 'a bill of 300 lines', paper: 'bill of 300 lines', rounds: 12, most: 0.65 },
  { name: 'a bill in many scripts (Noto Sans embedded)', paper: 'bill in many scripts', rounds: 30, most: 1 },
] as const;

export async function measurePdfs(coldRuns: number): Promise<PdfFigures> {
  const stock = stockPdfmake();
  const speed: PdfFigure[] = [];
  for (const { name, paper, rounds, most } of kinds) {
    const make = (): Paper => billDocument(bills[paper]);
    const [ours, theirs] = [[], []] as [number[], number[]];
    // The first rounds only let the machine learn the way.
    for (let round = -5; round < rounds; round += 1) {
      const [first, second] = [await timeOf(() => renderPdf(make())), await timeOf(() => stock(make()))];
      if (round < 0) continue;
      ours.push(first);
      theirs.push(second);
    }
    speed.push({ name, milliseconds: median(ours), ratio: median(ours) / median(theirs), most });
  }
  speed.push(await coldProcess(coldRuns));
  return { speed, bytes: (await renderPdf(billDocument(bills['bill of an insured client']))).length };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** pdfmake as its documentation has it: the public call, and Roboto from its own package. */
function stockPdfmake(): (paper: Paper) => Promise<Buffer> {
  const resolve = createRequire(path.resolve('package.json'));
  const pdfmake: typeof import('pdfmake') = resolve('pdfmake');
  const folder = path.join(path.dirname(resolve.resolve('pdfmake/package.json')), 'fonts/Roboto');
  const [normal, bold] = ['Regular', 'Medium'].map(weight => path.join(folder, `Roboto-${weight}.ttf`));
  pdfmake.setFonts({ Roboto: { normal: normal ?? '', bold: bold ?? '' } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(file => file === normal || file === bold);
  return ({ pageMargins: [left, top, right, bottom], ...paper }) => {
    const definition: TDocumentDefinitions = {
      ...paper,
      pageMargins: [left, top, right, bottom],
      // So that as many lines fit on a page as with ours.
      defaultStyle: { ...paper.defaultStyle, font: 'Roboto', lineHeight: 1 },
    };
    return pdfmake.createPdf(definition).getBuffer();
  };
}

/** From no process to the bytes, built as a function is: without a client of AWS, which a function has to load as well. */
async function coldProcess(runs: number): Promise<PdfFigure> {
  const folder = mkdtempSync(path.resolve('.build/pdf-'));
  try {
    const [built] = await bundleFunctions([{ name: 'firstPdf', entry: 'bench/firstPdf.ts' }], folder);
    const module = path.join(folder, built?.module ?? '');
    const [empty, first] = [[], []] as [number[], number[]];
    for (let run = 0; run <= runs; run += 1) {
      const [nothing, pdf] = [await processTime(['-e', '0'], {}, ''), await processTime([module], {}, '')];
      if (run === 0) continue;
      empty.push(nothing);
      first.push(pdf);
    }
    const name = 'the first one of a cold process';
    return { name, milliseconds: median(first), ratio: median(first) / median(empty), most: 3 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
