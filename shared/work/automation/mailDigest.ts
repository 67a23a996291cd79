import type { Attention } from '../../domain/attention';
import { startOfJob } from '../../domain/automation/jobs';
import type { TaskResult } from '../../domain/automation/run';
import { addDays, type CalendarDate, type Instant } from '../../domain/calendar';
import type { Entry } from '../../domain/ledger';
import type { Member } from '../../domain/practice';
import type { Needs } from '../../needs';
import { attentionStore } from '../../store/attentionStore';
import { automationStore, runIdOf } from '../../store/automationStore';
import { practiceOf } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { getItems } from '../../store/kernel';
import { ledgerBetween } from '../../store/ledgerStore';
import { memberStore } from '../../store/memberStore';
import { settingsStore } from '../../store/settingsStore';
import { attemptEntity } from '../../store/table';
import type { DigestLine } from '../letters';
import type { Perform } from './engine';
import { hearsOfMoney, isOffice, mailMember } from './mailStaff';

/** Something that happened to a client's money, as the digest counts it. */
interface Happened {
  readonly line: DigestLine;
  readonly clientId: string | undefined;
  readonly amountCents: number;
}

/**
 * The day's digest (`domain.md` 2.15), only where something happened since the one before: to admins and billers of the
 * whole practice, to practitioners of their own clients.
 */
export const mailDigest =
  (needs: Needs): Perform =>
  async ({ practiceId, on, tasks, each }) => {
    for (const task of tasks) {
      await each(task, async () => {
        const happened = await happenedUntil(practiceId, on);
        const sent = await tellMembers(practiceId, on, happened, needs);
        if (sent === 0) return [{ clientId: '', outcome: 'skipped', reason: 'nothing_happened' }];
        return [{ clientId: '', outcome: 'sent' }];
      });
    }
  };

async function tellMembers(
  practiceId: string,
  on: CalendarDate,
  happened: readonly Happened[],
  needs: Needs,
): Promise<number> {
  const clientIds = [...new Set(happened.flatMap(({ clientId }) => clientId ?? []))];
  const [members, clients] = await Promise.all([memberStore.all(practiceId), clientStore.byIds(practiceId, clientIds)]);
  const practitionerOf = new Map(clients.map(({ clientId, practitionerId }) => [clientId, practitionerId]));
  const sees = (member: Member, { clientId }: Happened): boolean =>
    isOffice(member) || (clientId !== undefined && practitionerOf.get(clientId) === member.memberId);
  let sent = 0;
  for (const member of members.filter(hearsOfMoney)) {
    const own = happened.filter(each => sees(member, each));
    if (own.length === 0) continue;
    await mailMember(practiceId, member, { kind: 'digest', facts: { on, ...sums(own) } }, needs);
    sent += 1;
  }
  return sent;
}

function sums(happened: readonly Happened[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { line, amountCents } of happened) {
    sum[line] = (sum[line] ?? 0) + 1;
    if (amountCents > 0) sum[`${line}Cents`] = (sum[`${line}Cents`] ?? 0) + amountCents;
  }
  return sum;
}

/** Since the digest before, whenever that was; a week at most, since a digest that was off tells nothing of its pause. */
async function happenedUntil(practiceId: string, on: CalendarDate): Promise<Happened[]> {
  const { begunAt: to } = await automationStore.load(practiceId, runIdOf(practiceId, 'digest', on));
  const from = (await lastDigest(practiceId, on)) ?? (await dayBefore(practiceId, on));
  const entries: Entry[] = [];
  for await (const entry of ledgerBetween(practiceId, from, to)) entries.push(entry);
  const byAutopay = await paidByAutopay(practiceId, entries);
  const attention = (await attentionStore.allOpen(practiceId)).filter(({ at }) => at >= from && at < to);
  return [
    ...entries.flatMap(entry => ofEntry(entry, byAutopay)),
    ...(await refusedByCards(practiceId, { from, to, on }, attention)),
    ...attention.filter(({ kind }) => !isOfAutopay(kind)).map(ofAttention),
  ];
}

const mostDaysBetween = 7;

async function lastDigest(practiceId: string, on: CalendarDate): Promise<Instant | undefined> {
  const before = Array.from({ length: mostDaysBetween }, (_, days) => addDays(on, -1 - days));
  const runs = await automationStore.several(
    practiceId,
    before.map(date => runIdOf(practiceId, 'digest', date)),
  );
  return runs
    .map(({ begunAt }) => begunAt)
    .sort()
    .at(-1);
}

async function dayBefore(practiceId: string, on: CalendarDate): Promise<Instant> {
  const [{ timeZone }, settings] = await Promise.all([
    practiceOf(practiceId),
    settingsStore.loadAutomation(practiceId),
  ]);
  return startOfJob('digest', addDays(on, -1), settings, timeZone);
}

/** The entries of what was charged by AutoPay: whoever brought its answer in, its attempt tells who asked. */
async function paidByAutopay(practiceId: string, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const asked = entries.flatMap(({ kind, home, clientId = '', sourceId = '' }) =>
    kind === 'payment_received' && home.kind === 'bill' && sourceId.startsWith('att_')
      ? [attemptEntity.key(practiceId, { billId: home.id, clientId, attemptId: sourceId })]
      : [],
  );
  const attempts = (await getItems(asked)).map(attemptEntity.record);
  return new Set(attempts.filter(({ by }) => by.kind === 'system').map(({ attemptId }) => attemptId));
}

/** Bills made by night, and money that moved without staff; disputes are among the things to look at. */
function ofEntry(entry: Entry, byAutopay: ReadonlySet<string>): Happened[] {
  const { kind, clientId, payment, refund, sourceId = '', actor } = entry;
  const counted = (line: DigestLine, amountCents: number): Happened[] => [{ line, clientId, amountCents }];
  if (kind === 'bill_issued' && actor.kind === 'system') return counted('billsMade', totalOf(entry));
  if (payment?.stripe && (kind === 'payment_received' || kind === 'prepayment_received')) {
    if (byAutopay.has(sourceId)) return counted('autopayCharged', payment.amountCents);
    return actor.kind === 'staff' || sourceId.startsWith('att_') ? [] : counted('payments', payment.amountCents);
  }
  return refund && kind === 'refund_found' ? counted('refundsFound', refund.amountCents) : [];
}

const totalOf = ({ postings }: Entry): number =>
  postings.reduce((sum, { account, amountCents }) => sum + (account.endsWith('_receivable') ? amountCents : 0), 0);

const isOfAutopay = (kind: string): boolean => kind === 'autopay_failed' || kind === 'autopay_stopped';

const ofAttention = ({ kind, clientId }: Attention): Happened => ({
  line: lineOfAttention(kind),
  clientId,
  amountCents: 0,
});

const lineOfAttention = (kind: string): DigestLine => {
  if (kind.startsWith('dispute')) return 'disputes';
  return kind === 'mail_bounced' || kind === 'mail_complained' ? 'mailsReturned' : 'attention';
};

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly on: CalendarDate;
}

/** Bills whose card was refused: as the nights tell, and where the bank's answer came later, as staff were told. */
async function refusedByCards(practiceId: string, span: Span, attention: readonly Attention[]): Promise<Happened[]> {
  const refused = new Map<string, string>();
  for await (const { clientId, billId = '', outcome } of resultsOfNights(practiceId, span))
    if (outcome === 'declined') refused.set(billId, clientId);
  for (const { kind, billId, clientId } of attention)
    if (isOfAutopay(kind) && billId && clientId) refused.set(billId, clientId);
  return [...refused.values()].map(clientId => ({ line: 'autopayFailed', clientId, amountCents: 0 }));
}

/** What AutoPay's runs tell that began in the span, by themselves or once more. */
async function* resultsOfNights(practiceId: string, { from, to, on }: Span): AsyncGenerator<TaskResult> {
  const dates = Array.from({ length: mostDaysBetween + 1 }, (_, days) => addDays(on, -days));
  const runs = await automationStore.several(
    practiceId,
    dates.map(date => runIdOf(practiceId, 'autopay', date)),
  );
  const isWithin = (at: Instant): boolean => at >= from && at < to;
  for (const run of runs) {
    if (!isWithin(run.begunAt) && !isWithin(run.startedAt)) continue;
    for await (const { part, results } of automationStore.parts(practiceId, run))
      if (part >= run.firstPart ? isWithin(run.startedAt) : isWithin(run.begunAt)) yield* results;
  }
}
