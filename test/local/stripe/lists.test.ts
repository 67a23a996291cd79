import type Stripe from 'stripe';
import { hour, refusalOf, type StandIn, startStandIn } from './standIn';

let standIn: StandIn;
let stripe: Stripe;
const ids: string[] = [];
beforeAll(async () => {
  standIn = await startStandIn();
  stripe = standIn.stripe;
  for (let index = 0; index < 7; index += 1) {
    standIn.clock.advance(hour);
    ids.unshift((await stripe.customers.create({ name: `Client ${index}` })).id);
  }
});
afterAll(() => standIn.part.close());

const idsOf = ({ data }: Stripe.ApiList<{ id: string }>): string[] => data.map(({ id }) => id);

describe('a list', () => {
  test('is newest first and pages both ways', async () => {
    const first = await stripe.customers.list({ limit: 3 });
    expect([idsOf(first), first.has_more]).toEqual([ids.slice(0, 3), true]);
    const second = await stripe.customers.list({ limit: 4, starting_after: ids[2] ?? '' });
    expect([idsOf(second), second.has_more]).toEqual([ids.slice(3), false]);
    const back = await stripe.customers.list({ limit: 2, ending_before: ids[4] ?? '' });
    expect([idsOf(back), back.has_more]).toEqual([ids.slice(2, 4), true]);
  });

  test('is walked to its end by the SDK', async () => {
    const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
  });

  test('is cut by the time of creation', async () => {
    const middle = (await stripe.customers.retrieve(ids[3] ?? '')) as Stripe.Customer;
    expect(idsOf(await stripe.customers.list({ created: { gte: middle.created } }))).toEqual(ids.slice(0, 4));
    expect(idsOf(await stripe.customers.list({ created: { lt: middle.created } }))).toEqual(ids.slice(4));
    expect(idsOf(await stripe.customers.list({ created: middle.created }))).toEqual([ids[3]]);
  });

  test('refuses a limit over 100, an unknown filter and a page after nothing', async () => {
    expect(await refusalOf(stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
    expect(await refusalOf(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      param: 'starting_after',
    });
    const filter = { colour: 'red' } as Stripe.CustomerListParams;
    expect(await refusalOf(stripe.customers.list(filter))).toMatchObject({ code: 'parameter_unknown' });
  });

  test('of payments is one customer’s, of charges one payment’s, of balance movements one source’s', async () => {
    const [customer = ''] = ids;
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    const intent = await stripe.paymentIntents.create({
      amount: 4000,
      currency: 'usd',
      customer,
      payment_method: card.id,
      off_session: true,
      confirm: true,
    });
    expect(idsOf(await stripe.paymentIntents.list({ customer }))).toEqual([intent.id]);
    const charges = await stripe.charges.list({ payment_intent: intent.id, expand: ['data.balance_transaction'] });
    expect(charges.data[0]?.balance_transaction).toMatchObject({ net: 3854 });
    const source = String(intent.latest_charge);
    expect((await stripe.balanceTransactions.list({ source })).data).toMatchObject([{ type: 'charge', amount: 4000 }]);
  });
});
