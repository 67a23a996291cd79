import { localDate } from '../../shared/domain/calendar';
import { invalidInput } from '../../shared/domain/problem';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { listBillsRow } from '../../shared/operations/bills';
import { billLists, type ListedBill } from '../../shared/store/billLists';
import { seesBill } from '../../shared/store/billStore';
import { billSummary } from '../../shared/views/billView';

type Query = Input<typeof listBillsRow>['query'];

/** R37: `open` is every bill with a balance of either side; the sort key of the live list makes `overdue` a range of it. */
export const listBills =
  (needs = real): Run<typeof listBillsRow> =>
  async ({ query, caller }) => {
    checkFilters(query);
    const now = needs.clock.now();
    const today = localDate(now, caller.timeZone);
    const page = await billLists.page(caller.practiceId, query, today);
    const shown = page.bills.filter(bill => seesBill(caller, bill) && fits(bill, query));
    const items = shown.map(bill => billSummary(bill, { now, timeZone: caller.timeZone }));
    return reply(200, { items, nextCursor: page.nextCursor });
  };

/** A page may be shorter than its limit where these apply: they are judged after the read. */
function fits(bill: ListedBill, { practitionerId, clientId, minCents, maxCents, dueTo }: Query): boolean {
  const owed = bill.clientBalanceCents + bill.insurerBalanceCents;
  return (
    (practitionerId === undefined || bill.practitionerIds.includes(practitionerId)) &&
    (clientId === undefined || bill.clientId === clientId) &&
    (minCents === undefined || owed >= minCents) &&
    (maxCents === undefined || owed <= maxCents) &&
    (dueTo === undefined || bill.dueOn <= dueTo)
  );
}

function checkFilters({ section, clientId, from, to, sort }: Query): void {
  const dated = section === 'paid' || section === 'cancelled' || clientId !== undefined;
  if ((from !== undefined || to !== undefined) && !dated) {
    throw invalidInput('/from', 'from and to go with clientId, paid or cancelled only');
  }
  if (from !== undefined && to !== undefined && from > to) throw invalidInput('/to', 'must not be before from');
  const byIssue = sort === 'issuedOn' || sort === '-issuedOn';
  if (sort !== undefined && byIssue !== dated) {
    throw invalidInput('/sort', dated ? 'issuedOn or -issuedOn here' : 'dueOn or -dueOn here');
  }
}

export const handler = serve(listBillsRow, listBills());
