import { getBillPdf } from '../../../functions/bills/getBillPdf';
import { deletePracticeLogo } from '../../../functions/practice/deletePracticeLogo';
import { handler as getPractice } from '../../../functions/practice/getPractice';
import { getPracticeLogo } from '../../../functions/practice/getPracticeLogo';
import { putPracticeLogo } from '../../../functions/practice/putPracticeLogo';
import { serve } from '../../../shared/http/serve';
import { getBillPdfRow } from '../../../shared/operations/bills';
import {
  deletePracticeLogoRow,
  getPracticeLogoRow,
  getPracticeRow,
  putPracticeLogoRow,
} from '../../../shared/operations/practice';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';
import { logoBytes, type PngForm, png } from '../../fixtures/logos';

let oak: FrontDesk;
const documents = new MemoryDocuments();
beforeAll(async () => {
  oak = await FrontDesk.open();
});
afterAll(() => oak.close());
beforeEach(() => remove());

const [pngType, jpegType] = ['image/png', 'image/jpeg'] as const;
const put = (bytes: Buffer, type: string = pngType, { headers, ...asked }: Asked = {}) =>
  oak.ask(putPracticeLogoRow, serve(putPracticeLogoRow, putPracticeLogo(documents)), {
    base64: bytes.toString('base64'),
    headers: { 'content-type': type, ...headers },
    ...asked,
  });
const remove = (asked: Asked = {}) =>
  oak.ask(deletePracticeLogoRow, serve(deletePracticeLogoRow, deletePracticeLogo()), asked);
const fetched = (asked: Asked = {}) =>
  oak.ask(getPracticeLogoRow, serve(getPracticeLogoRow, getPracticeLogo(documents)), asked);
const told = async (desk = oak) => (await desk.ask(getPracticeRow, getPractice)).body.logo;
const pdfOf = async (billId: string): Promise<string> => {
  const handler = serve(getBillPdfRow, getBillPdf(documents));
  const { body } = await oak.ask(getBillPdfRow, handler, { path: { billId }, headers: { accept: 'application/pdf' } });
  return Buffer.from(body, 'base64').toString('latin1');
};
const pictureIn = (pdf: string): string[] =>
  [...pdf.matchAll(/\/Subtype \/Image[^>]*/g)].map(([image]) =>
    ['Width', 'Height'].map(side => new RegExp(`/${side} (\\d+)`).exec(image)?.[1]).join('x'),
  );

describe('a practice’s logo', () => {
  it('is told with its size and type, read from its bytes, and every member can fetch it', async () => {
    expect(await told()).toBeNull();
    const answer = await put(logoBytes('wide.png'));
    expect(answer).toMatchObject({ status: 200, body: { logo: { contentType: pngType, widthPx: 240, heightPx: 80 } } });
    await put(logoBytes('tall.jpg'), jpegType);
    expect(await told()).toEqual({ contentType: jpegType, widthPx: 90, heightPx: 120 });
    const { status, headers, body } = await fetched({ caller: oak.practice.scheduler });
    expect([status, headers['content-type']]).toEqual([200, jpegType]);
    expect(Buffer.from(body, 'base64').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('stands on documents made afterwards; one made before keeps its own when it is printed again', async () => {
    const plain = await oak.bill();
    await put(logoBytes('wide.png'));
    const withPng = await oak.bill();
    await put(logoBytes('tall.jpg'), jpegType);
    const withJpeg = await oak.bill();
    await remove();
    const afterwards = await oak.bill();
    const drawn = [];
    for (const { billId } of [plain, withPng, withJpeg, afterwards]) drawn.push(pictureIn(await pdfOf(billId)));
    // A picture with an alpha channel is two: its colours, and where they show.
    expect(drawn).toEqual([[], ['240x80', '240x80'], ['90x120'], []]);
  });

  it('is kept within its practice’s scope, once however often it is sent, and no other practice sees it', async () => {
    const before = documents.kept.size;
    await put(logoBytes('wide.png'));
    await put(logoBytes('wide.png'));
    const logos = [...documents.kept.keys()].filter(key => key.includes('/logos/'));
    expect(documents.kept.size).toBeLessThanOrEqual(before + 1);
    expect(logos.filter(key => !key.startsWith(`P/${oak.practiceId}/`))).toEqual([]);
    const elm = await oak.neighbour();
    expect(await told(elm)).toBeNull();
    expect((await fetched({ caller: elm.practice.admin })).body).toMatchObject({ code: 'not_found', what: 'logo' });
  });

  it('taken away is told as none, also twice', async () => {
    await put(logoBytes('wide.png'));
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204]);
    expect(await told()).toBeNull();
    expect((await fetched()).status).toBe(404);
  });

  it('only an admin sets it or takes it away', async () => {
    for (const caller of [oak.practice.biller, oak.practice.practitioner, oak.practice.scheduler]) {
      expect((await put(logoBytes('wide.png'), pngType, { caller })).status).toBe(403);
      expect((await remove({ caller })).status).toBe(403);
    }
    expect(await told()).toBeNull();
  });

  it('what a picture says of its maker, place and orientation is not kept', async () => {
    const words = Buffer.from('Comment\0taken at 200 Oak Street');
    await put(png({ width: 2, height: 2, more: [['tEXt', words]] }));
    const exif = Buffer.from([0xff, 0xe1, 0, 10, ...Buffer.from('Exif\0\0MM')]);
    const jpeg = logoBytes('tall.jpg');
    await put(Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]), jpegType);
    const kept = [...documents.kept].filter(([key]) => key.includes('/logos/')).map(([, bytes]) => bytes.toString());
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(kept.filter(bytes => /Oak Street|Exif/.test(bytes))).toEqual([]);
  });
});

describe('422', () => {
  const whole = logoBytes('wide.png');
  const jpeg = logoBytes('tall.jpg');
  const palette = ['PLTE', Buffer.from([0, 0, 0, 255, 255, 255])] as const;
  const form = (more: Partial<PngForm>) => png({ width: 4, height: 4, ...more });
  const notDrawn: Readonly<Record<string, readonly [Buffer, string?]>> = {
    'nothing at all': [Buffer.alloc(0)],
    'words under the type of a picture': [Buffer.from('<svg onload="alert(1)"/>')],
    'a GIF': [Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
    'a JPEG called PNG': [jpeg],
    'a PNG called JPEG': [whole, jpegType],
    'half a PNG': [whole.subarray(0, whole.length / 2)],
    'a PNG whose rows are missing': [form({ rows: Buffer.alloc(20) })],
    'a PNG of more rows than it says': [form({ rows: Buffer.alloc(1000) })],
    'a PNG with a filter that does not exist': [form({ rows: Buffer.alloc(4 * 17, 5) })],
    'a PNG of 2,001 pixels': [png({ width: 2001, height: 1 })],
    'a PNG of no pixels': [png({ width: 0, height: 1 })],
    'an interlaced PNG': [form({ interlaced: 1 })],
    'a PNG of 16 bits': [form({ depth: 16 })],
    'a PNG in a palette that is missing': [form({ color: 3 })],
    'a PNG transparent by one colour': [form({ color: 2, more: [['tRNS', Buffer.alloc(6)]] })],
    'a PNG of few colours with transparency': [
      form({ color: 3, depth: 4, more: [palette, ['tRNS', Buffer.alloc(1)]] }),
    ],
    'half a JPEG': [jpeg.subarray(0, jpeg.length / 2), jpegType],
    'a JPEG that ends in its head': [jpeg.subarray(0, 40), jpegType],
    'a JPEG of 2,001 pixels': [resized(jpeg, 2001), jpegType],
    'a JPEG for print': [fourColors(jpeg), jpegType],
  };

  it.each(Object.entries(notDrawn))('%s is refused before anything is kept', async (_, [bytes, type]) => {
    const before = documents.kept.size;
    const { status, body } = await put(bytes, type);
    expect([status, body.code, body.errors?.length]).toEqual([422, 'invalid_input', 1]);
    expect([documents.kept.size, await told()]).toEqual([before, null]);
  });

  it.each([
    ['grey', { color: 0 }],
    ['grey of 1 bit', { color: 0, depth: 1, width: 9 }],
    ['colours', { color: 2 }],
    ['a palette of 4 bits', { color: 3, depth: 4, more: [palette] }],
    ['a palette with transparency', { color: 3, more: [palette, ['tRNS', Buffer.from([0])]] }],
    ['grey with alpha', { color: 4 }],
    ['2,000 pixels a side', { color: 0, depth: 1, width: 2000, height: 2000 }],
  ] as [string, Partial<PngForm>][])('but a plain PNG is taken and drawn: %s', async (_, more) => {
    const { widthPx, heightPx } = (await put(form(more))).body.logo;
    const { billId } = await oak.bill();
    expect(pictureIn(await pdfOf(billId))[0]).toBe(`${widthPx}x${heightPx}`);
  });
});

test('200 KB are taken, one byte more is 413; another type is 415', async () => {
  const padded = (bytes: number) => {
    const plain = png({ width: 1, height: 1 });
    return png({ width: 1, height: 1, more: [['tEXt', Buffer.alloc(bytes - plain.length - 12)]] });
  };
  expect((await put(padded(200_000))).status).toBe(200);
  expect((await put(padded(200_001))).body).toMatchObject({ code: 'body_too_large', maxBodyBytes: 200_000 });
  expect((await put(logoBytes('wide.png'), 'image/gif')).status).toBe(415);
});

function frameOf(jpeg: Buffer): number {
  return jpeg.indexOf(Buffer.from([0xff, 0xc0]));
}

function resized(jpeg: Buffer, width: number): Buffer {
  const copy = Buffer.from(jpeg);
  copy.writeUInt16BE(width, frameOf(jpeg) + 7);
  return copy;
}

function fourColors(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg);
  copy[frameOf(jpeg) + 9] = 4;
  return copy;
}
