import * as fc from 'fast-check';
import type { BillHead } from '../../shared/domain/billRecord';
import type { Entry } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import type { Session } from '../../shared/domain/session';
import { newId } from '../../shared/ids';
import { billHeadEntity, billTextEntity, entryEntity, sessionEntity } from '../../shared/store/table';
import { type Happening, RandomLife } from '../domain/randomLife';
import { receipts } from '../domain/receipts';
import { reversals } from '../domain/reversals';
import {
  billId,
  cardPayment,
  entry,
  head,
  line,
  payment,
  remittance,
  session,
  stripeRefund,
  text,
} from '../fixtures/heavyRecords';
import { bytesOf } from '../fixtures/weight';

/** What items weigh: a begun KB costs two units in the table and one in each index, so the usual ones stay below it. */
const KB = 1024;
const practiceId = newId('prac');

test('a bill’s head stays under 1 KB with every field at its limit, so that no change of it costs more', () => {
  expect(bytesOf(billHeadEntity.item(practiceId, head))).toBeLessThanOrEqual(KB);
});

test('a bill’s text stays under 1 KB with the lines of four sessions, or with six of one', () => {
  const sessions = [1, 2, 3, 4].map(() => line(newId('ses')));
  const one = newId('ses');
  const lines = [1, 2, 3, 4, 5, 6].map(() => line(one));
  expect(bytesOf(billTextEntity.item(practiceId, text(sessions)))).toBeLessThanOrEqual(KB);
  expect(bytesOf(billTextEntity.item(practiceId, text(lines)))).toBeLessThanOrEqual(KB);
});

test('the entries of a card payment, a refund by Stripe and a remittance over two lines stay under 1 KB', () => {
  const weigh = (one: Entry) => bytesOf(entryEntity.item(practiceId, one));
  expect([cardPayment, stripeRefund, remittance].map(weigh).filter(bytes => bytes > KB)).toEqual([]);
});

test('a session of two services stays under 1 KB, pending or billed', () => {
  const billed: Session = { ...session, billing: { state: 'billed', billId } };
  for (const one of [session, billed]) {
    expect(bytesOf(sessionEntity.item(practiceId, one))).toBeLessThanOrEqual(KB);
  }
});

describe('what is stored densely is read as it was written', () => {
  test('a head with all it may have, and with all it may lack', () => {
    const { hold: _, payerId: __, policyId: ___, checkoutId: ____, ...bare } = head;
    const slim: BillHead = { ...bare, sharing: { status: 'not_shared', delivery: 'none' } };
    const hidden: BillHead = { ...slim, status: 'cancelled', hidden: true };
    for (const one of [head, slim, hidden])
      expect(billHeadEntity.record(billHeadEntity.item(practiceId, one))).toEqual(one);
  });

  test('a text: lines of one session and of several, products, adjustments, repeated words', () => {
    const { sessionId: _, dateOfService: __, code: ___, ...product } = line('');
    const [first, second] = [newId('ses'), newId('ses')];
    const written = text([
      line(first),
      line(first),
      { ...product, kind: 'product', description: '=' },
      { ...product, kind: 'adjustment', amountCents: cents(-500), clientPortionCents: cents(-500) },
      line(second),
      { ...line(second), kind: 'no_show' },
    ]);
    expect(billTextEntity.record(billTextEntity.item(practiceId, written))).toEqual(written);
  });

  test('a session with its services', () => {
    const written = { ...session, revision: 3 };
    expect(sessionEntity.record(sessionEntity.item(practiceId, written))).toEqual(written);
  });

  test('every entry of random lives, and those of Stripe and insurers', () => {
    const happenings: Readonly<Record<string, Happening>> = { ...receipts, ...reversals };
    const number = fc.nat({ max: 20_000 });
    const step = fc.record({ what: fc.constantFrom(...Object.keys(happenings)), a: number, b: number, c: number });
    const back = (one: Entry) => entryEntity.record(entryEntity.item(practiceId, one));
    const expectSame = (entries: readonly Entry[]) => expect(entries.map(back)).toEqual(entries);
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 30 }), steps => {
        const random = new RandomLife();
        for (const { what, ...chance } of steps) happenings[what]?.(random, chance);
        expectSame(random.life.book.entries);
      }),
      { numRuns: 40, seed: 20_261_120 },
    );
    const { paymentId } = payment;
    const dispute = { disputeId: 'dp_1', paymentId, status: 'lost', amountCents: cents(1) };
    const declined = entry({ kind: 'payment_declined', details: { code: 'expired_card', amountCents: 5 } });
    expectSame([cardPayment, stripeRefund, remittance, declined, entry({ kind: 'dispute_lost', dispute })]);
  });
});
