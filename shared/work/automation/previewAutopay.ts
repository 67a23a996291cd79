import { jobPlans } from '../../domain/automation/jobs';
import { type AutopayScene, planAutopay } from '../../domain/automation/planAutopay';
import type { BillHead } from '../../domain/billRecord';
import { applyMovement } from '../../domain/book';
import { clientName } from '../../domain/client';
import { given } from '../../domain/given';
import type { Lot } from '../../domain/ledger';
import { payWithCredit } from '../../domain/payment';
import { isAskedByBank, readAutopayScene } from '../../store/autopayStore';
import { billLists } from '../../store/billLists';
import { loadBillMoney } from '../../store/billStore';
import { cardStore } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { portions } from './engine';
import {
  actOf,
  type ForeseenBill,
  type JobPreview,
  type Night,
  type PassedItem,
  type PlannedItem,
  previewOf,
} from './preview';

const together = 8;

interface Owed {
  readonly head: BillHead;
  /** Of a bill that the night itself makes. */
  readonly foreseen?: ForeseenBill;
}

/** What AutoPay of the night would charge, the bills that the same night makes among them. */
export async function previewAutopay(night: Night, foreseen: readonly ForeseenBill[]): Promise<JobPreview> {
  const { practice, automation, on } = night;
  if (!jobPlans.autopay.isDue(automation, on)) return previewOf('autopay', night, [], []);
  const owed = await billsOwed(night, foreseen);
  const clientIds = [...new Set(owed.map(({ head }) => head.clientId))];
  const billings = await clientStore.billingOf(practice.practiceId, clientIds);
  const onAutopay = new Set(billings.filter(({ autopay }) => autopay).map(({ clientId }) => clientId));
  const items: PlannedItem[] = [];
  const skipped: PassedItem[] = owed
    .filter(({ head }) => !onAutopay.has(head.clientId))
    .map(({ head, foreseen: made }) => passed(head, made, 'autopay_off'));
  // What a bill takes of the client's credit is gone for the next one.
  const credit = new Map<string, readonly Lot[]>(foreseen.map(({ record, book }) => [record.head.clientId, book.lots]));
  const mine = owed.filter(({ head }) => onAutopay.has(head.clientId));
  for (const some of portions(mine, together)) {
    const scenes = await Promise.all(some.map(each => sceneOf(night, each)));
    for (const [index, { head, foreseen: made }] of some.entries()) {
      const scene = scenes[index];
      if (!scene) continue;
      const lots = credit.get(head.clientId) ?? scene.book.lots;
      const now = { ...scene, book: { ...scene.book, lots } };
      const plan = planAutopay(now, on);
      credit.set(head.clientId, lotsAfter(now, plan.creditCents, night));
      const { charge, creditCents, reason } = plan;
      if (!charge && reason) skipped.push(passed(head, made, reason));
      if (!charge && creditCents === 0) continue;
      const { card, amountCents = 0 } = charge ?? {};
      const { kind, id } = scene.record.text.recipient;
      items.push({
        clientId: head.clientId,
        clientName: clientName(scene.client),
        ...(made ? {} : { billId: head.billId, number: head.number }),
        amountCents,
        creditCents,
        ...given({ card: card && { brand: card.brand, last4: card.last4 }, payer: card && { kind, id } }),
      });
    }
  }
  return previewOf('autopay', night, items, skipped);
}

/** In the order in which the run takes them: due first; of one day, the older bill first. */
async function billsOwed({ practice }: Night, foreseen: readonly ForeseenBill[]): Promise<Owed[]> {
  const owed: Owed[] = [];
  let cursor: string | undefined;
  do {
    const page = await billLists.owedByClients(practice.practiceId, { limit: 100, cursor });
    owed.push(...page.bills.map(head => ({ head })));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  const made = foreseen
    .filter(({ record }) => record.head.clientBalanceCents > 0)
    .map(bill => ({ head: bill.record.head, foreseen: bill }));
  return [...owed, ...made].sort((a, b) => (a.head.dueOn === b.head.dueOn ? 0 : a.head.dueOn < b.head.dueOn ? -1 : 1));
}

async function sceneOf(night: Night, { head, foreseen }: Owed): Promise<AutopayScene> {
  const { practiceId } = night.practice;
  const { clientId, billId } = head;
  if (!foreseen) return readAutopayScene(await loadBillMoney(practiceId, billId, true), { clientId, billId });
  const [{ cards }, isDisputing] = await Promise.all([
    cardStore.forCharge(practiceId, clientId),
    isAskedByBank(practiceId, clientId),
  ]);
  return { ...night, ...foreseen, cards, isDisputing };
}

function lotsAfter({ book, record }: AutopayScene, creditCents: number, night: Night): readonly Lot[] {
  if (creditCents === 0) return book.lots;
  const { billId } = record.head;
  const movement = payWithCredit(book, { billId, paymentId: 'pay_0', amountCents: creditCents }, actOf(night));
  return applyMovement(book, movement).lots;
}

const passed = (head: BillHead, foreseen: ForeseenBill | undefined, reason: string): PassedItem => ({
  clientId: head.clientId,
  clientName: head.clientName,
  ...(foreseen ? {} : { billId: head.billId }),
  reason,
});
