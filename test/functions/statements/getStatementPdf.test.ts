import { createStatement } from '../../../functions/statements/createStatement';
import { getStatementPdf } from '../../../functions/statements/getStatementPdf';
import { serve } from '../../../shared/http/serve';
import { real } from '../../../shared/needs';
import { createStatementRow, getStatementPdfRow } from '../../../shared/operations/statements';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';
import { giveLogo, showsLogo } from '../../fixtures/giveLogo';

let oak: FrontDesk;
let clientId: string;
const files = new MemoryDocuments();
beforeAll(async () => {
  oak = await FrontDesk.open();
  clientId = await oak.client();
  const { billId } = await oak.bill(10_000, { clientId });
  await oak.cash(billId, 4000);
});
afterAll(() => oak.close());

const make = async (): Promise<string> => {
  const handler = serve(createStatementRow, createStatement(real, files));
  const body = { from: '2026-03-01', to: '2026-03-31' };
  return (await oak.done(createStatementRow, handler, { path: { clientId }, body })).statementId;
};
const pdf = (statementId: string, accept: string, asked: Asked = {}) =>
  oak.ask(getStatementPdfRow, serve(getStatementPdfRow, getStatementPdf(files)), {
    path: { clientId, statementId },
    headers: { accept },
    ...asked,
  });
const keysOf = (id: string): string[] => [...files.kept.keys()].filter(key => key.includes(id));

it('(R22) a statement has its paper: bytes, a link or a redirect, drawn once and kept', async () => {
  const statementId = await make();
  const [first, again] = [await pdf(statementId, 'application/pdf'), await pdf(statementId, 'application/pdf')];
  expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' }, body: again.body });
  expect(Buffer.from(first.body, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  const [key] = keysOf(statementId);
  expect(keysOf(statementId)).toHaveLength(1);
  const url = `https://documents.example.com/${key}`;
  expect(await pdf(statementId, 'application/json')).toMatchObject({ status: 200, body: { url } });
  expect(await pdf(statementId, 'text/html')).toMatchObject({ status: 302, headers: { location: url } });
});

it('404: another practitioner’s has no paper, and none is drawn', async () => {
  const statementId = await make();
  expect((await pdf(statementId, 'application/pdf', { caller: oak.practice.colleague })).status).toBe(404);
  expect(keysOf(statementId)).toEqual([]);
});

it('a statement shows the logo that the practice had when it was made', async () => {
  const before = await make();
  await giveLogo(oak, files);
  const papers = [await pdf(before, 'application/pdf'), await pdf(await make(), 'application/pdf')];
  expect(papers.map(({ body }) => showsLogo(body))).toEqual([false, true]);
});
