import type { BillRecord } from '../../../shared/domain/billRecord';
import { automationStore } from '../../../shared/store/automationStore';
import { billsOf, dateThere, dayAfter, type ExpectedBill } from '../../fixtures/plainNights';
import { type Months, PracticeMonths } from '../../fixtures/practiceMonths';
import { wholeLedger } from '../../fixtures/wholeLedger';

const whole = { weeks: 13, clients: 40 };
const cut = { weeks: 5, clients: 6 };

/** Around nights in which midnight is skipped or repeated, and on into another zone. */
const few: readonly Months[] = [
  { ...cut, timeZone: 'America/Havana', from: '2026-10-12', weather: 1, joinSameDay: true },
  {
    ...cut,
    timeZone: 'America/Santiago',
    from: '2026-08-17',
    weather: 2,
    move: { on: '2026-09-09', to: 'Asia/Kathmandu' },
  },
];

/** Around both nights in which the clocks change, where they do; with and without a move half way. */
const all: readonly Months[] = (
  [
    ['America/New_York', '2026-02-02', 'Australia/Lord_Howe'],
    ['America/New_York', '2026-09-28', undefined],
    ['Asia/Kolkata', '2026-02-02', 'America/Havana'],
    ['Asia/Kathmandu', '2026-09-28', 'Asia/Kolkata'],
    ['America/Santiago', '2026-03-02', undefined],
    ['America/Santiago', '2026-08-03', 'Africa/Cairo'],
    ['America/Havana', '2026-02-02', undefined],
    ['America/Havana', '2026-09-28', 'Asia/Kathmandu'],
    ['Africa/Cairo', '2026-03-23', 'America/Santiago'],
    ['Africa/Cairo', '2026-09-28', undefined],
    ['Australia/Lord_Howe', '2026-03-02', undefined],
    ['Australia/Lord_Howe', '2026-08-31', 'America/New_York'],
  ] as const
).map(([timeZone, from, to], nth) => ({
  ...whole,
  timeZone,
  from,
  weather: nth,
  joinSameDay: nth % 2 === 0,
  ...(to ? { move: { on: dayAfter(from, 45), to } } : {}),
}));

let life: PracticeMonths;
afterEach(() => life.close());

const longest = 60 * 60_000;

it.each(process.env.FULL ? all : few)(
  'in $timeZone from $from on, in all weathers, each session is on one bill, on the date of its client’s mode, and each bill is charged as the rule says (R5, R35)',
  async months => {
    life = await PracticeMonths.open(months);
    await life.live();
    const { records } = await wholeLedger(life.nights.desk.store, life.nights.desk.practiceId);
    const expected = billsOf(life.charts, life.held, life.dates());
    expect(expected.length).toBeGreaterThan(months.clients);
    expect([...records.values()].map(told).sort()).toEqual(expected.map(asTold).sort());
    await expectRuns();
    expectCharges(expected);
    expectMails([...records.values()]);
  },
  longest,
);

/** By which clients and sessions are known to whoever reads what differs. */
const nameOf = (clientId: string): string => `client ${life.charts.findIndex(chart => chart.clientId === clientId)}`;
const sessionsOf = (ids: readonly string[]): string =>
  ids
    .map(id => life.held.findIndex(({ sessionId }) => sessionId === id))
    .sort((a, b) => a - b)
    .join('+');

function asTold({ clientId, sessionIds, tries, ...bill }: ExpectedBill): string {
  const paid = tries.filter(each => each.paid).reduce((sum, { cents }) => sum + cents, bill.creditCents);
  const tried = tries.map(({ on, cents, paid: isPaid }) => `${isPaid ? 'charged' : 'refused'} ${cents} on ${on}`);
  const { issuedOn, origin, totalCents, clientCents } = bill;
  return [nameOf(clientId), sessionsOf(sessionIds), issuedOn, origin, totalCents, clientCents, paid, ...tried].join(
    ' ',
  );
}

function told({ head, text, attempts }: BillRecord): string {
  const sessionIds = [...new Set(text.lines.flatMap(({ sessionId }) => sessionId ?? []))];
  const tried = [...attempts]
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map(({ status, amountCents, startedAt }) => {
      const at = Date.parse(startedAt);
      return `${status === 'settled' ? 'charged' : 'refused'} ${amountCents} on ${dateThere(at, life.zoneAt(at))}`;
    });
  const { issuedOn, origin, totalCents, clientPortionCents, clientPaidCents } = head;
  const sums = [totalCents, clientPortionCents, clientPaidCents];
  return [nameOf(head.clientId), sessionsOf(sessionIds), issuedOn, origin, ...sums, ...tried].join(' ');
}

/** One run of each date, each done. */
async function expectRuns(): Promise<void> {
  const { practiceId } = life.nights.desk;
  const runs: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await automationStore.page(practiceId, { limit: 100, cursor });
    runs.push(...page.items.map(({ job, on, status, trigger }) => `${job} ${on} ${status} ${trigger}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  const of = (job: string) => runs.filter(run => run.startsWith(`${job} `)).sort();
  for (const job of ['bills', 'autopay']) {
    expect(of(job)).toEqual(life.dates().map(({ on }) => `${job} ${on} done night`));
  }
}

/** The bank was asked for what the tries come to, no attempt twice. */
function expectCharges(expected: readonly ExpectedBill[]): void {
  const asked = [...life.charged.values()].map(({ amountCents }) => amountCents).sort((a, b) => a - b);
  const tries = expected.flatMap(bill => bill.tries.map(({ cents }) => cents)).sort((a, b) => a - b);
  expect(asked).toEqual(tries);
}

/** Each bill of those who get them by themselves went out once, after the first try of its card. */
function expectMails(records: readonly BillRecord[]): void {
  const shared = new Set(life.charts.filter(chart => chart.isShared).map(({ clientId }) => clientId));
  const due = records.filter(({ head }) => shared.has(head.clientId) && head.responsibility !== 'external');
  const early = due.filter(({ shares, attempts: [first] }) => first && (shares[0]?.sentAt ?? '') < first.startedAt);
  expect(early).toEqual([]);
  expect(due.map(({ shares }) => shares.map(({ status }) => status))).toEqual(due.map(() => ['sent']));
  const sharesIds = new Set(due.flatMap(({ shares }) => shares.map(({ shareId }) => shareId)));
  const mailed = life.nights.mail.taken.map(({ shareId }) => shareId);
  expect(mailed.filter(id => sharesIds.has(id)).sort()).toEqual([...sharesIds].sort());
  expect(new Set(mailed).size).toBe(mailed.length);
}
