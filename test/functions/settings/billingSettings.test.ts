import { handler as getBillingSettings } from '../../../functions/settings/getBillingSettings';
import { handler as putBillingSettings } from '../../../functions/settings/putBillingSettings';
import { getBillingSettingsRow, putBillingSettingsRow } from '../../../shared/operations/settings';
import { asking } from '../../fixtures/apiEvent';
import { newBill, newClient } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';
import { writeTogether } from '../../fixtures/writeTogether';

const get = asking(getBillingSettings, getBillingSettingsRow);
const put = asking(putBillingSettings, putBillingSettingsRow);

let store: OpenStore;
let oak: TestPractice;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
});

const usual = {
  noShowFee: { enabled: false, amountCents: 0, statuses: ['no_show', 'late_cancel'] },
  serviceDescription: { mode: 'service_code' },
  nameOnDocuments: 'Oak Street Therapy LLC',
  footerComment: '',
  documentDelivery: 'email_pdf',
  applyCreditAutomatically: true,
  requireSignedNote: false,
  showUnsharedBillsInPortal: false,
  allowPartialOnline: true,
};

describe('GET /settings/billing 200', () => {
  it('a practice that chose nothing has the defaults: its billing name, credit applied, no fee, share before portal (C3, C8)', async () => {
    for (const caller of [oak.admin, oak.biller, oak.practitioner]) {
      expect(await get({ caller })).toMatchObject({ status: 200, body: usual });
    }
  });
});

describe('PUT /settings/billing 200', () => {
  it('replaces the settings whole, and the next read has them', async () => {
    const before = (await get({ caller: oak.biller })).body;
    const next = {
      ...before,
      noShowFee: { enabled: true, amountCents: 7500, statuses: ['no_show'] },
      serviceDescription: { mode: 'custom', text: 'Psychotherapy' },
      defaultDueDays: 30,
      documentDelivery: 'portal_only',
    };
    const { status, body } = await put({ caller: oak.biller, body: next });
    const { changed, ...settings } = body;
    expect([status, settings]).toEqual([200, next]);
    expect(changed.map(({ field }: { field: string }) => field).sort()).toEqual([
      'defaultDueDays',
      'documentDelivery',
      'noShowFee',
      'serviceDescription',
    ]);
    expect((await get({ caller: oak.admin })).body).toEqual(next);
  });

  it('says of each changed value how many active clients it reaches; what stays is not listed', async () => {
    for (const firstName of ['Ann', 'Bo']) await newClient(oak, { firstName });
    const before = (await get({ caller: oak.admin })).body;
    const changed = async (more: object) =>
      (await put({ caller: oak.admin, body: { ...before, ...more } })).body.changed;
    expect(await changed({ footerComment: 'Thank you.' })).toEqual([{ field: 'footerComment', clientsInheriting: 2 }]);
    expect(await changed({ footerComment: 'Thank you.' })).toEqual([]);
  });

  it('holds for bills made afterwards; an earlier bill keeps its text and due date (S429)', async () => {
    const { clientId } = await newClient(oak);
    const before = (await get({ caller: oak.admin })).body;
    const early = await newBill(oak, clientId);
    await put({
      caller: oak.admin,
      body: { ...before, defaultDueDays: before.defaultDueDays + 30, footerComment: 'New' },
    });
    const late = await newBill(oak, clientId);
    expect([early.footer, late.footer]).toEqual(['', 'New']);
    const days = ({ issuedOn, dueOn }: { issuedOn: string; dueOn: string }) =>
      (Date.parse(dueOn) - Date.parse(issuedOn)) / 86_400_000;
    expect(days(late) - days(early)).toBe(30);
  });

  it('two people who save at once: one of the two, whole', async () => {
    const before = (await get({ caller: oak.admin })).body;
    const choices = [
      { ...before, footerComment: 'first', defaultDueDays: 7 },
      { ...before, footerComment: 'second', defaultDueDays: 90 },
    ];
    writeTogether(store, 2);
    const answers = await Promise.all(choices.map(body => put({ caller: oak.admin, body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(choices).toContainEqual((await get({ caller: oak.admin })).body);
  });
});
