import { isRefusedByBank } from '../../domain/automation/autopayState';
import { type AutopayPlan, planAutopay } from '../../domain/automation/planAutopay';
import type { TaskResult } from '../../domain/automation/run';
import type { Attempt } from '../../domain/billRecord';
import { noMovement } from '../../domain/book';
import type { Instant } from '../../domain/calendar';
import { cents } from '../../domain/money';
import { payWithCredit } from '../../domain/payment';
import { isProblem } from '../../domain/problem';
import { type Needs, systemAct } from '../../needs';
import { attemptOf, commitAttempt } from '../../store/attemptStore';
import { readAutopayScene } from '../../store/autopayStore';
import { commit, type Loaded, loadBillMoney, recordOf } from '../../store/billStore';
import { decideAnew } from '../../store/kernel';
import { chargeReserved, newCardAttempt, settledBefore } from '../../stripe/cardAttempt';
import type { StripeGateway } from '../../stripe/stripeGateway';
import type { Perform } from './engine';
import { tellPassedOver } from './tellPassedOver';

interface BillOfNight {
  readonly practiceId: string;
  readonly clientId: string;
  readonly billId: string;
  readonly startedAt: Instant;
  readonly madeUntil: Instant | undefined;
}

interface Adapters {
  readonly needs: Needs;
  readonly gateway: StripeGateway;
}

/** AutoPay of a night, bill after bill: Stripe limits us anyway. */
export const chargeBills =
  (adapters: Adapters): Perform =>
  async ({ practiceId, startedAt, madeUntil, tasks, each }) => {
    for (const task of tasks) {
      const { clientId, billId = '' } = task;
      await each(task, async () => [await chargeOne({ practiceId, clientId, billId, startedAt, madeUntil }, adapters)]);
    }
  };

/**
 * Takes what is owed on a bill: credit and the reservation of the card's part in one transaction, then the card, then what
 * Stripe says (`design.md` section 3). A worker that dies in between leaves an attempt, which recovery finishes; whoever
 * comes again finds it and charges nothing.
 */
async function chargeOne(of: BillOfNight, adapters: Adapters): Promise<TaskResult> {
  const { billId } = of;
  const { needs, gateway } = adapters;
  const { loaded, plan, reserved } = await decideAnew(async () => reserve(of, adapters));
  if (!reserved) return resultOf(of, loaded, plan);
  const { attempt } = reserved;
  const charged = await chargeReserved({ loaded, ...reserved, kind: 'system' }, gateway, needs);
  const settled = attemptOf(charged, { home: { kind: 'bill', id: billId }, attemptId: attempt.attemptId });
  return {
    ...resultOfAttempt(of, settled ?? attempt),
    ...(plan.creditCents > 0 ? { creditCents: plan.creditCents } : {}),
  };
}

interface Reserved {
  readonly loaded: Loaded;
  readonly plan: AutopayPlan;
  readonly reserved?: { readonly attempt: Attempt; readonly currency: string };
}

async function reserve(of: BillOfNight, adapters: Adapters): Promise<Reserved> {
  const { practiceId, clientId, billId, madeUntil } = of;
  const { needs } = adapters;
  const read = await loadBillMoney(practiceId, billId, true);
  if (madeUntil && recordOf(read, billId).head.createdAt > madeUntil) {
    return { loaded: read, plan: { creditCents: cents(0), reason: 'made_since' } };
  }
  const before = await withoutOpenEnds(read, billId, adapters);
  if (before === 'payment_in_progress') return { loaded: read, plan: { creditCents: cents(0), reason: before } };
  const scene = await readAutopayScene(before, { clientId, billId });
  const act = systemAct(scene.practice.timeZone, needs);
  const plan = planAutopay(scene, act.today);
  const { creditCents, charge } = plan;
  const credit =
    creditCents > 0
      ? payWithCredit(before.book, { billId, paymentId: needs.newId('pay'), amountCents: creditCents }, act)
      : noMovement;
  if (!charge) {
    const told = await tellPassedOver(before, billId, { ...plan, at: act.at });
    const isQuiet = creditCents === 0;
    if (isQuiet && !told) return { loaded: before, plan };
    const along = { newId: needs.newId, keepVersion: isQuiet, ...told };
    return { loaded: await commit(before, credit, along), plan };
  }
  const by = { kind: 'system' } as const;
  const { amountCents, card } = charge;
  const attempt = newCardAttempt(
    { billId, clientId, amountCents, by, at: act.at },
    { card, practice: scene.practice },
    needs,
  );
  const loaded = await commitAttempt(before, attempt, { movement: credit, quiet: creditCents === 0, needs });
  return { loaded, plan, reserved: { attempt, currency: scene.practice.currency } };
}

/** The bill, once what was open on it is known; or that a hosted page may have taken money of which Stripe does not tell yet. */
async function withoutOpenEnds(
  loaded: Loaded,
  billId: string,
  { needs, gateway }: Adapters,
): Promise<Loaded | 'payment_in_progress'> {
  const { checkoutId, reservedCents } = recordOf(loaded, billId).head;
  if (checkoutId === undefined && reservedCents === 0) return loaded;
  try {
    return await settledBefore(loaded, billId, { needs, gateway });
  } catch (error) {
    if (isProblem(error, 'payment_in_progress')) return error.code;
    throw error;
  }
}

/** Why nothing was charged; or what an earlier worker of this run did, who died before it could tell. */
function resultOf(of: BillOfNight, loaded: Loaded, { creditCents, reason }: AutopayPlan): TaskResult {
  const { clientId, billId, startedAt } = of;
  const before = recordOf(loaded, billId)
    .attempts.filter(({ kind, by, startedAt: at }) => kind === 'charge' && by.kind === 'system' && at >= startedAt)
    .at(-1);
  if (before) return resultOfAttempt(of, before);
  const because = reason ? { reason } : {};
  if (creditCents > 0) return { clientId, billId, outcome: 'credit', creditCents, ...because };
  return { clientId, billId, outcome: 'skipped', ...because };
}

function resultOfAttempt({ clientId, billId }: BillOfNight, { status, amountCents, failure }: Attempt): TaskResult {
  if (status === 'settled') return { clientId, billId, outcome: 'charged', amountCents };
  if (status === 'failed') {
    const { code = 'unknown' } = failure ?? {};
    // Nobody's card is at fault: staff are told of it with the practice's connection, the client is not.
    return { clientId, billId, outcome: isRefusedByBank(code) ? 'declined' : 'not_charged', reason: code };
  }
  return { clientId, billId, outcome: 'processing', amountCents: 0, reason: status };
}
