import { type BillAmounts, billAmounts, type LineNow, linesNow, splitOverLines } from './billAmounts';
import type { Act, BillFacts, Book, Movement } from './book';
import { billOf, Draft, type EntryRequest, homeOfBill, wordsOf } from './draft';
import { releaseSurplus } from './flows';
import type { LineDelta, PaymentFacts } from './ledger';
import { cents, sumCents } from './money';
import { accountOf, clientReceivable, money, payerReceivable, writeOff } from './postings';
import { invalidInput, Problem } from './problem';

/** A line as the remittance tells it: paid by this payment; write-off and client's part as they shall be (absolute). */
export interface RemittanceLine {
  readonly lineId: string;
  readonly paidCents: number;
  readonly writeOffCents: number;
  readonly clientOwesCents: number;
}

export type Remainder = 'write_off' | 'bill_client' | 'leave_open';

export interface PayInsurer extends EntryRequest {
  readonly billId: string;
  /** Payer `insurer` or `external`; negative takes back, 0 is a denial or correction and leaves no payment. */
  readonly payment: PaymentFacts;
  readonly lines?: readonly RemittanceLine[];
  /** What becomes of what is left of the insurer's balance; `leave_open` unless given. */
  readonly remainder?: Remainder;
}

interface Moved {
  client: number;
  insurer: number;
  writeOff: number;
  paid: number;
}

interface LinePlan {
  readonly line: LineNow;
  readonly moved: Moved;
}

/**
 * An insurer's or platform's payment (`ledger.md` section 6): portions by the remittance or SPLIT, then the remainder, then
 * RELEASE of what the client has paid too much. Never touches what the other side paid (domain rules 17 to 19). Problems:
 * `bill_cancelled`, `no_insurer_portion`, `amount_exceeds_balance { insurerBalanceCents }`, `lines_do_not_add_up`,
 * `line_below_paid`, `invalid_input` (unknown line, take-back above what was paid, nothing to do).
 */
export function payInsurer(book: Book, request: PayInsurer, act: Act): Movement {
  const bill = billOf(book, request.billId);
  const amounts = billAmounts(book, bill.billId);
  const plan = linesNow(bill, book.entries).map(line => ({
    line,
    moved: { client: 0, insurer: 0, writeOff: 0, paid: 0 },
  }));
  const { amountCents } = request.payment;
  refuseUnlessInsured(bill, plan, request);
  if (request.lines) byRemittance(plan, request.lines, amountCents);
  else bySplit(plan, amounts, amountCents);
  const insurerBalanceCents = sumCents(plan.map(openPart)) + amountCents;
  if (plan.some(part => openPart(part) < 0)) throw new Problem('amount_exceeds_balance', { insurerBalanceCents });
  settleRemainder(plan, request.remainder ?? 'leave_open');
  return post(new Draft(book, act), { bill, plan, request });
}

function refuseUnlessInsured(bill: BillFacts, plan: readonly LinePlan[], request: PayInsurer): void {
  if (bill.cancelled) throw new Problem('bill_cancelled');
  const insured = plan.some(({ line }, index) => {
    const issued = bill.lines[index]?.insurerPortionCents ?? 0;
    return line.insurerPortionCents !== 0 || issued !== 0;
  });
  if (!insured) throw new Problem('no_insurer_portion');
  if (request.payment.amountCents === 0 && !request.lines && request.remainder === undefined) {
    throw invalidInput('/amountCents', 'may be 0 only with lines or a remainder');
  }
}

/** What the insurer still owes on the line after the plan. */
const openPart = ({ line, moved }: LinePlan): number =>
  line.insurerPortionCents + moved.insurer - line.insurerPaidCents - moved.paid;

function byRemittance(plan: readonly LinePlan[], lines: readonly RemittanceLine[], amountCents: number): void {
  const paid = sumCents(lines.map(line => line.paidCents));
  if (paid !== amountCents) throw new Problem('lines_do_not_add_up', { expectedCents: amountCents, actualCents: paid });
  lines.forEach((remitted, index) => {
    const pointer = `/lines/${index}`;
    const part = plan.find(({ line }) => line.lineId === remitted.lineId);
    if (part?.line.kind !== 'service') throw invalidInput(`${pointer}/lineId`, 'is no service line of this bill');
    if (lines.findIndex(other => other.lineId === remitted.lineId) < index) {
      throw invalidInput(`${pointer}/lineId`, 'is named twice');
    }
    remitLine(part, remitted, pointer);
  });
}

function remitLine({ line, moved }: LinePlan, remitted: RemittanceLine, pointer: string): void {
  const { amountCents: price, insurerPaidCents } = line;
  const { clientOwesCents, writeOffCents, paidCents } = remitted;
  if (clientOwesCents < 0 || writeOffCents < 0) throw invalidInput(pointer, 'must not be negative');
  const insurer = price - clientOwesCents - writeOffCents;
  if (insurer < 0) {
    throw new Problem('lines_do_not_add_up', { expectedCents: price, actualCents: clientOwesCents + writeOffCents });
  }
  if (insurerPaidCents + paidCents < 0) throw invalidInput(`${pointer}/paidCents`, 'takes back more than was paid');
  if (insurer < Math.min(insurerPaidCents, insurerPaidCents + paidCents)) {
    throw new Problem('line_below_paid', { lineId: line.lineId, insurerPaidCents });
  }
  moved.client = clientOwesCents - line.clientPortionCents;
  moved.writeOff = writeOffCents - line.writeOffCents;
  moved.insurer = insurer - line.insurerPortionCents;
  moved.paid = paidCents;
}

/** Without lines: a payment goes over the open insurer parts, a take-back over what was paid. */
function bySplit(
  plan: readonly LinePlan[],
  { insurerBalanceCents, insurerPaidCents }: BillAmounts,
  amount: number,
): void {
  if (amount > insurerBalanceCents) throw new Problem('amount_exceeds_balance', { insurerBalanceCents });
  if (-amount > insurerPaidCents) throw invalidInput('/amountCents', 'takes back more than insurers paid');
  const weight = (part: LinePlan): number => (amount < 0 ? part.line.insurerPaidCents : openPart(part));
  const parts = splitOverLines(cents(amount), plan, weight);
  plan.forEach((part, index) => {
    part.moved.paid = parts[index] ?? 0;
  });
}

function settleRemainder(plan: readonly LinePlan[], remainder: Remainder): void {
  if (remainder === 'leave_open') return;
  for (const part of plan) {
    const left = openPart(part);
    part.moved.insurer -= left;
    if (remainder === 'write_off') part.moved.writeOff += left;
    else part.moved.client += left;
  }
}

function post(
  draft: Draft,
  { bill, plan, request }: { bill: BillFacts; plan: readonly LinePlan[]; request: PayInsurer },
): Movement {
  const { payment } = request;
  const { paymentId, amountCents } = payment;
  const home = homeOfBill(bill.billId);
  const total = (part: keyof Moved): number => sumCents(plan.map(({ moved }) => moved[part]));
  draft.page(home);
  draft.post(home, money(accountOf(payment), amountCents, paymentId), payerReceivable(bill, -amountCents, paymentId));
  draft.post(home, clientReceivable(bill, total('client')), payerReceivable(bill, total('insurer')));
  draft.post(home, writeOff(bill, total('writeOff')));
  for (const part of plan)
    if (Object.values(part.moved).some(moved => moved !== 0)) draft.moveLine(home, deltaOf(part));
  releaseSurplus(draft, bill);
  const received = amountCents === 0 ? {} : { payment };
  return draft.finish(() => ({ kind: 'insurer_paid', ...wordsOf(request), ...received }));
}

const deltaOf = ({ line, moved }: LinePlan): LineDelta => ({
  lineId: line.lineId,
  clientCents: cents(moved.client),
  insurerCents: cents(moved.insurer),
  writeOffCents: cents(moved.writeOff),
  insurerPaidCents: cents(moved.paid),
});
