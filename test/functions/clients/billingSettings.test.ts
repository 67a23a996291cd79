import { handler as changePayer } from '../../../functions/catalogue/changePayer';
import { handler as getBilling } from '../../../functions/clients/getClientBillingSettings';
import { handler as putBilling } from '../../../functions/clients/putClientBillingSettings';
import { handler as createContact } from '../../../functions/contacts/createContact';
import type { StaffCaller } from '../../../shared/operations/caller';
import { changePayerRow } from '../../../shared/operations/catalogue';
import { getClientBillingSettingsRow, putClientBillingSettingsRow } from '../../../shared/operations/clients';
import { createContactRow } from '../../../shared/operations/contacts';
import { ask, asking } from '../../fixtures/apiEvent';
import { newBill, newClient, payInCash, prepay, supervisorOf } from '../../fixtures/chart';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

const get = asking(getBilling, getClientBillingSettingsRow);
const put = asking(putBilling, putClientBillingSettingsRow);

let store: OpenStore;
let oak: TestPractice;
let clientId: string;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  oak = await openPractice();
  ({ clientId } = await newClient(oak));
});

const asThePractice = {
  responsibility: 'self_pay',
  createBills: 'inherit',
  autoShare: { bills: 'inherit', superbills: 'inherit', statements: 'inherit' },
  autopay: false,
  autopayLimitCents: null,
  createSuperbills: false,
  quiet: false,
};
const read = (caller: StaffCaller = oak.admin) => get({ caller, path: { clientId } });
const save = (more: object, caller: StaffCaller = oak.admin) =>
  put({ caller, path: { clientId }, body: { ...asThePractice, ...more } });

describe('GET /clients/{clientId}/billing-settings 200', () => {
  it('a new client follows the practice in everything that can be inherited, and AutoPay is off', async () => {
    for (const caller of [oak.admin, oak.biller, oak.practitioner, await supervisorOf(oak, oak.practitioner)]) {
      expect(await read(caller)).toMatchObject({ status: 200, body: asThePractice });
    }
    expect((await read()).body).toEqual(asThePractice);
  });
});

describe('PUT /clients/{clientId}/billing-settings 200', () => {
  it('keeps a value of the client’s own or "inherit", each by itself, until it is replaced (C4, C5)', async () => {
    const own = {
      createBills: 'monthly',
      autoShare: { bills: { enabled: true, delayMinutes: 0 }, superbills: 'inherit', statements: 'inherit' },
      autopayLimitCents: 30_000,
      quiet: true,
    };
    expect(await save(own, oak.practitioner)).toMatchObject({ status: 200, body: { ...asThePractice, ...own } });
    expect((await read()).body).toEqual({ ...asThePractice, ...own });
    await save({});
    expect((await read()).body).toEqual(asThePractice);
  });

  it('a platform pays external bills, an insurer may stand by the others; left out it is gone', async () => {
    const { platform, insurer } = oak;
    const external = { responsibility: 'external', payerId: platform.payerId };
    expect((await save(external)).body).toMatchObject(external);
    const insurance = { responsibility: 'insurance', payerId: insurer.payerId };
    expect((await save(insurance)).body).toMatchObject(insurance);
    await save({ responsibility: 'insurance' });
    expect((await read()).body).not.toHaveProperty('payerId');
  });

  it('a payer hidden since may stay while other settings are saved', async () => {
    const { payerId } = oak.insurer;
    await save({ responsibility: 'insurance', payerId });
    const asked = { caller: oak.admin, path: { payerId }, body: { active: false } };
    await ask(changePayer, changePayerRow, asked);
    const saved = await save({ responsibility: 'insurance', payerId, quiet: true });
    expect(saved).toMatchObject({ status: 200, body: { payerId, quiet: true } });
  });

  it('who the bills go to is the contacts’ matter: replacing the settings keeps the billing contact', async () => {
    const asked = { caller: oak.admin, path: { clientId }, body: { name: 'Ada Okafor', roles: ['billing'] } };
    await ask(createContact, createContactRow, asked);
    await save({ quiet: true });
    expect((await newBill(oak, clientId)).recipient).toMatchObject({ kind: 'contact', name: 'Ada Okafor' });
  });

  it('AutoPay needs no confirmation without an open balance; the insurer’s part and paid bills are none', async () => {
    const { billId } = await newBill(oak, clientId);
    await payInCash(oak, billId, 16_500);
    await newBill(oak, clientId, { responsibility: 'insurance', payerId: oak.insurer.payerId });
    expect((await save({ autopay: true })).body.autopay).toBe(true);
  });

  it('AutoPay that is on already is not asked about again when other settings are saved', async () => {
    await save({ autopay: true });
    await newBill(oak, clientId);
    expect((await save({ autopay: true, quiet: true })).status).toBe(200);
  });
});

describe('PUT /clients/{clientId}/billing-settings 409', () => {
  it('autopay_balance_unconfirmed: an old balance is swept up only when its exact amount was confirmed (rule 14, clarification 37)', async () => {
    const first = await newBill(oak, clientId);
    await payInCash(oak, first.billId, 6500);
    await newBill(oak, clientId);
    const openBalanceCents = 26_500;
    for (const confirmed of [{}, { confirmOpenBalanceCents: 16_500 }, { confirmOpenBalanceCents: 0 }]) {
      const answer = await save({ autopay: true, ...confirmed });
      expect(answer).toMatchObject({ status: 409, body: { code: 'autopay_balance_unconfirmed', openBalanceCents } });
    }
    expect((await read()).body.autopay).toBe(false);
    const confirmed = await save({ autopay: true, confirmOpenBalanceCents: openBalanceCents });
    expect(confirmed).toMatchObject({ status: 200, body: { autopay: true } });
    expect(confirmed.body).not.toHaveProperty('confirmOpenBalanceCents');
  });

  it('credit does not lower what must be confirmed: it is not the card’s', async () => {
    await newBill(oak, clientId);
    await prepay(oak, clientId, 5000);
    const answer = await save({ autopay: true, confirmOpenBalanceCents: 11_500 });
    expect(answer).toMatchObject({ status: 409, body: { openBalanceCents: 16_500 } });
  });

  it('switched off and on again, it asks again', async () => {
    await save({ autopay: true });
    await newBill(oak, clientId);
    await save({ autopay: false });
    expect((await save({ autopay: true })).status).toBe(409);
  });
});

describe('PUT /clients/{clientId}/billing-settings 422', () => {
  it('names the payer that does not fit the responsibility, is hidden, or is another practice’s', async () => {
    const { insurer, platform } = oak;
    const elm = await openPractice();
    const asked = { caller: oak.admin, path: { payerId: insurer.payerId }, body: { active: false } };
    const wrong = [
      { responsibility: 'external' },
      { responsibility: 'external', payerId: insurer.payerId },
      { responsibility: 'insurance', payerId: platform.payerId },
      { responsibility: 'insurance', payerId: elm.insurer.payerId },
    ];
    for (const body of wrong) {
      expect(await save(body)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/payerId' }] } });
    }
    await ask(changePayer, changePayerRow, asked);
    expect((await save({ responsibility: 'insurance', payerId: insurer.payerId })).status).toBe(422);
    expect((await read()).body).toEqual(asThePractice);
  });
});

describe('GET and PUT /clients/{clientId}/billing-settings 404', () => {
  it('somebody else’s client, and another practice’s, have none', async () => {
    for (const caller of [oak.colleague, (await openPractice()).admin]) {
      expect((await read(caller)).status).toBe(404);
      expect((await save({ quiet: true }, caller)).status).toBe(404);
    }
    expect((await read()).body.quiet).toBe(false);
  });
});
