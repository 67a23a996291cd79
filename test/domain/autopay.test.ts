import { autopayState } from '../../shared/domain/automation/autopayState';
import type { Attempt } from '../../shared/domain/billRecord';
import { addDays, calendarDate, instantOfLocal } from '../../shared/domain/calendar';
import { cents } from '../../shared/domain/money';

const timeZone = 'America/New_York';
const day = (n: number) => addDays(calendarDate('2026-03-10'), n);

const attempt = (n: number, more: Partial<Attempt> = {}): Attempt => ({
  attemptId: `att_${n}_${more.status ?? ''}`,
  billId: 'bill_1',
  clientId: 'cli_1',
  cardId: 'card_1',
  kind: 'charge',
  status: 'failed',
  amountCents: cents(100),
  startedAt: instantOfLocal(day(n), '00:30', timeZone),
  by: { kind: 'system' },
  stripe: {},
  failure: { code: 'generic_decline', message: '' },
  revision: 1,
  ...more,
});
const code = (name: string) => ({ failure: { code: name, message: '' } });
const state = (attempts: readonly Attempt[], n: number, cardId?: string) =>
  autopayState(attempts, { today: day(n), timeZone, cardId });

describe('when a card is tried (rules 10 to 12)', () => {
  it('on day 0, +1 and +3, then no more', () => {
    expect(state([], 0)).toEqual({ refused: 0, nextOn: day(0) });
    expect(state([attempt(0)], 0)).toMatchObject({ nextOn: day(1), triedOn: day(0) });
    expect(state([attempt(0), attempt(1)], 1)).toMatchObject({ nextOn: day(3) });
    expect(state([attempt(0), attempt(1), attempt(3)], 4)).toMatchObject({ stopped: 'three_refusals' });
  });

  it('a try that came late moves none of the others before its day', () => {
    expect(state([attempt(0), attempt(2)], 2)).toMatchObject({ nextOn: day(3) });
    expect(state([attempt(0), attempt(5)], 5)).toMatchObject({ nextOn: day(6) });
  });

  it('a decline for good stops at once, and a bank that wants the cardholder', () => {
    expect(state([attempt(0, code('stolen_card'))], 1)).toMatchObject({ stopped: 'hard_decline' });
    expect(state([attempt(0, code('authentication_required'))], 1)).toMatchObject({ stopped: 'needs_authentication' });
  });

  it('what no bank was asked about does not count, but is the one try of its day', () => {
    for (const name of ['not_charged', 'stripe_refused', 'other_currency']) {
      expect(state([attempt(0, code(name))], 0)).toEqual({ refused: 0, nextOn: day(1), triedOn: day(0) });
    }
  });

  it('another card starts afresh, a new one or one long on file, also on the day of the last refusal', () => {
    const tried = [attempt(0), attempt(1), attempt(3)];
    expect(state(tried, 3, 'card_2')).toEqual({ refused: 0, nextOn: day(4), triedOn: day(3) });
    expect(state(tried, 4, 'card_2')).toEqual({ refused: 0, nextOn: day(4), triedOn: day(3) });
    const stolen = [attempt(0, { ...code('stolen_card') }), attempt(1, { cardId: 'card_2' })];
    expect(state(stolen, 1, 'card_2')).toMatchObject({ refused: 1, nextOn: day(2) });
    expect(state(stolen, 2, 'card_1')).toMatchObject({ stopped: 'hard_decline' });
  });

  it('is asked of the card of the latest try, unless one is named', () => {
    const tried = [attempt(0), attempt(1), attempt(3), attempt(4, { cardId: 'card_2' })];
    expect(state(tried, 4)).toEqual({ refused: 1, nextOn: day(5), triedOn: day(4) });
  });

  it('a charge that went through ends what was before it; charges by staff are not AutoPay’s', () => {
    const { failure: _, ...paid } = attempt(1, { status: 'settled' });
    expect(state([attempt(0), paid], 2)).toEqual({ refused: 0, nextOn: day(2), triedOn: day(1) });
    expect(state([attempt(0, { by: { kind: 'staff', id: 'mem_1' } })], 0)).toEqual({ refused: 0, nextOn: day(0) });
  });

  it('days are the practice’s: 00:30 in New York is one date, whatever UTC says', () => {
    const evening = attempt(0, { startedAt: instantOfLocal(day(0), '23:50', timeZone) });
    expect(state([evening], 1)).toMatchObject({ triedOn: day(0), nextOn: day(1) });
  });
});
