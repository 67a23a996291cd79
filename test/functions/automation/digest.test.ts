import { handler as listBills } from '../../../functions/bills/listBills';
import { handler as changeMember } from '../../../functions/members/changeMember';
import { real } from '../../../shared/needs';
import { listBillsRow } from '../../../shared/operations/bills';
import { changeMemberRow } from '../../../shared/operations/members';
import { stripeGateway } from '../../../shared/stripe/stripeGateway';
import { chargeBills } from '../../../shared/work/automation/chargeBills';
import { FrontDesk } from '../../fixtures/frontDesk';
import { Nights } from '../../fixtures/nights';
import { type OpenStripe, openStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';
import { tellOf } from '../../fixtures/stripeWork';

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

const digest = (hour: number) => ({ digest: { enabled: true, hour } });
/** A client on AutoPay with a card and a bill of so much. */
async function onAutopay(amountCents: number, method = 'pm_card_visa'): Promise<string> {
  const clientId = await desk.client();
  await nights.setBilling(clientId, { autopay: true });
  await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk(), method });
  return (await desk.bill(amountCents, { clientId })).billId;
}
/** The lines of each digest to this member, the oldest first. */
const linesTo = (name: string) =>
  nights.mail.taken
    .filter(({ to, message }) => to.email.startsWith(`${name}@`) && message.subject.startsWith('Your day at'))
    .map(({ message }) => message.text.match(/^[A-Z].*: \d.*$/gm));

it('tells of what AutoPay charged and was refused, also where Stripe’s answer came later (domain 2.15)', async () => {
  await nights.automate({ autopay: true, ...digest(6) });
  await onAutopay(7_000);
  await onAutopay(5_000, 'pm_card_chargeCustomerFail');
  const charge: typeof stripeGateway.charge = async request => {
    await stripeGateway.charge(request);
    return { kind: 'unknown' };
  };
  nights.performs.autopay = chargeBills({ needs: real, gateway: { ...stripeGateway, charge } });
  await nights.until('2026-03-11', '06:01');
  expect((await nights.run('autopay', '2026-03-11')).outcomes).toEqual({ processing: 2 });
  expect(linesTo('admin')).toEqual([['AutoPay charges: 1, $70.00', 'AutoPay refused: 1']]);
});

it('a bill that AutoPay could not look at, however often, wants attention', async () => {
  await nights.automate({ autopay: true, ...digest(6) });
  const billId = await onAutopay(7_000);
  nights.performs.autopay = async ({ tasks, each }) => {
    for (const task of tasks) await each(task, () => Promise.reject(new Error('out of order')));
  };
  await nights.until('2026-03-11', '06:01');
  expect((await nights.run('autopay', '2026-03-11')).outcomes).toEqual({ failed: 1 });
  expect(await nights.openAttention()).toMatchObject([{ kind: 'automation_failed', billId }]);
  const query = { section: 'needs_attention' };
  expect((await desk.done(listBillsRow, listBills, { query })).items).toMatchObject([{ billId }]);
  expect(linesTo('admin')).toEqual([['Other things to look at: 1']]);
});

it('has no gap when its hour is moved', async () => {
  await nights.automate(digest(6));
  const { billId } = await desk.bill(9_000);
  const clientId = (await desk.see(billId)).clientId;
  await saveCard({ practiceId: desk.practiceId, clientId, sdk: stripe.sdk() });
  await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents: 9_000 });
  await nights.until('2026-03-11', '08:00');
  const { payments } = await desk.see(billId);
  await stripe.refundInDashboard(payments[0].stripe.paymentIntentId, 2_000);
  await tellOf(payments[0].stripe.paymentIntentId);
  await nights.until('2026-03-11', '10:00');
  await nights.automate(digest(20));
  await nights.until('2026-03-12', '20:01');
  expect(linesTo('admin').flat()).toEqual(['Refunds found in Stripe: 1, $20.00']);
});

it('tells of a night that ran late, and no amount to a member who may not see it (rule 70)', async () => {
  await nights.automate({ createBills: 'daily', ...digest(6) });
  const { biller, practitioner } = desk.practice;
  const change = (memberId: string, body: object) =>
    desk.done(changeMemberRow, changeMember, { path: { memberId }, body });
  await change(biller.memberId, { billingVisible: false });
  await desk.session(await desk.client(), 4_000);
  await change(practitioner.memberId, { roles: ['scheduler'] });
  nights.weather = { silentUntil: Date.parse('2026-03-14T18:00:00Z') };
  await nights.until('2026-03-15', '06:01');
  expect(linesTo('admin')).toEqual([['Bills made by night: 1, $40.00']]);
  expect([...linesTo('biller'), ...linesTo('practitioner')]).toEqual([]);
});
