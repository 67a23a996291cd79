import { billDocument } from '../../shared/documents/billDocument';
import { billKey, disposition, s3DocumentStore } from '../../shared/documents/documentStore';
import { renderPdf } from '../../shared/documents/pdf';
import type { Instant } from '../../shared/domain/calendar';
import { paperBill, paperLine } from '../fixtures/paperBill';

describe('rendering', () => {
  it('gives the same bytes for the same bill, without an embedded font and within 8 KB', async () => {
    const first = await renderPdf(billDocument(paperBill()));
    const second = await renderPdf(billDocument(paperBill()));
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(first.toString('latin1')).not.toContain('/FontFile2');
    expect(first.length).toBeLessThanOrEqual(8 * 1024);
  });

  it('gives the same bytes with an embedded font as well', async () => {
    const bill = paperBill({ recipient: { name: 'Łukasz Żółć' } });
    const first = await renderPdf(billDocument(bill));
    expect(first.equals(await renderPdf(billDocument(bill)))).toBe(true);
    expect(first.toString('latin1')).toContain('/FontFile2');
  });

  it('numbers the pages of a long bill', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => paperLine({ lineId: `line_${index}` }));
    const bytes = await renderPdf(billDocument(paperBill({ lines })));
    expect(bytes.toString('latin1')).toMatch(/\/Count [4-9]/);
  });
});

describe('keys and links of kept files', () => {
  it('keeps a new file whenever the bill, the template or the access code changed', () => {
    const of = { practiceId: 'prc_1', billId: 'bill_1', version: 3, accessCode: '483190' };
    expect(billKey(of)).toMatch(/^P\/prc_1\/bills\/bill_1\/3-\d+-483190\.pdf$/);
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
