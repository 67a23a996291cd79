/**
 * What each balance must be, told a second time without postings: plain numbers that go up and down. It knows the rules of
 * the ledger guide and nothing of the code under test.
 */
export interface ModelBill {
  id: string;
  total: number;
  client: number;
  insurer: number;
  writeOff: number;
  insurerPaid: number;
  insured: boolean;
  lines: number;
  cancelled: boolean;
  /** Client's side by payment, in the order in which they first paid. */
  paid: Map<string, number>;
}

export interface ModelRefund {
  id: string;
  payment: string;
  amount: number;
  stripe: boolean;
  found: boolean;
  failed: boolean;
  reduces: boolean;
  off: Map<string, number>;
  returned: Map<string, number>;
  reduced: Map<string, number>;
}

export interface ModelPayment {
  id: string;
  kind: 'money' | 'credit' | 'discount' | 'insurer';
  stripe: boolean;
  amount: number;
  bills: string[];
  refunded: number;
  credited: number;
  uncovered: number;
  withdrawn: number;
  chargedBack: number;
  takes: { lot: ModelLot; amount: number }[];
}

export interface ModelLot {
  source?: string;
  left: number;
  spends: { payment: string; bill: string; amount: number }[];
}

const add = (map: Map<string, number>, key: string, amount: number): void => {
  map.set(key, (map.get(key) ?? 0) + amount);
};
const total = (amounts: Iterable<number>): number => [...amounts].reduce((sum, amount) => sum + amount, 0);

export class PlainModel {
  readonly bills = new Map<string, ModelBill>();
  readonly payments = new Map<string, ModelPayment>();
  readonly refunds = new Map<string, ModelRefund>();
  readonly lots: ModelLot[] = [];

  bill(id: string): ModelBill {
    return this.bills.get(id) ?? fail(id);
  }
  payment(id: string): ModelPayment {
    return this.payments.get(id) ?? fail(id);
  }
  get credit(): number {
    return total(this.lots.map(lot => lot.left));
  }
  owed(bill: ModelBill): number {
    return bill.cancelled ? 0 : bill.client - total(bill.paid.values());
  }
  applied(id: string): number {
    return total([...this.bills.values()].map(bill => bill.paid.get(id) ?? 0));
  }
  lotOf(payment: string): ModelLot | undefined {
    return this.lots.find(lot => lot.source === payment);
  }

  newPayment(id: string, kind: ModelPayment['kind'], more: Partial<ModelPayment>): ModelPayment {
    const blank = { amount: 0, bills: [], refunded: 0, credited: 0, uncovered: 0, withdrawn: 0, chargedBack: 0 };
    const payment: ModelPayment = { id, kind, stripe: false, takes: [], ...blank, ...more };
    this.payments.set(id, payment);
    return payment;
  }

  /** IN. */
  arrive(payment: ModelPayment, amount: number, billIds: readonly string[]): void {
    const missing = Math.min(amount, payment.uncovered);
    payment.uncovered -= missing;
    let left = amount - missing;
    for (const id of billIds) {
      const bill = this.bill(id);
      const part = Math.min(left, this.owed(bill));
      if (part > 0) add(bill.paid, payment.id, part);
      left -= part;
    }
    if (left > 0) this.toLot(payment, left);
  }

  toLot(payment: ModelPayment, amount: number): void {
    const lot = this.lotOf(payment.id);
    payment.credited += amount;
    if (lot) lot.left += amount;
    else this.lots.push({ source: payment.id, left: amount, spends: [] });
  }

  /** OUT. */
  leave(payment: ModelPayment, amount: number): { off: Map<string, number>; returned: Map<string, number> } {
    const off = new Map<string, number>();
    const returned = new Map<string, number>();
    const lot = this.lotOf(payment.id);
    const unspent = Math.min(amount, lot?.left ?? 0);
    if (lot) lot.left -= unspent;
    payment.credited -= unspent;
    let left = amount - unspent;
    for (const id of payment.bills) {
      const part = Math.min(left, this.bill(id).paid.get(payment.id) ?? 0);
      if (part <= 0) continue;
      add(this.bill(id).paid, payment.id, -part);
      off.set(id, part);
      left -= part;
    }
    for (const spend of [...(lot?.spends ?? [])].reverse()) {
      const part = Math.min(left, spend.amount);
      if (part <= 0 || !lot) continue;
      this.giveBack(this.payment(spend.payment), this.bill(spend.bill), part, lot);
      lot.left -= part;
      payment.credited -= part;
      add(returned, spend.bill, part);
      left -= part;
    }
    payment.uncovered += left;
    return { off, returned };
  }

  spend(payment: ModelPayment, bill: ModelBill, amount: number): void {
    let left = amount;
    for (const lot of this.lots) {
      const part = Math.min(left, lot.left);
      if (part <= 0) continue;
      lot.left -= part;
      lot.spends.push({ payment: payment.id, bill: bill.id, amount: part });
      payment.takes.push({ lot, amount: part });
      left -= part;
    }
    add(bill.paid, payment.id, amount);
  }

  /** Credit back to the lots it came from, last taken first. */
  giveBack(payment: ModelPayment, bill: ModelBill, amount: number, only?: ModelLot): void {
    let left = amount;
    for (const take of [...payment.takes].reverse()) {
      const part = Math.min(left, take.amount);
      if (part <= 0 || (only && take.lot !== only)) continue;
      take.amount -= part;
      take.lot.left += part;
      const spend = take.lot.spends.find(s => s.payment === payment.id);
      if (spend) spend.amount -= part;
      take.lot.spends = take.lot.spends.filter(s => s.amount > 0);
      left -= part;
    }
    add(bill.paid, payment.id, -amount);
  }

  free(payment: ModelPayment, bill: ModelBill, amount: number): void {
    if (payment.kind === 'credit') {
      this.giveBack(payment, bill, amount);
      return;
    }
    add(bill.paid, payment.id, -amount);
    if (payment.kind === 'money') this.toLot(payment, amount);
  }

  /** RELEASE. */
  release(bill: ModelBill): void {
    let surplus = total(bill.paid.values()) - bill.client;
    for (const kind of ['discount', 'credit', 'money'] as const) {
      for (const id of [...bill.paid.keys()].reverse()) {
        const payment = this.payment(id);
        const part = payment.kind === kind ? Math.min(surplus, bill.paid.get(id) ?? 0) : 0;
        if (part <= 0) continue;
        this.free(payment, bill, part);
        surplus -= part;
      }
    }
  }

  adjust(bill: ModelBill, amount: number): void {
    bill.client += amount;
    bill.total += amount;
    bill.lines += 1;
  }

  cancel(bill: ModelBill): void {
    const { client } = bill;
    bill.client = 0;
    this.release(bill);
    bill.client = client;
    bill.cancelled = true;
  }

  /** A refund's effect on the bills it reopened. */
  reduce(refund: ModelRefund, parts: ReadonlyMap<string, number>): void {
    for (const [id, part] of parts) {
      if (this.bill(id).cancelled) continue;
      this.adjust(this.bill(id), -part);
      add(refund.reduced, id, part);
      this.release(this.bill(id));
    }
    refund.reduces = true;
  }

  failRefund(refund: ModelRefund): void {
    const payment = this.payment(refund.payment);
    for (const [id, part] of refund.reduced) if (!this.bill(id).cancelled) this.adjust(this.bill(id), part);
    refund.failed = true;
    payment.refunded -= refund.amount;
    this.arrive(payment, refund.amount, [...new Set([...refund.off.keys(), ...payment.bills])]);
  }

  refundable(payment: ModelPayment): number {
    if (payment.kind === 'insurer' || payment.withdrawn > 0 || payment.chargedBack > 0) return 0;
    return this.applied(payment.id) + (this.lotOf(payment.id)?.left ?? 0);
  }
}

function fail(id: string): never {
  throw new Error(`the model knows no ${id}`);
}
