import { localDate } from '../../shared/domain/calendar';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { getBillingSummaryRow } from '../../shared/operations/bills';
import { billLists, inSection, type ListedBill, type Section } from '../../shared/store/billLists';
import { seesBill } from '../../shared/store/billStore';

const liveSections: readonly Section[] = ['open', 'overdue', 'partially_paid', 'awaiting_insurance'];

interface SectionSum {
  count: number;
  clientBalanceCents: number;
  insurerBalanceCents: number;
}

/**
 * Who owes what, by section (clarification 13): the live list is summed, the ended ones counted for 365 days. A
 * practitioner is told of own clients' bills only.
 */
export const getBillingSummary =
  (needs = real): Run<typeof getBillingSummaryRow> =>
  async ({ caller }) => {
    const { practiceId, timeZone } = caller;
    const today = localDate(needs.clock.now(), timeZone);
    const seen = (bill: ListedBill) => seesBill(caller, bill);
    const live = new Map(liveSections.map(section => [section, nothing()]));
    for await (const bill of billLists.live(practiceId)) {
      if (!seen(bill)) continue;
      for (const [section, sum] of live) if (inSection(bill, section, today)) add(sum, bill);
    }
    const [needs_attention, paid, cancelled] = await Promise.all([
      sumOf(billLists.needingAttention(practiceId), seen),
      sumOf(billLists.ended(practiceId, 'paid', today), seen),
      sumOf(billLists.ended(practiceId, 'cancelled', today), seen),
    ]);
    return reply(200, { sections: { ...Object.fromEntries(live), needs_attention, paid, cancelled } });
  };

const nothing = (): SectionSum => ({ count: 0, clientBalanceCents: 0, insurerBalanceCents: 0 });

function add(sum: SectionSum, bill: ListedBill): void {
  sum.count += 1;
  sum.clientBalanceCents += bill.clientBalanceCents;
  sum.insurerBalanceCents += bill.insurerBalanceCents;
}

async function sumOf(bills: AsyncGenerator<ListedBill>, seen: (bill: ListedBill) => boolean): Promise<SectionSum> {
  const sum = nothing();
  for await (const bill of bills) if (seen(bill)) add(sum, bill);
  return sum;
}

export const handler = serve(getBillingSummaryRow, getBillingSummary());
