import { handler as releaseAutopayHold } from '../../../functions/bills/releaseAutopayHold';
import { handler as createService } from '../../../functions/catalogue/createService';
import { handler as deactivateMember } from '../../../functions/members/deactivateMember';
import { shareBill } from '../../../functions/shares/shareBill';
import { createStatement } from '../../../functions/statements/createStatement';
import { shareStatement } from '../../../functions/statements/shareStatement';
import { shareSuperbill } from '../../../functions/superbills/shareSuperbill';
import type { CalendarDate } from '../../../shared/domain/calendar';
import { cents } from '../../../shared/domain/money';
import { type NoticeSubject, newNotice } from '../../../shared/domain/notice';
import { serve } from '../../../shared/http/serve';
import { newId } from '../../../shared/ids';
import { real, systemAct } from '../../../shared/needs';
import { releaseAutopayHoldRow } from '../../../shared/operations/bills';
import { createServiceRow } from '../../../shared/operations/catalogue';
import { deactivateMemberRow } from '../../../shared/operations/members';
import { shareBillRow } from '../../../shared/operations/shares';
import { createStatementRow, shareStatementRow } from '../../../shared/operations/statements';
import { shareSuperbillRow } from '../../../shared/operations/superbills';
import { attemptWrite } from '../../../shared/store/billStore';
import { transact } from '../../../shared/store/kernel';
import { noticeStore } from '../../../shared/store/noticeStore';
import { newCardAttempt } from '../../../shared/stripe/cardAttempt';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { SuperbillDesk, spring } from '../../fixtures/superbills';

/** Every mail as it goes out, from records in which people have written a word that stands nowhere else. */
let desk: FrontDesk;
let nights: Nights;
let stripe: OpenStripe;
beforeEach(async () => {
  desk = await FrontDesk.open();
  nights = new Nights(desk);
  stripe = await openStripe();
});
afterEach(async () => {
  await stripe.close();
  await desk.close();
});

const mark = 'Zyxw';
const marked = (field: string): string => `${mark} ${field}`;

/** A client, a session and a bill of it, marked wherever somebody types. */
async function markedBill() {
  const { memberId: practitionerId } = desk.practice.practitioner;
  const clientId = await desk.client({
    ...{ firstName: marked('first'), lastName: marked('last'), externalId: marked('chart') },
    ...{ dateOfBirth: '1988-04-17', phone: '+1 503 555 0199', address: [marked('street')] },
  });
  const policyId = await desk.policy(clientId, { memberId: marked('policy'), copayCents: 9_000 });
  const words = { name: marked('service'), description: marked('treatment') };
  const code = { code: '90837', kind: 'cpt', priceCents: 15_000 };
  const { serviceId } = await desk.done(createServiceRow, createService, { body: { ...code, ...words } });
  const services = [{ serviceId, diagnoses: ['F41.1'], modifiers: ['95'] }];
  const sessionId = await desk.session(clientId, 15_000, { services, practitionerId, externalId: marked('visit') });
  const { status, body } = await desk.create({
    ...{ clientId, policyId, responsibility: 'insurance', sessions: [{ sessionId }] },
    ...{
      products: [{ productId: await desk.product(1_000, marked('product')), quantity: 1 }],
      comments: marked('comment'),
    },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { clientId, billId: String(body.billId) };
}

/** What each notice is about. */
async function subjectsOf({ clientId, billId }: { clientId: string; billId: string }): Promise<NoticeSubject[]> {
  const card = await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  const { paymentId } = await desk.cash(billId, 2_000, { notes: marked('note') });
  const refund = await desk.refund(paymentId, { amountCents: 500, reason: marked('reason') });
  // The refund holds the bill; nobody is reminded of it until staff release it.
  await desk.done(releaseAutopayHoldRow, releaseAutopayHold, { path: { billId } });
  const { practice } = desk.practice;
  const act = systemAct(practice.timeZone, real);
  const of = { billId, clientId, amountCents: cents(3_000), by: { kind: 'system' }, at: act.at } as const;
  const { dueAt: _, ...attempt } = newCardAttempt(of, { card, practice }, real);
  await transact([attemptWrite(desk.practiceId, { ...attempt, status: 'failed' })]);
  const on = '2026-03-11' as CalendarDate;
  const charges = [{ card: { brand: 'visa', last4: '4242' }, amountCents: 3_000 }];
  const { memberId } = desk.practice.admin;
  return [
    { billId, kind: 'fresh_link' },
    { billId, kind: 'pay_link', amountCents: 3_000 },
    { billId, kind: 'receipt', paymentId },
    { billId, kind: 'refund_receipt', refundId: refund.body.refund.refundId },
    { billId, kind: 'autopay_failed', paymentId: attempt.payment?.paymentId ?? '', nextOn: on },
    { billId, kind: 'overdue_reminder' },
    { billId: '', clientId, kind: 'card_expiring', cardId: card.cardId },
    { billId: '', clientId, kind: 'autopay_notice', on, charges },
    { billId: '', memberId, kind: 'digest', facts: { on, payments: 2, paymentsCents: 4_000 } },
    { billId: '', memberId, kind: 'autopay_preview', facts: { on, charges: 1, chargeCents: 3_000, skipped: 0 } },
  ];
}

async function shareAll({ clientId, billId }: { clientId: string; billId: string }): Promise<void> {
  await desk.done(shareBillRow, serve(shareBillRow, shareBill(real)), { path: { billId } });
  const statements = serve(createStatementRow, createStatement(real, nights.files));
  const wish = { ...spring, comments: marked('comment') };
  const { statementId } = await desk.done(createStatementRow, statements, { path: { clientId }, body: wish });
  const path = { clientId, statementId };
  await desk.done(shareStatementRow, serve(shareStatementRow, shareStatement(real, nights.files)), { path });
  const papers = new SuperbillDesk(desk);
  const { superbillId } = await papers.made(clientId);
  const handler = serve(shareSuperbillRow, shareSuperbill(real, papers.files));
  await desk.done(shareSuperbillRow, handler, { path: { clientId, superbillId } });
}

const clinical =
  /90837|F41|diagnos|superbill|insur|treat(?!ment of)|session|co-?pay|procedure|practitioner|therapist|503 555|1988/i;

it('none holds a name, a word of a record, a code or a clinical word, in subject, preview, text or HTML (rules 66 to 68)', async () => {
  const of = await markedBill();
  const subjects = await subjectsOf(of);
  await nights.setBilling(of.clientId, { autopay: true, responsibility: 'insurance', confirmOpenBalanceCents: 8_500 });
  await shareAll(of);
  for (const subject of subjects) {
    const notice = newNotice(subject, { noticeId: newId('wrk'), at: systemAct('UTC', real).at });
    await noticeStore.replace(desk.practiceId, notice);
  }
  await nights.sweep();
  const mails = nights.mail.taken;
  expect(mails).toHaveLength(subjects.length + 3);
  const name = desk.practice.practice.billingName;
  for (const { message, practice, attachments = [] } of mails) {
    expect(practice.name).toBe(name);
    const names = attachments.map(({ filename }) => filename);
    // Its name is the practice's own, and may say what it is.
    const read = [message.subject, message.text, message.html, ...names].join('\n').replaceAll(name, '');
    expect([message.subject, read.match(new RegExp(mark, 'i'))]).toEqual([message.subject, null]);
    expect([message.subject, read.match(clinical)]).toEqual([message.subject, null]);
  }
});

describe('answers to a mail (S66)', () => {
  const replies = () => nights.mail.taken.map(({ practice }) => practice.replyTo);
  const emailOf = (name: string): string => `${name}@${desk.practiceId}.example.com`.toLowerCase();
  const share = (billId: string) => desk.done(shareBillRow, serve(shareBillRow, shareBill(real)), { path: { billId } });

  it('go to who made the bill where the practice has no address, and to who treats once that one has left', async () => {
    const { billId, clientId } = await desk.bill(10_000, {});
    await share(billId);
    await nights.sweep();
    expect(replies().map(email => email?.toLowerCase())).toEqual([emailOf('admin')]);
    expect(nights.mail.lastText).toContain('Questions? Reply to this mail.\n');
    const sessionId = await desk.session(clientId, 5_000);
    const body = { clientId, sessions: [{ sessionId }] };
    const made = await desk.create(body, { caller: desk.practice.biller });
    const { memberId } = desk.practice.biller;
    await desk.done(deactivateMemberRow, deactivateMember, { path: { memberId } });
    await share(made.body.billId);
    await nights.sweep();
    expect(replies().at(-1)?.toLowerCase()).toBe(emailOf('practitioner'));
    expect(nights.mail.lastText).not.toContain('@');
  });

  it('go to who treats where the night made the bill', async () => {
    await nights.automate({ createBills: 'daily' });
    await desk.session(await desk.client(), 5_000);
    await nights.until('2026-03-11', '00:10');
    const [bill] = await nights.openBills();
    await share(bill?.billId ?? '');
    await nights.sweep();
    expect(replies().map(email => email?.toLowerCase())).toEqual([emailOf('practitioner')]);
  });
});

it('answers go to the practice’s own address where it has one, which the mail names', async () => {
  const elm = await desk.neighbour({ email: 'office@elm.example.com' });
  const { billId } = await elm.bill();
  await elm.done(shareBillRow, serve(shareBillRow, shareBill(real)), { path: { billId } });
  await nights.sweep();
  expect(nights.mail.taken.map(({ practice }) => practice.replyTo)).toEqual(['office@elm.example.com']);
  expect(nights.mail.lastText).toContain('Reply to this mail, or write to office@elm.example.com.');
});
