import type { Act, BillFacts, BillLine, Book, Hold, MoneyAttention, Movement } from './book';
import type { CalendarDate } from './calendar';
import { invariant } from './invariant';
import { type Entry, type EntryHome, type LineDelta, type Lot, type Posting, sumPostings } from './ledger';
import { type Cents, cents } from './money';

/** What an entry says besides its postings. */
export type EntryWords = Pick<Entry, 'kind'> &
  Partial<
    Pick<
      Entry,
      'postedOn' | 'sourceId' | 'reason' | 'payment' | 'unmatched' | 'refund' | 'dispute' | 'details' | 'clientId'
    >
  >;

export const homeOfBill = (billId: string): EntryHome => ({ kind: 'bill', id: billId });

interface Page {
  readonly home: EntryHome;
  readonly postings: Posting[];
  readonly lineDeltas: LineDelta[];
}

const sameSlot = (a: Posting, b: Posting): boolean =>
  a.account === b.account && a.billId === b.billId && a.paymentId === b.paymentId && a.payerId === b.payerId;

/**
 * A movement while a rule works it out: one entry a home, lots as they stand in between. Rules throw their Problems
 * before they post; a draft that is not finished changes nothing.
 */
export class Draft {
  readonly #pages = new Map<string, Page>();
  readonly #lots = new Map<string, Lot>();
  readonly holds: Hold[] = [];
  readonly attention: MoneyAttention[] = [];
  readonly releasesHold: { billId: string; refundId: string }[] = [];
  readonly newLines: { billId: string; line: BillLine }[] = [];
  readonly bills: BillFacts[] = [];

  constructor(
    readonly book: Book,
    readonly act: Act,
  ) {
    for (const lot of book.lots) this.#lots.set(lot.lotId, lot);
  }

  bill(billId: string): BillFacts {
    return billOf(this.book, billId);
  }

  /** Makes sure that this home gets an entry, also one without postings. */
  page(home: EntryHome): Page {
    const key = `${home.kind}#${home.id}`;
    const page = this.#pages.get(key) ?? { home, postings: [], lineDeltas: [] };
    this.#pages.set(key, page);
    return page;
  }

  /** Adds postings, none for an amount of 0. Those of one group and account run together, but not those on lots. */
  post(home: EntryHome, ...postings: readonly Posting[]): void {
    for (const posting of postings) {
      if (posting.amountCents === 0) continue;
      const page = this.page(home);
      const index =
        posting.account === 'client_credit' ? -1 : page.postings.findIndex(known => sameSlot(known, posting));
      const known = page.postings[index];
      if (!known) page.postings.push(posting);
      else page.postings[index] = { ...known, amountCents: cents(known.amountCents + posting.amountCents) };
    }
  }

  moveLine(home: EntryHome, delta: LineDelta): void {
    this.page(home).lineDeltas.push(delta);
  }

  /** Sum over the book and what is drafted. */
  sum(fits: (posting: Posting) => boolean): Cents {
    let total: number = sumPostings(this.book.entries, fits);
    for (const { postings } of this.#pages.values()) {
      for (const posting of postings) if (fits(posting)) total += posting.amountCents;
    }
    return cents(total);
  }

  /** CR of the bill: what the client owes on it now. */
  clientBalance(billId: string): Cents {
    return this.sum(p => p.account === 'client_receivable' && p.billId === billId);
  }

  /** What this payment pays of the client's side of the bill. */
  applied(paymentId: string, billId: string): Cents {
    return cents(
      0 - this.sum(p => p.account === 'client_receivable' && p.billId === billId && p.paymentId === paymentId),
    );
  }

  /** Postings so far, those of the book first. */
  *postings(): Generator<Posting> {
    for (const { postings } of this.book.entries) yield* postings;
    for (const { postings } of this.#pages.values()) yield* postings;
  }

  /** Oldest first. */
  lots(): Lot[] {
    return [...this.#lots.values()];
  }

  lot(lotId: string): Lot {
    const lot = this.#lots.get(lotId);
    invariant(lot, `lot ${lotId} is not in the book`);
    return lot;
  }

  putLot(lot: Lot): Lot {
    this.#lots.set(lot.lotId, lot);
    return lot;
  }

  /** Ends the draft: `words` tells each entry's kind and facts, by its home. */
  finish(words: (home: EntryHome, postings: readonly Posting[]) => EntryWords): Movement {
    const { at, today, actor } = this.act;
    const entries = [...this.#pages.values()].map(({ home, postings: all, lineDeltas }): Entry => {
      const postings = all.filter(posting => posting.amountCents !== 0);
      const clientId = home.kind === 'bill' ? this.#clientOf(home.id) : home.kind === 'client' ? home.id : undefined;
      return {
        entryId: this.act.newId('ent'),
        home,
        ...(clientId === undefined ? {} : { clientId }),
        at,
        postedOn: today,
        actor,
        postings,
        ...(lineDeltas.length > 0 ? { lineDeltas } : {}),
        ...words(home, postings),
      };
    });
    const before = new Map(this.book.lots.map(lot => [lot.lotId, lot]));
    const { holds, attention, releasesHold, newLines, bills } = this;
    const lots = this.lots().filter(lot => before.get(lot.lotId) !== lot);
    return { entries, lots, holds, attention, releasesHold, newLines, bills };
  }

  #clientOf(billId: string): string | undefined {
    return (this.book.bills.get(billId) ?? this.bills.find(bill => bill.billId === billId))?.clientId;
  }
}

/** The bill, which whoever loads the book must have put there. */
export function billOf(book: Book, billId: string): BillFacts {
  const bill = book.bills.get(billId);
  invariant(bill, `bill ${billId} is not in the book`);
  return bill;
}

/** True when a signal with this source is already in the ledger, so that a repeat writes nothing. */
export const isKnown = (book: Book, sourceId: string | undefined): boolean =>
  sourceId !== undefined && book.entries.some(entry => entry.sourceId === sourceId);

/** What every request may say about the entries it leads to. */
export interface EntryRequest {
  /** Makes a repeat a failed put (`ledger.md` section 1). */
  readonly sourceId?: string;
  readonly reason?: string;
  /** The practice-local date it counts for; today unless given. */
  readonly postedOn?: CalendarDate;
}

export const wordsOf = ({ sourceId, reason, postedOn }: EntryRequest): EntryRequest => ({
  ...(sourceId === undefined ? {} : { sourceId }),
  ...(reason === undefined ? {} : { reason }),
  ...(postedOn === undefined ? {} : { postedOn }),
});
