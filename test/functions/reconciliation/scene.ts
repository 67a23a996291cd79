import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as listDifferences } from '../../../functions/reconciliation/listDifferences';
import { handler as listReconciliations } from '../../../functions/reconciliation/listReconciliations';
import { handler as startReconciliation } from '../../../functions/reconciliation/startReconciliation';
import { newId } from '../../../shared/ids';
import {
  listDifferencesRow,
  listReconciliationsRow,
  startReconciliationRow,
} from '../../../shared/operations/reconciliation';
import { queryAll, transact } from '../../../shared/store/kernel';
import { accountClaimed } from '../../../shared/store/stripeAccountStore';
import { duePartition } from '../../../shared/store/table';
import { FrontDesk } from '../../fixtures/frontDesk';
import type { OpenStripe } from '../../fixtures/openStripe';
import { saveCard } from '../../fixtures/savedCard';

let accounts = 0;

/** A practice with a Stripe account of its own, whose webhooks nobody hears. */
export async function openDeafPractice(stripe: OpenStripe) {
  accounts += 1;
  const accountId = `acct_deaf${accounts}`;
  await stripe.connect(accountId);
  const desk = await FrontDesk.open({ stripe: { status: 'ready', mode: 'test', accountId } });
  await transact([accountClaimed(desk.practiceId, accountId)]);
  const sdk = stripe.sdk(accountId);
  const clientId = await desk.client();
  await saveCard({ practiceId: desk.practiceId, clientId, sdk });

  /** A bill of its own, paid by card; 202 when Stripe's answer was lost. */
  const pay = async (amountCents: number) => {
    const { billId } = await desk.bill(amountCents, { clientId });
    const { status, body } = await desk.pay(billId, { type: 'card', collect: 'stripe', amountCents });
    return {
      status,
      billId: billId as string,
      ...body.payment,
      intentId: body.payment?.stripe?.paymentIntentId as string,
    };
  };
  const work = async (pk: string, sk: string) => {
    const answer = await followStripe({ Records: [{ messageId: '1', body: JSON.stringify({ pk, sk }) }] } as never);
    expect(answer).toEqual({ batchItemFailures: [] });
  };
  return {
    desk,
    sdk,
    accountId,
    clientId,
    pay,
    async payWithLostAnswer(amountCents: number) {
      stripe.fails({ operation: 'POST /v1/payment_intents', when: 'after', error: '500' });
      return pay(amountCents);
    },
    async chargeByHand(amount: number): Promise<string> {
      const card = { payment_method: 'pm_card_visa', allowed_payment_method_types: ['card' as const] };
      return (await sdk.paymentIntents.create({ amount, currency: 'usd', confirm: true, ...card })).id;
    },
    async tell(intentId: string): Promise<void> {
      const subject = { kind: 'intent', id: intentId };
      const message = { kind: 'stripeEvent', eventId: newId('wrk'), type: 'told', account: accountId, subject };
      await followStripe({ Records: [{ messageId: '1', body: JSON.stringify(message) }] } as never);
    },
    /** What is due of this practice's reconciliations, done as the queue's worker does it. */
    async workOff(): Promise<void> {
      const due = await Promise.all([0, 1, 2, 3].map(n => queryAll({ index: 'pointers', partition: duePartition(n) })));
      const now = new Date(Date.now()).toISOString();
      const own = due
        .flat()
        .filter(({ pk, dsk }) => pk === `P#${desk.practiceId}#RECONCILIATION` && String(dsk) <= `${now}#~`);
      for (const { pk, sk } of own) await work(pk, sk);
    },
    start: (body = {}) => desk.ask(startReconciliationRow, startReconciliation, { body }),
    async reconcile() {
      const { body } = await this.start();
      await this.workOff();
      const run = (await this.list()).find(known => known.reconciliationId === body.reconciliationId);
      if (run?.status !== 'done') throw new Error(`it is ${run?.status}`);
      return { run, differences: await this.differences(body.reconciliationId) };
    },
    list: async (query = {}): Promise<Run[]> =>
      (await desk.done(listReconciliationsRow, listReconciliations, { query })).items,
    async differences(reconciliationId: string): Promise<Difference[]> {
      const found: Difference[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: '100', ...(cursor ? { cursor } : {}) };
        const page = await desk.done(listDifferencesRow, listDifferences, { path: { reconciliationId }, query });
        found.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return found;
    },
  };
}
export type DeafPractice = Awaited<ReturnType<typeof openDeafPractice>>;

export interface Run {
  readonly reconciliationId: string;
  readonly status: string;
  readonly trigger: string;
  readonly from: string;
  readonly to: string;
  readonly charges: number;
  readonly movements: number;
  readonly differences: number;
  readonly mended: number;
  readonly sums: Readonly<Record<string, number>>;
}

export interface Difference {
  readonly paymentIntentId: string;
  readonly kinds: readonly string[];
  readonly stripeCents: number;
  readonly ledgerCents: number;
  readonly mended: boolean;
}
