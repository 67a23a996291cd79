import { billDocument } from '../../shared/documents/billDocument';
import { type BillForPaper, movementsOnPaper } from '../../shared/documents/billForPaper';
import { isWinAnsi, money } from '../../shared/documents/paper';
import { loseDispute, reinstateFunds, withdrawFunds } from '../../shared/domain/dispute';
import { cents, formatCents } from '../../shared/domain/money';
import { statementLines } from '../../shared/domain/statementLines';
import { paperBill, paperLine } from '../fixtures/paperBill';
import { paperMovements } from '../fixtures/paperMovements';
import { paperWords } from '../fixtures/paperWords';
import { RulesDesk } from './rulesDesk';

const words = (bill: BillForPaper): string => paperWords(billDocument(bill));

const letterheadWith = (more: Partial<BillForPaper['letterhead']>) => ({ ...paperBill().letterhead, ...more });

describe('the paper of a bill', () => {
  it('leads from what was done to what is due, a step a row', () => {
    expect(words(paperBill())).toContain(
      [
        'Total of services|$405.00',
        'Billed to Aetna PPO|–$270.00',
        'Your part|$135.00',
        'Payment by Visa •••• 4242, Nov 19|–$60.00',
        'Refund of a payment by Visa •••• 4242, Nov 20|$20.00',
        'Due from you|$95.00',
      ].join('|'),
    );
  });

  it('offers the pay address, its code and the access code on a bill with a balance', () => {
    const said = words(paperBill());
    expect(said).toContain('QR https://billing.juniperlane.example/pay#n=JUN-1048');
    expect(said).toContain('billing.juniperlane.example/pay|and enter');
    expect(said).toContain('483 190');
  });

  const { payUrl, ...offline } = paperBill();
  it.each([
    ['paid', paperBill({ status: 'paid', clientBalanceCents: cents(0) })],
    ['cancelled', paperBill({ status: 'cancelled' })],
    ['of a practice without online payments', offline],
  ])('shows neither pay address nor access code on a bill that is %s', (_, bill) => {
    expect(words(bill)).not.toMatch(/QR|483/);
    expect(payUrl).toBeDefined();
  });

  it('leads to nothing on a cancelled bill, by a row that takes off what was left', () => {
    const said = words(paperBill({ status: 'cancelled' }));
    expect(said).toContain('Cancelled|Not payable');
    expect(said).toContain('Nov 20|$20.00|Cancelled|–$95.00|Due from you|$0.00');
    expect(words(paperBill())).not.toContain('Cancelled');
  });

  it('leaves the insurer out where no insurer pays', () => {
    const { insurer, ...selfPay } = paperBill({ insurerPortionCents: cents(0) });
    expect(insurer).toBeDefined();
    expect(words(selfPay)).not.toMatch(/Insurance|Your part|Billed to/);
  });

  it('shows a member number only in part', () => {
    expect(words(paperBill())).not.toContain('W223199421');
  });

  it('describes services as the practice chose: code and text, or one text for all', () => {
    const custom = { serviceDescription: { mode: 'custom' as const, text: 'Professional services' } };
    expect(words(paperBill())).toContain('Psychotherapy, 60 min|90837');
    expect(words(paperBill({ letterhead: letterheadWith(custom) }))).not.toMatch(/Psychotherapy|90837/);
  });

  it('never shows a diagnosis, even when a line carries one by mistake', () => {
    const line = { ...paperLine(), diagnoses: ['F41.1'] };
    expect(words(paperBill({ lines: [line] }))).not.toContain('F41.1');
  });

  it('names the client where somebody else gets the bill', () => {
    expect(words(paperBill({ recipient: { name: 'Ada Okafor' } }))).toContain('For Maya Okafor');
  });

  it('keeps the line breaks of a comment and drops other control characters', () => {
    expect(words(paperBill({ comments: 'One\r\nTwo\u0007' }))).toContain('Comments|One\nTwo');
  });

  it.each([
    ['letter', { width: 612, height: 792 }],
    ['a4', { width: 595.28, height: 841.89 }],
  ] as const)('uses the paper of the practice: %s', (paperSize, size) => {
    expect(billDocument(paperBill({ letterhead: letterheadWith({ paperSize }) })).pageSize).toEqual(size);
  });

  it('names itself, its language and its day of issue', () => {
    const { language, info } = billDocument(paperBill());
    expect(language).toBe('en-US');
    expect(info).toMatchObject({ title: 'Bill JUN-1048', creationDate: new Date('2026-11-19T16:04:00.000Z') });
  });

  it('embeds a font only for characters that Helvetica lacks', () => {
    const fontOf = (bill: BillForPaper) => billDocument(bill).defaultStyle.font;
    expect(fontOf(paperBill())).toBe('Helvetica');
    expect(fontOf(paperBill({ comments: 'Merci — à bientôt, Zoë' }))).toBe('Helvetica');
    expect(fontOf(paperBill({ recipient: { name: 'Łukasz Żółć' } }))).toBe('Noto Sans');
    expect(isWinAnsi('Ελένη')).toBe(false);
  });

  it('writes a negative amount with a sign that Helvetica has', () => {
    expect(money(-27000, 'USD')).toBe('–$270.00');
  });

  it('writes money as everywhere else, whatever the currency', () => {
    const amounts = [0, 5, 99, 100, 99_999, 100_000, 123_456_789, -1, -1_234_567];
    for (const currency of ['USD', 'CAD', 'EUR', 'GBP', 'AUD', 'NZD', 'CHF', 'JPY', 'SEK']) {
      for (const amount of amounts) {
        const elsewhere = formatCents(amount, currency)
          .replace('\u2212', '–')
          .replace(/\u202f/g, '\u00a0');
        expect(money(amount, currency)).toBe(elsewhere);
      }
    }
  });

  it('drops the year of a day only within the year of issue', () => {
    const of = {
      kind: 'payment_received',
      owedCents: -9500,
      creditCents: -9500,
      payment: { source: 'credit' },
    } as const;
    const movements = paperMovements({ ...of, on: '2027-01-20' });
    expect(words(paperBill({ movements }))).toContain('Credit applied to this bill, Jan 20, 2027');
  });
});

describe('what payments did to a bill, in the words that its statement has', () => {
  const dispute = { disputeId: 'dp_1', paymentId: 'P1', status: 'lost', amountCents: cents(10_000) };
  const selfPay = (desk: RulesDesk) => desk.issue('B1', { sessions: [[10_000]] });
  const byCard = (desk: RulesDesk) => desk.card({ bill: 'B1', payment: 'P1', amountCents: 10_000 });
  const stories: Record<string, [(desk: RulesDesk) => void, string[]]> = {
    'W6: cancelled with what was paid turned into credit': [
      desk => {
        selfPay(desk);
        desk.discount({ bill: 'B1', payment: 'D1', amountCents: 1500 });
        desk.cash({ bill: 'B1', payment: 'P1', amountCents: 8500 }, 'refuse');
        desk.cancel('B1', 'convert_to_credit');
      },
      [
        'Discount on this bill -1500',
        'Payment by cash or check -8500',
        'Discount on this bill taken back 1500',
        'Payment turned into credit 8500',
      ],
    ],
    'W9: a refund that failed after the client paid again': [
      desk => {
        selfPay(desk);
        byCard(desk);
        desk.refund('P1', {});
        desk.cash({ bill: 'B1', payment: 'P2', amountCents: 6000 }, 'refuse');
        desk.refundFails('P1');
      },
      [
        'Payment by card -10000',
        'Refund of a payment by card 10000',
        'Payment by cash or check -6000',
        'Refund to card that did not go through -4000',
      ],
    ],
    'W14: an insurer leaves the client less than was paid': [
      desk => {
        desk.issue('B1', { sessions: [[16_500]], responsibility: 'insurance', copayCents: 3000 });
        desk.discount({ bill: 'B1', payment: 'D1', amountCents: 500 });
        desk.card({ bill: 'B1', payment: 'P1', amountCents: 2500 });
        const line = { clientOwesCents: 1000, paidCents: 11_000, writeOffCents: 4500 };
        desk.insurer({ bill: 'B1', payment: 'I1', amountCents: 11_000 }, { line });
      },
      [
        'Discount on this bill -500',
        'Payment by card -2500',
        'Discount on this bill taken back 500',
        'Payment turned into credit 1500',
      ],
    ],
    'W15: a dispute lost, and won after all once something is owed again': [
      desk => {
        selfPay(desk);
        byCard(desk);
        desk.life.do(withdrawFunds, { dispute, amountCents: 10_000, transactionId: 'txn_1' });
        desk.life.do(loseDispute, { dispute, transactionId: 'txn_1' });
        desk.life.do(reinstateFunds, { dispute, amountCents: 10_000, transactionId: 'txn_2' });
      },
      [
        'Payment by card -10000',
        'Payment by card taken back by the bank 10000',
        'Payment by card returned by the bank -10000',
      ],
    ],
    'W5: credit given back, and money kept as credit': [
      desk => {
        desk.grantCredit(4000);
        desk.issue('B1', { sessions: [[10_000]], creditPayment: 'A1' });
        desk.cash({ bill: 'B1', payment: 'P1', amountCents: 6000 }, 'refuse');
        desk.refund('A1', { destination: 'credit' });
        desk.refund('P1', { destination: 'credit' });
      },
      [
        'Credit applied to this bill -4000',
        'Payment by cash or check -6000',
        'Credit back from this bill 4000',
        'Payment turned into credit 6000',
      ],
    ],
  };

  it.each(Object.entries(stories))('%s', (_, [live, told]) => {
    const desk = new RulesDesk();
    live(desk);
    const { entries } = desk.life.book;
    const onBill = movementsOnPaper(entries.filter(({ home }) => home.kind === 'bill'));
    expect(onBill.map(({ description, owedCents }) => `${description} ${owedCents}`)).toEqual(told);
    const onStatement = statementLines(entries, new Map([['B1', '1']])).map(({ description }) => description);
    for (const { description } of onBill) expect(onStatement).toContain(description.replace('this bill', 'bill 1'));
  });
});
