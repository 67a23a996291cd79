import { getSuperbillPdf } from '../../../functions/superbills/getSuperbillPdf';
import { serve } from '../../../shared/http/serve';
import { getSuperbillPdfRow } from '../../../shared/operations/superbills';
import type { Asked } from '../../fixtures/apiEvent';
import { FrontDesk } from '../../fixtures/frontDesk';
import { giveLogo, showsLogo } from '../../fixtures/giveLogo';
import { SuperbillDesk } from '../../fixtures/superbills';

let oak: FrontDesk;
let desk: SuperbillDesk;
let clientId: string;
beforeAll(async () => {
  oak = await FrontDesk.open();
  desk = new SuperbillDesk(oak);
  clientId = await oak.client();
  await oak.bill(10_000, { clientId });
});
afterAll(() => oak.close());

const pdf = (superbillId: string, accept: string, asked: Asked = {}) =>
  oak.ask(getSuperbillPdfRow, serve(getSuperbillPdfRow, getSuperbillPdf(desk.files)), {
    path: { clientId, superbillId },
    headers: { accept },
    ...asked,
  });
const keysOf = (id: string): string[] => [...desk.files.kept.keys()].filter(key => key.includes(id));

it('(R3) a superbill has its paper, drawn once and kept; its next version has its own', async () => {
  const { superbillId } = await desk.made(clientId);
  const [first, again] = [await pdf(superbillId, 'application/pdf'), await pdf(superbillId, 'application/pdf')];
  expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' }, body: again.body });
  expect(Buffer.from(first.body, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  expect(keysOf(superbillId)).toHaveLength(1);
  const { superbillId: next } = (await desk.reissue(clientId, superbillId)).body;
  expect((await pdf(next, 'application/pdf')).body).not.toBe(first.body);
});

it('404: another practitioner’s has no paper, and none is drawn', async () => {
  const { superbillId } = await desk.made(clientId);
  expect((await pdf(superbillId, 'application/pdf', { caller: oak.practice.colleague })).status).toBe(404);
  expect(keysOf(superbillId)).toEqual([]);
});

it('a superbill shows the logo that the practice had when it was made', async () => {
  const before = await desk.made(clientId);
  await giveLogo(oak, desk.files);
  const after = await desk.made(clientId);
  const papers = [await pdf(before.superbillId, 'application/pdf'), await pdf(after.superbillId, 'application/pdf')];
  expect(papers.map(({ body }) => showsLogo(body))).toEqual([false, true]);
});
