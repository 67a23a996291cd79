import type Stripe from 'stripe';
import { newAccount } from './accounts';
import type { Answer, Api } from './api';
import { moveBalance } from './balance';
import { Desk, platformId, type World } from './desk';
import { decideDispute, isDisputeStatus, openDispute, withheldOf } from './disputes';
import { chargeOf } from './hosted/dashboard';
import { payOut } from './payouts';
import { failRefund, refundCharge } from './refunds';
import { invalid, missing, StripeProblem } from './stripeError';
import type { Webhooks } from './webhooks';

/** One row of the stand-in's own books, in cents. */
export interface BookRow {
  account: string;
  payment_intent: string;
  charge: string;
  currency: string;
  captured: number;
  /** Sum of refunds that neither failed nor were cancelled. */
  refunded: number;
  /** What the bank holds or has taken back. */
  disputed: number;
  metadata: Stripe.Metadata;
}

type Words = Record<string, unknown>;
interface Parts {
  world: World;
  api: Api;
  webhooks: Webhooks;
}

/** `/_stand-in/…`: what happens in Stripe's dashboard or at a bank, and the state of deliveries, as JSON for tests. */
export async function control(parts: Parts, method: string, path: string, body: string): Promise<Answer> {
  try {
    const words: Words = body === '' ? {} : JSON.parse(body);
    const [what = '', id] = path.replace(/^\/_stand-in\//, '').split('/');
    const result = await run(
      parts,
      `${method} ${what}${id === undefined ? '' : path.endsWith('/fail') ? '/:id/fail' : '/:id'}`,
      { words, id: id ?? '' },
    );
    parts.world.books.commit();
    return json(200, result);
  } catch (thrown) {
    parts.world.books.rollback();
    if (thrown instanceof StripeProblem) return json(thrown.status, thrown.body('req_stand_in'));
    if (thrown instanceof SyntaxError) return json(400, { error: { message: 'The body is not JSON.' } });
    throw thrown;
  }
}

const json = (status: number, value: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

async function run(parts: Parts, call: string, { words, id }: { words: Words; id: string }): Promise<object> {
  const { world, api, webhooks } = parts;
  switch (call) {
    case 'GET books':
      return { payments: bookRows(world) };
    case 'GET webhooks':
      return webhookState(webhooks);
    case 'POST webhooks':
      return setWebhooks(webhooks, words);
    case 'POST latency':
      api.latency = Math.max(0, Number(words.milliseconds ?? 0));
      return { milliseconds: api.latency };
    case 'POST accounts':
      return connect(world, words);
    case 'POST payouts':
      return payOut(new Desk(world, String(words.account ?? platformId)), words.automatic !== false);
    case 'POST movements':
      return move(new Desk(world, String(words.account ?? platformId)), words);
    case 'POST refunds':
      return refundInDashboard(world, words);
    case 'POST refunds/:id/fail':
      return failRefund(deskOf(world, 'refund', id), id);
    case 'POST disputes':
      return dispute(world, words);
    case 'POST disputes/:id':
      if (!isDisputeStatus(words.status)) throw invalid('Unknown dispute status.', { param: 'status' });
      return decideDispute(deskOf(world, 'dispute', id), id, words.status);
    default:
      throw new StripeProblem(404, 'invalid_request_error', `The stand-in has no ${call}.`);
  }
}

/** The desk of the account that has this object. */
function deskOf(world: World, table: 'payment_intent' | 'refund' | 'dispute', id: string): Desk {
  const account = world.books.all(platformId, 'account').find(known => world.books.find(known.id, table, id));
  if (!account) throw missing(table, id);
  return new Desk(world, account.id);
}

function chargeFor(world: World, words: Words): { desk: Desk; charge: Stripe.Charge } {
  const id = String(words.payment_intent ?? '');
  const desk = deskOf(world, 'payment_intent', id);
  const charge = chargeOf(desk, desk.get('payment_intent', id));
  if (!charge) throw invalid(`Payment ${id} has no successful charge.`, { param: 'payment_intent' });
  return { desk, charge };
}

function refundInDashboard(world: World, words: Words): Stripe.Refund {
  const { desk, charge } = chargeFor(world, words);
  return refundCharge(desk, typeof words.amount === 'number' ? { charge, amount: words.amount } : { charge });
}

function dispute(world: World, words: Words): Stripe.Dispute {
  const { desk, charge } = chargeFor(world, words);
  const status = words.status ?? 'needs_response';
  if (!isDisputeStatus(status)) throw invalid('Unknown dispute status.', { param: 'status' });
  return openDispute(desk, charge, status);
}

/** Movements that Stripe makes by itself (fees, adjustments …); with `payout`, as parts of one that is made already. */
function move(desk: Desk, { type, amount, currency = 'usd', count = 1, payout }: Words): object {
  const movements = Array.from({ length: Number(count) }, () =>
    moveBalance(desk, {
      type: String(type) as Stripe.BalanceTransaction.Type,
      ...{ amount: Number(amount), fee: 0, currency: String(currency), source: null },
    }),
  );
  for (const { id } of movements) if (typeof payout === 'string') desk.keep('paidOut', id, { payout });
  return { ids: movements.map(({ id }) => id) };
}

/** An account with a known id, ready to be charged: for seeds and tests. */
function connect(world: World, words: Words): Stripe.Account {
  const id = String(words.id ?? '');
  if (!/^acct_\w{1,40}$/.test(id)) throw invalid('An account id looks like acct_1Example.', { param: 'id' });
  const desk = new Desk(world, platformId);
  const known = desk.find('account', id);
  if (known) return known;
  return newAccount(desk, { id, email: null, country: 'US', type: 'standard', metadata: {}, ready: true });
}

export function bookRows(world: World): BookRow[] {
  return world.books.all(platformId, 'account').flatMap(({ id }) => {
    const desk = new Desk(world, id);
    return desk.all('payment_intent').flatMap(payment => {
      const charge = chargeOf(desk, payment);
      return charge ? [bookRow(desk, payment, charge)] : [];
    });
  });
}

function bookRow(desk: Desk, payment: Stripe.PaymentIntent, charge: Stripe.Charge): BookRow {
  const refunds = desk.all('refund').filter(refund => refund.charge === charge.id);
  const standing = refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  return {
    account: desk.account,
    payment_intent: payment.id,
    charge: charge.id,
    currency: charge.currency,
    captured: charge.amount_captured,
    refunded: standing.reduce((total, { amount }) => total + amount, 0),
    disputed: withheldOf(desk, charge.id),
    metadata: payment.metadata,
  };
}

const webhookState = (webhooks: Webhooks): object => ({ ...webhooks.mode, pending: webhooks.pending().length });

/** `release` sends at once what was held, and answers when it has been sent. */
async function setWebhooks(webhooks: Webhooks, words: Words): Promise<object> {
  const { mode } = webhooks;
  if (words.order === 'reversed' || words.order === 'in_order') mode.order = words.order;
  if (typeof words.repeat === 'number') mode.repeat = Math.max(1, Math.floor(words.repeat));
  if (typeof words.drop === 'boolean') mode.drop = words.drop;
  if (typeof words.hold === 'boolean') mode.hold = words.hold;
  if (words.release === true) mode.hold = false;
  if (!mode.hold) await webhooks.idle();
  return webhookState(webhooks);
}
