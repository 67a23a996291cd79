import { adjustBill, cancelBill, issueBill, writeOffClient } from '../../shared/domain/bill';
import { applyMovement, type BillLine, joinMovements, noMovement } from '../../shared/domain/book';
import { grantCredit } from '../../shared/domain/credit';
import { payInsurer } from '../../shared/domain/insurer';
import { applicableCredit, giveDiscount, payWithCredit, prepay, receivePayment } from '../../shared/domain/payment';
import { type PortionTerms, portionsOf } from '../../shared/domain/portions';
import { Problem } from '../../shared/domain/problem';
import { requestRefund, takeOverRefund } from '../../shared/domain/refund';
import { decideEffect, failRefund } from '../../shared/domain/refundOutcome';
import type { Deed, ExampleDesk, InsurerSays, Issue, Paying, Refunding, Refusal } from '../fixtures/examples/deeds';
import { byCard, clientId, Life, line, paid, postingsText, sessionLines } from './life';

/** The rules alone, on one client's book in memory; names are ids here. */
export class RulesDesk implements ExampleDesk {
  readonly life = new Life();

  issue(billId: string, what: Issue): void {
    const { responsibility = 'self_pay', creditPayment } = what;
    const payer = responsibility === 'self_pay' ? {} : { payerId: 'payer' };
    const request = { billId, clientId, responsibility, lines: linesOf(billId, what), ...payer };
    this.life.do((book, asked: typeof request, act) => {
      const issued = issueBill(book, asked, act);
      if (creditPayment === undefined) return issued;
      const withBill = applyMovement(book, issued);
      const credited = { billId, paymentId: creditPayment, amountCents: applicableCredit(withBill, billId) };
      return joinMovements(issued, payWithCredit(withBill, credited, act));
    }, request);
  }

  cash({ bill, payment, amountCents }: Paying, overpayment: 'refuse' | 'credit'): void {
    this.life.do(receivePayment, { billId: bill, payment: paid(payment, amountCents), overpayment });
  }

  card({ bill, payment, amountCents }: Paying): void {
    const received = paid(payment, amountCents, byCard);
    this.life.do(receivePayment, { billId: bill, payment: received, sourceId: `att_${payment}`, moved: true });
  }

  hostedPageSucceeds(paying: Paying): void {
    this.card(paying);
  }

  credit({ bill, payment, amountCents }: Paying): void {
    this.life.do(payWithCredit, { billId: bill, paymentId: payment, amountCents });
  }

  discount({ bill, payment, amountCents }: Paying): void {
    this.life.do(giveDiscount, { billId: bill, paymentId: payment, amountCents });
  }

  insurer({ bill, payment, amountCents }: Paying, { line: said, ...says }: InsurerSays): void {
    const { responsibility, lines } = this.life.book.bills.get(bill) ?? {};
    const [first] = lines ?? [];
    this.life.do(payInsurer, {
      billId: bill,
      payment: paid(payment, amountCents, {
        payer: responsibility === 'external' ? 'external' : 'insurer',
        type: 'other',
      }),
      ...says,
      ...(said && first ? { lines: [{ lineId: first.lineId, ...said }] } : {}),
    });
  }

  prepayByCard(payment: string, amountCents: number): void {
    this.life.do(prepay, { payment: paid(payment, amountCents, byCard), sourceId: `att_${payment}` });
  }

  grantCredit(amountCents: number): void {
    this.life.do(grantCredit, { clientId, amountCents, reason: 'goodwill' });
  }

  refund(payment: string, asked: Refunding): void {
    const refundId = `R.${payment}.${this.life.book.entries.length}`;
    const online = { stripeRefundId: `re_${refundId}` };
    const { payment: facts } = this.life.book.entries.find(entry => entry.payment?.paymentId === payment) ?? {};
    const byStripe = facts?.collect === 'stripe' && (asked.destination ?? 'original') === 'original';
    this.life.do(requestRefund, { paymentId: payment, refundId, ...asked, ...(byStripe ? online : {}) });
  }

  foundInStripe(payment: string, amountCents: number): void {
    const stripeRefundId = `re_${this.life.book.entries.length}`;
    this.life.do(takeOverRefund, { paymentId: payment, stripeRefundId, amountCents, status: 'succeeded' });
  }

  refundFails(payment: string): void {
    this.life.do(failRefund, { refundId: this.#lastRefund(payment, 'app'), status: 'failed' });
  }

  reduceFound(payment: string): void {
    this.life.do(decideEffect, { refundId: this.#lastRefund(payment, 'stripe') });
  }

  #lastRefund(paymentId: string, origin: 'app' | 'stripe'): string {
    const found = this.life.book.entries.findLast(
      ({ refund }) => refund?.paymentId === paymentId && refund.origin === origin,
    );
    return found?.refund?.refundId ?? '';
  }

  cancel(billId: string, payments: 'refuse' | 'convert_to_credit'): void {
    this.life.do(cancelBill, { billId, payments });
  }

  adjust(billId: string, amountCents: number): void {
    this.life.do(adjustBill, { billId, amountCents, description: 'Correction', reason: 'price' });
  }

  writeOff(billId: string, amountCents: number): void {
    this.life.do(writeOffClient, { billId, amountCents, reason: 'hardship' });
  }

  async refusal(deed: Deed): Promise<Refusal> {
    const { life } = this;
    const before = life.book;
    life.last = noMovement;
    try {
      await deed(this);
    } catch (error) {
      expect(life.book).toBe(before);
      if (error instanceof Problem) return { code: error.code, facts: error.facts };
      throw error;
    }
    throw new Error('was not refused');
  }

  postings(): string[] {
    return postingsText({ entries: this.life.last.entries.filter(entry => entry.postings.length > 0) });
  }

  told(part: string): string {
    const { life } = this;
    const [subject = ''] = part.split(/:| /);
    if (/^B\d$/.test(subject)) return `${subject}: ${life.bill(subject)}`;
    if (/^P\d$/.test(subject)) return `${subject}: ${life.payment(subject)}`;
    if (subject === 'credit') return `credit ${life.credit}`;
    if (part === 'AutoPay held') return life.last.holds.length > 0 ? part : 'AutoPay not held';
    if (subject === 'AutoPay') return `AutoPay held on ${life.last.holds.map(hold => hold.billId).join()}`;
    const [first] = life.last.attention;
    if (part === 'attention') return first ? part : 'no attention';
    return `attention: ${first?.kind} ${first?.facts.amountCents}`;
  }
}

function linesOf(billId: string, what: Issue): BillLine[] {
  const { sessions = [], noShows = [], products = [], responsibility = 'self_pay', copayCents } = what;
  const terms = (session: number): Partial<PortionTerms> => {
    const coinsuranceBasisPoints = what.coinsuranceBasisPoints?.[session];
    return {
      responsibility,
      ...(copayCents === undefined ? {} : { copayCents }),
      ...(coinsuranceBasisPoints === undefined ? {} : { coinsuranceBasisPoints }),
    };
  };
  const fees = noShows.map((price, index) => line(`${billId}.no${index}`, price, 'no_show'));
  const goods = products.map((price, index) => line(`${billId}.prod${index}`, price, 'product'));
  return [
    ...sessions.flatMap((prices, index) => sessionLines(`S${billId}.${index}`, prices, terms(index))),
    ...portionsOf([...fees, ...goods], { responsibility }),
  ];
}
