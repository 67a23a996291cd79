import {
  adjustBillRow,
  cancelBillRow,
  createBillRow,
  editBillRow,
  writeOffBillRow,
} from '../../shared/operations/bills';
import { createPayerRow, createProductRow, createServiceRow } from '../../shared/operations/catalogue';
import { createClientRow } from '../../shared/operations/clients';
import { createContactRow } from '../../shared/operations/contacts';
import { addCreditRow } from '../../shared/operations/credits';
import { setUpGuestCardRow } from '../../shared/operations/guest';
import { listMembersRow } from '../../shared/operations/members';
import { createOwnCheckoutRow, getOwnBillRow, listOwnBillsRow, payOwnBillRow } from '../../shared/operations/ownBills';
import { addInsurancePaymentRow, addPaymentRow, refundPaymentRow } from '../../shared/operations/payments';
import { createPolicyRow } from '../../shared/operations/policies';
import { changePracticeRow } from '../../shared/operations/practice';
import { createSessionRow } from '../../shared/operations/sessions';
import { shareBillRow } from '../../shared/operations/shares';
import { createStatementRow, shareStatementRow } from '../../shared/operations/statements';
import { createSuperbillRow, shareSuperbillRow } from '../../shared/operations/superbills';
import { RunningPractice } from '../fixtures/runningPractice';

/**
 * Rules 67 and 68: nothing personal and nothing clinical leaves for Stripe, and nothing of either stands in a mail's subject,
 * a log or an address. A word that stands nowhere else is planted in every field that people write in.
 */
let practice: RunningPractice;
beforeAll(async () => {
  practice = await RunningPractice.open();
  await driveAll();
}, 240_000);
afterAll(() => practice?.close());

const planted: string[] = [];
/** A word for this field that nobody would write by chance. */
const canary = (field: string): string => {
  const word = `Canary${planted.length}x${field}`;
  planted.push(word);
  return word;
};
/** Codes are short, and of capitals. */
const codeCanary = (): string => {
  const word = `CNRY${planted.length}`;
  planted.push(word);
  return word;
};

async function planAll() {
  const { admin } = practice;
  const { items: members } = await admin.do(listMembersRow);
  const practitionerId = members.find(({ roles }) => roles.includes('practitioner'))?.memberId ?? '';
  const client = await admin.do(createClientRow, {
    body: {
      ...{ firstName: canary('First'), lastName: canary('Last'), email: `${canary('mail').toLowerCase()}@example.com` },
      ...{ emailAllowed: true, phone: '+1 503 555 0199', address: [canary('Street')], externalId: canary('chart') },
      ...{ dateOfBirth: '1988-04-17', practitionerId },
    },
  });
  planted.push('canary2xmail', '503 555 0199', '1988-04-17');
  const { clientId } = client;
  const contact = { name: canary('Contact'), email: 'parent@example.com', emailAllowed: true, roles: ['billing'] };
  await admin.do(createContactRow, { path: { clientId }, body: contact });
  const { payerId } = await admin.do(createPayerRow, { body: { name: canary('Insurer'), kind: 'insurer' } });
  const insurance = {
    payerId,
    insuranceType: canary('kind'),
    memberId: canary('member'),
    planId: canary('plan'),
    groupId: canary('group'),
  };
  const { policyId } = await admin.do(createPolicyRow, {
    path: { clientId },
    body: { ...insurance, effectiveOn: '2026-01-01', copayCents: 3_000 },
  });
  const words = { name: canary('Service'), description: canary('Treatment') };
  const { serviceId } = await admin.do(createServiceRow, {
    body: { code: codeCanary(), kind: 'cpt', priceCents: 16_500, ...words },
  });
  const { productId } = await admin.do(createProductRow, { body: { title: canary('Product'), priceCents: 2_500 } });
  const session = async (startsAt: string) => {
    const services = [{ serviceId, diagnoses: ['F41.1'], modifiers: ['95'] }];
    const body = { clientId, practitionerId, startsAt, status: 'completed', services, externalId: canary('visit') };
    return (await admin.do(createSessionRow, { body })).sessionId;
  };
  return { clientId, policyId, productId, session };
}

/** Every way in which money meets Stripe, and every mail. */
async function driveAll(): Promise<void> {
  const { admin, cloud } = practice;
  const { clientId, policyId, productId, session } = await planAll();
  const bill = async (startsAt: string, more: object = {}) => {
    const sessions = [{ sessionId: await session(startsAt) }];
    return admin.do(createBillRow, { body: { clientId, sessions, comments: canary('comments'), ...more } });
  };
  const cardId = await practice.savedCard(clientId);
  const first = await bill('2026-11-10T15:00:00Z', { products: [{ productId, quantity: 1 }] });
  await admin.do(editBillRow, { path: { billId: first.billId }, body: { comments: canary('edited') } });
  await admin.do(shareBillRow, { path: { billId: first.billId }, body: { includePdf: true } });
  await cloud.advance({ minutes: 2 });
  const path = { billId: first.billId };
  const card = { type: 'card', collect: 'stripe', cardId, amountCents: 9_000, notes: canary('notes') };
  const { payment } = await admin.do(addPaymentRow, { path, body: card });
  const other = { type: 'other', amountCents: 1_000, description: canary('transfer'), notes: canary('other') };
  await admin.do(addPaymentRow, { path, body: other });
  await admin.do(refundPaymentRow, {
    path: { paymentId: payment.paymentId },
    body: { amountCents: 2_000, reason: canary('refund') },
  });
  await admin.do(adjustBillRow, {
    path,
    body: { amountCents: 500, description: canary('adjusted'), reason: canary('adjustReason') },
  });
  const { url } = await practice.payPage(first.billId, 5_000);
  await practice.payOnPage(url);
  await cloud.settle();
  await inThePortal(first.billId, cardId);
  await admin.do(addCreditRow, {
    path: { clientId },
    body: {
      amountCents: 4_000,
      reason: 'prepayment',
      type: 'card',
      collect: 'stripe',
      cardId,
      notes: canary('prepaid'),
    },
  });
  const second = await bill('2026-11-11T15:00:00Z', { responsibility: 'insurance', policyId });
  const insured = { path: { billId: second.billId } };
  await admin.do(addInsurancePaymentRow, {
    ...insured,
    body: { amountCents: 5_000, reference: canary('remittance'), notes: canary('paper'), remainder: 'bill_client' },
  });
  await admin.do(writeOffBillRow, { ...insured, body: { amountCents: 100, reason: canary('hardship') } });
  await shareAccount(clientId);
  await anotherCard(clientId, second.billId);
  // Refused cards and a bank that asks: their mails and logs as well.
  const refused = await practice.savedCard(clientId, '4000000000000341');
  await admin.ask(addPaymentRow, { ...insured, body: { ...card, cardId: refused, amountCents: 1_000 } });
  const third = await bill('2026-11-12T15:00:00Z');
  await admin.ask(cancelBillRow, {
    path: { billId: third.billId },
    body: { reason: canary('cancelled'), payments: 'convert_to_credit' },
  });
  await cloud.advance({ minutes: 40 });
}

/** The client signs in, looks, and pays: by the saved card, and on Stripe's page. */
async function inThePortal(billId: string, cardId: string): Promise<void> {
  const email = planted.find(word => word.endsWith('xmail'))?.toLowerCase() ?? '';
  await practice.admin.do(changePracticeRow, { body: { portalEnabled: true } });
  // By mail it was shared already, which takes its time.
  await practice.admin.do(shareBillRow, { path: { billId }, body: { channel: 'portal' } });
  const { client, token } = await practice.signedIn(`${email}@example.com`);
  planted.push(token);
  const path = { billId };
  expect((await client.do(listOwnBillsRow)).items.map(bill => bill.billId)).toContain(billId);
  await client.do(payOwnBillRow, { path, body: { amountCents: 1_000, cardId } });
  const { url } = await client.do(createOwnCheckoutRow, { path, body: { amountCents: 500 } });
  expect(await practice.payOnPage(url)).toContain('/client#c=');
  await practice.cloud.settle();
  expect((await client.do(getOwnBillRow, { path })).payments.map(payment => payment.amountCents)).toContain(500);
}

/** Whoever gets the bills gives another card for AutoPay, from the link of a mail. */
async function anotherCard(clientId: string, billId: string): Promise<void> {
  await practice.onAutopay(clientId);
  const { guest } = await practice.byMailedLink(billId);
  const { url } = await guest.do(setUpGuestCardRow, { body: { consentTextVersion: 'autopay-card-1.en' } });
  await practice.payOnPage(url);
  await practice.cloud.settle();
}

/** What a client takes to the tax office or an insurer: in the file, and nowhere else. */
async function shareAccount(clientId: string): Promise<void> {
  const { admin } = practice;
  const range = { from: '2026-11-01', to: '2026-11-30' };
  const comments = canary('statement');
  const { statementId } = await admin.do(createStatementRow, { path: { clientId }, body: { ...range, comments } });
  await admin.do(shareStatementRow, { path: { clientId, statementId }, body: { includePdf: true } });
  const { superbillId } = await admin.do(createSuperbillRow, { path: { clientId }, body: range });
  await admin.do(shareSuperbillRow, { path: { clientId, superbillId }, body: { includePdf: true } });
}

const found = (text: string): string[] => planted.filter(word => text.toLowerCase().includes(word.toLowerCase()));

test('nothing that people wrote is in any byte sent to Stripe, in a mail’s subject, in a log or in an address', async () => {
  const { cloud } = practice;
  expect(planted.length).toBeGreaterThan(30);
  const mails = await cloud.mail();
  // The words do travel where they belong: to the recipient, in the body.
  expect(mails.map(({ subject }) => subject).join()).toContain('Oak Street Therapy');
  const attached = mails.flatMap(({ attachments }) => attachments.map(({ filename }) => filename));
  expect(attached.sort()).toEqual([
    expect.stringMatching(/^Bill OAK-\d+\.pdf$/),
    'Document.pdf',
    'Statement 2026-11-01 to 2026-11-30.pdf',
  ]);
  const sent = cloud.stripe.sent();
  expect(sent.filter(request => request.startsWith('POST /v1/payment_intents')).length).toBeGreaterThanOrEqual(3);
  const logs = cloud.logs().map(line => (typeof line === 'string' ? line : JSON.stringify(line)));
  expect(logs.length).toBeGreaterThan(0);
  const links = mails.flatMap(({ text }) => text.match(/https?:\S+/g) ?? []);
  expect(links.length).toBeGreaterThan(0);
  const looked = {
    stripe: sent.join('\n'),
    subjects: mails.map(({ subject }) => subject).join('\n'),
    logs: logs.join('\n'),
    links: links.join('\n'),
  };
  expect(Object.entries(looked).map(([where, text]) => [where, found(text)])).toEqual(
    Object.keys(looked).map(where => [where, []]),
  );
});

test('nor any code of a treatment or a diagnosis, in Stripe, subjects, or the texts of mails', async () => {
  const { cloud } = practice;
  const mails = await cloud.mail();
  const bodies = mails.map(({ text, html }) => `${text}${html ?? ''}`).join('\n');
  const told = [cloud.stripe.sent().join('\n'), mails.map(({ subject }) => subject).join('\n'), bodies];
  const clinical = [
    ...planted.filter(word => /Service|Treatment|session|CNRY/.test(word)),
    'F41.1',
    '2026-11-10',
    'Nov 10',
  ];
  expect(told.map(text => clinical.filter(word => text.includes(word)))).toEqual([[], [], []]);
});
