import { localDate } from '../../shared/domain/calendar';
import { type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { getBillingSummaryRow } from '../../shared/operations/bills';
import { billLists, inSection, type Section } from '../../shared/store/billLists';
import { seesBill } from '../../shared/store/billStore';

const liveSections: readonly Section[] = ['open', 'overdue', 'partially_paid', 'awaiting_insurance', 'needs_attention'];

/** Who owes what, by section (clarification 13): the live list is summed, the ended ones counted for 365 days. */
export const getBillingSummary =
  (needs = real): Run<typeof getBillingSummaryRow> =>
  async ({ caller }) => {
    const today = localDate(needs.clock.now(), caller.timeZone);
    const sections: Record<string, { count: number; clientBalanceCents: number; insurerBalanceCents: number }> = {};
    for (const section of liveSections) sections[section] = { count: 0, clientBalanceCents: 0, insurerBalanceCents: 0 };
    for await (const bill of billLists.live(caller.practiceId)) {
      if (!seesBill(caller, bill)) continue;
      for (const section of liveSections.filter(name => inSection(bill, name, today))) {
        const sum = sections[section];
        if (!sum) continue;
        sum.count += 1;
        sum.clientBalanceCents += bill.clientBalanceCents;
        sum.insurerBalanceCents += bill.insurerBalanceCents;
      }
    }
    for (const list of ['paid', 'cancelled'] as const) {
      const count = await billLists.countSince(caller.practiceId, list, today);
      sections[list] = { count, clientBalanceCents: 0, insurerBalanceCents: 0 };
    }
    return reply(200, { sections });
  };

export const handler = serve(getBillingSummaryRow, getBillingSummary());
