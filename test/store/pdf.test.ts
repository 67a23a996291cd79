import { billDocument } from '../../shared/documents/billDocument';
import type { BillForPaper } from '../../shared/documents/billForPaper';
import { billKey, disposition, s3DocumentStore } from '../../shared/documents/documentStore';
import { fontParses, mostWordsKept, renderPdf } from '../../shared/documents/pdf';
import type { Instant } from '../../shared/domain/calendar';
import { paperBill } from '../fixtures/paperBill';
import { bills } from '../fixtures/papers';

const textOf = (pdf: Buffer): string => pdf.toString('latin1');

describe('rendering', () => {
  const latin = () => billDocument(paperBill());
  const manyScripts = () => billDocument(bills['bill in many scripts']);

  it('gives the same bytes for the same bill, without an embedded font and within 8 KB', async () => {
    const first = await renderPdf(latin());
    const second = await renderPdf(latin());
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(textOf(first)).not.toContain('/FontFile2');
    expect(first.length).toBeLessThanOrEqual(8 * 1024);
  });

  it('embeds only the letters that it uses of a font that has more', async () => {
    const pdf = await renderPdf(manyScripts());
    expect(textOf(pdf)).toContain('/FontFile2');
    expect(pdf.length).toBeLessThanOrEqual(40 * 1024);
  });

  it('gives the same bytes whatever was rendered before, or is rendered at the same time', async () => {
    const [one, two] = [await renderPdf(latin()), await renderPdf(manyScripts())];
    await renderPdf(billDocument(bills['bill with long names']));
    const together = await Promise.all([manyScripts(), latin(), manyScripts(), latin()].map(renderPdf));
    expect(together.map(pdf => (pdf.equals(one) ? 'one' : pdf.equals(two) ? 'two' : 'other'))).toEqual([
      'two',
      'one',
      'two',
      'one',
    ]);
  });

  it('parses each font file once, however many documents it renders', async () => {
    for (const make of [latin, manyScripts, latin, manyScripts]) await renderPdf(make());
    // Two of Helvetica and two of Noto Sans.
    expect(await fontParses()).toBe(4);
  });

  it('keeps no more words than it may, and renders the same after it let them go', async () => {
    const before = await renderPdf(latin());
    const words = Array.from({ length: 6_000 }, (_each, index) => `w${index.toString(36)}`);
    await renderPdf(billDocument(paperBill({ comments: words.join(' ') })));
    expect(await mostWordsKept()).toBeLessThanOrEqual(5_000);
    expect((await renderPdf(latin())).equals(before)).toBe(true);
  });
});

describe('keys and links of kept files', () => {
  it('keeps a new file whenever the bill, the template, the access code or anything else on the paper changed', () => {
    const key = (more: Partial<BillForPaper> = {}) =>
      billKey({ practiceId: 'prc_1', billId: 'bill_1', version: 3, paper: paperBill(more) });
    expect(key()).toMatch(/^P\/prc_1\/bills\/bill_1\/3-\d+-483190-[\w-]{22}\.pdf$/);
    expect(key()).toBe(key({}));
    const others = [{ accessCode: '483191' }, { insurer: { name: 'Aetna' } }, { payUrl: 'https://elsewhere.example' }];
    expect(new Set([key(), ...others.map(key)]).size).toBe(4);
  });

  it('links for five minutes under a file name that cannot break out of its header', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    process.env.AWS_REGION = 'us-east-1';
    const at = '2026-11-23T16:22:00.000Z' as Instant;
    const store = s3DocumentStore({ bucket: () => 'documents', clock: { now: () => at } });
    const { url, expiresAt } = await store.link('P/prc_1/bills/bill_1/3-1-483190.pdf', 'Bill JUN-1048.pdf');
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-Expires')).toBe('300');
    expect(query.get('X-Amz-Date')).toBe('20261123T162200Z');
    expect(query.get('response-content-disposition')).toContain('filename="Bill JUN-1048.pdf"');
    expect(expiresAt).toBe('2026-11-23T16:27:00.000Z');
    expect(disposition('a"\r\nX: b.pdf')).not.toMatch(/[\r\n]|"a"/);
  });
});
