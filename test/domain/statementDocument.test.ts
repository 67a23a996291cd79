import { statementDocument, statementForPaper } from '../../shared/documents/statementDocument';
import { calendarDate } from '../../shared/domain/calendar';
import { accountOf, type Statement } from '../../shared/domain/statement';
import { paperBill } from '../fixtures/paperBill';
import { paperWords } from '../fixtures/paperWords';
import { RulesDesk } from './rulesDesk';

const range = { from: calendarDate('2026-01-01'), to: calendarDate('2026-12-31') };
const yearsEnd = calendarDate('2027-01-02');
const numbers = new Map(['B1', 'B2'].map(id => [id, `OAK-${id.slice(1)}`]));
const maya = { kind: 'client', id: 'cli', name: 'Maya Okafor' } as const;

/** What the paper says of this desk's ledger to whom it is for. */
function said(desk: RulesDesk, recipient: Statement['recipient'] = maya, madeOn = yearsEnd): string {
  const { entries, ...sums } = accountOf(desk.life.book.entries, range, numbers);
  const { act } = desk.life;
  const statement: Statement = {
    statementId: 'stm',
    clientId: 'cli',
    clientName: 'Maya Okafor',
    ...range,
    version: 1,
    recipient,
    createdOn: madeOn,
    createdAt: act.at,
    by: act.actor,
    ...sums,
    sharing: { status: 'not_shared', delivery: 'none' },
    revision: 0,
  };
  const { letterhead } = paperBill();
  const text = { letterhead, clientAddress: ['88 Linden Avenue'], comments: '', entries };
  return paperWords(statementDocument(statementForPaper({ statement, text })));
}

it('a range that ends later than today has a balance as of today', () => {
  const desk = new RulesDesk();
  desk.issue('B1', { sessions: [[5000]] });
  expect(said(desk, maya, calendarDate('2026-03-11'))).toContain('Balance|$50.00|on March 11, 2026');
});

describe('to whom a statement goes', () => {
  it('the client’s address stands under the client’s name, and on nobody else’s statement', () => {
    expect(said(new RulesDesk())).toContain('For|Maya Okafor|88 Linden Avenue|');
    const toContact = said(new RulesDesk(), { kind: 'contact', id: 'con', name: 'Ada Okafor' });
    expect(toContact).toContain('For|Ada Okafor|For Maya Okafor|');
    expect(toContact).not.toContain('Linden');
  });
});

describe('credit on a statement', () => {
  it('W4: an overpayment says what was kept, and credit that pays a bill how much it was (R22)', () => {
    const desk = new RulesDesk();
    desk.issue('B1', { sessions: [[10_000]] });
    desk.cash({ bill: 'B1', payment: 'P1', amountCents: 12_000 }, 'credit');
    desk.issue('B2', { sessions: [[5000]], creditPayment: 'A1' });
    const words = said(desk);
    expect(words).toContain('Payment by cash or check|$20.00 of it kept as credit|–$120.00|–$20.00|');
    expect(words).toContain('Credit applied to bill OAK-2 ($20.00)|—|$30.00|');
    expect(words).not.toContain('Kept as credit');
  });

  it('who owes as much as is in credit reads both sums, in the box and below the table', () => {
    const desk = new RulesDesk();
    desk.issue('B1', { sessions: [[5000]] });
    desk.grantCredit(5000);
    const words = said(desk);
    expect(words).toContain('Balance|$0.00|on December 31, 2026\nOwed on bills $50.00\nKept as credit $50.00');
    expect(words).toContain('Closing balance|$0.00|Owed on bills|$50.00|Kept as credit|–$50.00');
  });
});
