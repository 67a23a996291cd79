import { calendarDate, instant } from '../../shared/domain/calendar';
import { type Cents, cents } from '../../shared/domain/money';
import type { Member, Service } from '../../shared/domain/practice';
import { Problem } from '../../shared/domain/problem';
import type { Session, SessionService } from '../../shared/domain/session';
import { monthlySuperbill, type Superbill } from '../../shared/domain/superbill';
import { type BillForSuperbill, isCptCode, superbillLines } from '../../shared/domain/superbillLines';
import { providerOf } from '../../shared/domain/superbillProvider';

const service = (more: Partial<SessionService> = {}): SessionService => ({
  code: '90837',
  description: 'Therapy',
  units: 1,
  priceCents: cents(10_000),
  modifiers: [],
  diagnoses: ['F41.1'],
  ...more,
});
const session = (sessionId: string, dateOfService: string, more: Partial<Session> = {}): Session => ({
  sessionId,
  clientId: 'cli',
  clientSort: 'okafor, maya',
  clientName: 'Maya Okafor',
  practitionerId: 'mem_1',
  startsAt: instant(`${dateOfService}T15:00:00Z`),
  dateOfService: calendarDate(dateOfService),
  status: 'completed',
  noteSigned: true,
  services: [service()],
  noShowFeeCents: cents(0),
  claimReview: 'none',
  billing: { state: 'billed', billId: `bill of ${sessionId}` },
  requireSignedNote: false,
  ...more,
});
type Line = BillForSuperbill['lines'][number];
const line = (sessionId: string, more: Partial<Line> = {}): Line => {
  const amountCents: Cents = cents(10_000);
  return {
    lineId: `line of ${sessionId}`,
    kind: 'service',
    sessionId,
    code: '90837',
    description: 'Therapy',
    units: 1,
    unitPriceCents: amountCents,
    amountCents,
    clientPortionCents: amountCents,
    insurerPortionCents: cents(0),
    writeOffCents: cents(0),
    insurerPaidCents: cents(0),
    ...more,
  };
};
const bill = (sessionId: string, more: Partial<BillForSuperbill> = {}): BillForSuperbill => ({
  billId: `bill of ${sessionId}`,
  number: 'OAK-1',
  version: 1,
  cancelled: false,
  lines: [line(sessionId)],
  clientPaidCents: cents(0),
  discountCents: cents(0),
  ...more,
});
const made = (sessionIds: readonly string[], more: Partial<Superbill> = {}): Superbill => ({
  superbillId: 'sup_1',
  clientId: 'cli',
  clientName: 'Maya Okafor',
  from: calendarDate('2026-01-01'),
  to: calendarDate('2026-01-31'),
  version: 1,
  recipient: { kind: 'client', id: 'cli', name: 'Maya Okafor' },
  createdOn: calendarDate('2026-02-01'),
  createdAt: instant('2026-02-01T12:00:00Z'),
  by: { kind: 'system' },
  sessionIds,
  billVersions: Object.fromEntries(sessionIds.map(sessionId => [`bill of ${sessionId}`, 1])),
  providerId: 'mem_1',
  chargedCents: cents(0),
  paidCents: cents(0),
  sharing: { status: 'not_shared', delivery: 'none' },
  revision: 1,
  ...more,
});

describe('lines', () => {
  it('what the client paid is split over all lines of the bill by the client’s portions, an insured one’s co-pay too', () => {
    const lines = [
      line('s', { lineId: '1', clientPortionCents: cents(2000), insurerPortionCents: cents(8000) }),
      line('s', { lineId: '2', code: '90785', amountCents: cents(500), clientPortionCents: cents(1000) }),
      { ...line('', { lineId: '3', kind: 'product', clientPortionCents: cents(1001) }), code: undefined },
    ].map(({ code, ...rest }) => ({ ...rest, ...(code === undefined ? {} : { code }) }));
    const paid = { clientPaidCents: cents(2501), discountCents: cents(500) };
    const bills = [bill('s', { lines, ...paid })];
    const told = superbillLines({ sessions: [session('s', '2026-01-05')], bills, services: [] });
    // 20.01 over 20.00, 10.00 and 10.01, by largest remainder.
    expect(told.map(({ code, chargeCents, paidCents }) => [code, chargeCents, paidCents])).toEqual([
      ['90837', 10_000, 1000],
      ['90785', 500, 500],
    ]);
  });

  /** Code, modifiers and diagnoses of each line, in the order of the bill. */
  const noted = (services: readonly SessionService[], lines: readonly Line[]) =>
    superbillLines({
      sessions: [session('s', '2026-01-05', { services })],
      bills: [bill('s', { lines })],
      services: [],
    }).map(({ code, modifiers, diagnoses }) => [code, modifiers.join(), diagnoses.join()].join(' '));
  const online = service({ modifiers: ['95'], diagnoses: ['F41.1'] });
  const crisis = service({ code: '90785', modifiers: ['GT'], diagnoses: ['F41.1', 'Z63.0'] });

  it('a service keeps its modifiers and diagnoses when only its code was changed on the bill (R12)', () => {
    expect(noted([online], [line('s', { code: '90834' })])).toEqual(['90834 95 F41.1']);
    expect(noted([online, crisis], [line('s', { code: '90834' }), line('s', { code: '90785' })])).toEqual([
      '90834 95 F41.1',
      '90785 GT F41.1,Z63.0',
    ]);
    // The bill has them the other way round.
    expect(noted([online, crisis], [line('s', { code: '90785' }), line('s', { code: '90834' })])).toEqual([
      '90785 GT F41.1,Z63.0',
      '90834 95 F41.1',
    ]);
  });

  it('two services of one code do not share what was noted of each, also where one line was taken off the bill', () => {
    const alone = service({ diagnoses: ['Z63.0'] });
    expect(noted([online, alone], [line('s'), line('s')])).toEqual(['90837 95 F41.1', '90837  Z63.0']);
    expect(noted([online, crisis, alone], [line('s'), line('s')])).toEqual(['90837 95 F41.1', '90837  Z63.0']);
  });

  it('a line that staff added on the bill has the session’s diagnoses and no modifier', () => {
    const lines = [line('s'), line('s', { code: '90834' }), line('s', { code: '90785' })];
    expect(noted([online, crisis], lines)).toEqual(['90837 95 F41.1', '90834  F41.1,Z63.0', '90785 GT F41.1,Z63.0']);
  });

  it('the catalogue says what a CPT code is; of a code that it does not have, the form', () => {
    const services: Pick<Service, 'code' | 'kind'>[] = [
      { code: '12345', kind: 'custom' },
      { code: 'INTAKE', kind: 'cpt' },
    ];
    const codes = ['90837', '0591T', '12345', 'INTAKE', 'H0004', '9083', '908377', 'LETTER', undefined];
    expect(codes.filter(code => isCptCode(code, services))).toEqual(['90837', '0591T', 'INTAKE']);
  });
});

describe('what a month’s run would put on a superbill', () => {
  const on = calendarDate('2026-03-10');
  const from = (more: object = {}) => ({
    client: { status: 'active' } as const,
    billing: { createSuperbills: true },
    superbills: [] as Superbill[],
    services: [],
    sessions: ['2026-03-01', '2026-02-28', '2025-11-03', '2026-01-15'].map(date => session(date, date)),
    bills: ['2026-03-01', '2026-02-28', '2025-11-03', '2026-01-15'].map(date => bill(date)),
    ...more,
  });
  const covered = (plan: ReturnType<typeof monthlySuperbill>) =>
    'skipped' in plan ? plan.skipped : [plan.from, plan.to, plan.sessions.map(({ sessionId }) => sessionId).sort()];

  it('everything served by the end of the month before that no superbill covers, however old', () => {
    const all = ['2025-11-03', '2026-01-15', '2026-02-28'];
    expect(covered(monthlySuperbill(from(), on))).toEqual(['2025-11-03', '2026-02-28', all]);
    const superbills = [made(['2025-11-03']), made(['2026-01-15'], { supersededBy: 'sup_2' })];
    expect(covered(monthlySuperbill(from({ superbills }), on))).toEqual(['2026-01-15', '2026-02-28', all.slice(1)]);
  });

  it('nothing twice, nothing from a cancelled bill or an unbilled session, nothing without a code: then nothing is made', () => {
    const date = '2026-02-28';
    const alone = (more: object) => covered(monthlySuperbill(from({ sessions: [session(date, date)], ...more }), on));
    expect(alone({})).toEqual([date, date, [date]]);
    for (const more of [
      { superbills: [made([date])] },
      { bills: [bill(date, { cancelled: true })] },
      { sessions: [session(date, date, { billing: { state: 'waived' } })] },
      { bills: [bill(date, { lines: [line(date, { code: 'LETTER' })] })] },
      { bills: [bill(date, { lines: [line(date, { kind: 'no_show' })] })] },
    ]) {
      expect(alone(more)).toBe('no_eligible_services');
    }
  });

  it('says why a client gets none: superbills are off, or the client is archived', () => {
    expect(covered(monthlySuperbill(from({ billing: { createSuperbills: false } }), on))).toBe('superbills_off');
    expect(covered(monthlySuperbill(from({ client: { status: 'archived' } }), on))).toBe('client_archived');
  });
});

describe('the provider', () => {
  const member = (memberId: string, more: Partial<Member> = {}): Member => ({
    memberId,
    name: memberId,
    email: `${memberId}@example.com`,
    roles: ['practitioner'],
    billingVisible: true,
    active: true,
    ...more,
  });
  const members = [
    member('boss', { npi: '1', taxonomy: '101YM0800X' }),
    member('left', { active: false }),
    member('trainee', { supervisorId: 'boss' }),
    member('orphan', { supervisorId: 'left' }),
    member('other'),
  ];
  const shown = (practitionerIds: string[], more: object = {}): string => {
    try {
      return providerOf({ practitionerIds, members, ask: true, ...more }).memberId;
    } catch (error) {
      if (error instanceof Problem) return `${error.code} ${JSON.stringify(error.facts)}`;
      throw error;
    }
  };

  it('with one who may be shown there is no question; a supervisor who left is none', () => {
    expect([shown(['other']), shown(['orphan'])]).toEqual(['other', 'orphan']);
  });

  it('a supervised one’s supervisor is suggested, and taken when nobody is there to ask', () => {
    expect(shown(['trainee'])).toBe('provider_not_chosen {"providers":["boss","trainee"],"suggestedId":"boss"}');
    expect(shown(['trainee'], { ask: false })).toBe('boss');
    expect(shown(['trainee', 'other'], { ask: false, rememberedId: 'other' })).toBe('other');
  });

  it('the choice of now goes before the remembered one, which counts only while it fits', () => {
    const rememberedId = 'trainee';
    expect(shown(['trainee'], { rememberedId })).toBe('trainee');
    expect(shown(['trainee'], { rememberedId, chosenId: 'boss' })).toBe('boss');
    expect(shown(['other'], { rememberedId })).toBe('other');
    expect(shown(['trainee'], { chosenId: 'other' })).toContain('/providerId');
  });
});
