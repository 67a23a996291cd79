import { type Job, startOfJob } from '../../domain/automation/jobs';
import type { TaskResult } from '../../domain/automation/run';
import { addDays, type CalendarDate, type Instant } from '../../domain/calendar';
import type { Entry } from '../../domain/ledger';
import type { Member } from '../../domain/practice';
import type { Needs } from '../../needs';
import { attentionStore } from '../../store/attentionStore';
import { automationStore, runIdOf } from '../../store/automationStore';
import { practiceOf } from '../../store/cardStore';
import { clientStore } from '../../store/clientStore';
import { ledgerBetween } from '../../store/ledgerStore';
import { memberStore } from '../../store/memberStore';
import { settingsStore } from '../../store/settingsStore';
import type { DigestLine } from '../letters';
import type { Perform } from './engine';
import { isOffice, mailMember } from './mailStaff';

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
  for (const member of members.filter(({ active, billingVisible }) => active && billingVisible)) {
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

/** From one digest's hour to the next. */
async function happenedUntil(practiceId: string, on: CalendarDate): Promise<Happened[]> {
  const [{ timeZone }, settings] = await Promise.all([
    practiceOf(practiceId),
    settingsStore.loadAutomation(practiceId),
  ]);
  const from = startOfJob('digest', addDays(on, -1), settings, timeZone);
  const to = startOfJob('digest', on, settings, timeZone);
  const happened: Happened[] = [];
  for await (const entry of ledgerBetween(practiceId, from, to)) happened.push(...ofEntry(entry));
  for (const date of [addDays(on, -1), on]) {
    happened.push(...(await ofRun(practiceId, 'bills', date, { from, to })));
    happened.push(...(await ofRun(practiceId, 'autopay', date, { from, to })));
  }
  // What AutoPay was refused is counted by its runs.
  for (const { kind, at, clientId } of await attentionStore.allOpen(practiceId)) {
    if (kind.startsWith('autopay_')) continue;
    if (at >= from && at < to) happened.push({ line: lineOfAttention(kind), clientId, amountCents: 0 });
  }
  return happened;
}

/** Money that moved without staff: AutoPay is counted by its runs, disputes among the things to look at. */
function ofEntry({ kind, clientId, payment, refund, sourceId = '', actor }: Entry): Happened[] {
  const byHand = actor.kind === 'staff' || sourceId.startsWith('att_');
  if (payment?.stripe && !byHand && (kind === 'payment_received' || kind === 'prepayment_received')) {
    return [{ line: 'payments', clientId, amountCents: payment.amountCents }];
  }
  return refund && kind === 'refund_found' ? [{ line: 'refundsFound', clientId, amountCents: refund.amountCents }] : [];
}

const lineOfAttention = (kind: string): DigestLine => {
  if (kind.startsWith('dispute')) return 'disputes';
  return kind === 'mail_bounced' || kind === 'mail_complained' ? 'mailsReturned' : 'attention';
};

const lineOfResult = ({ outcome }: TaskResult): DigestLine | undefined => {
  if (outcome === 'created') return 'billsMade';
  if (outcome === 'charged') return 'autopayCharged';
  return outcome === 'declined' ? 'autopayFailed' : undefined;
};

async function ofRun(
  practiceId: string,
  job: Job,
  on: CalendarDate,
  { from, to }: { from: Instant; to: Instant },
): Promise<Happened[]> {
  const run = await automationStore.find(practiceId, runIdOf(practiceId, job, on));
  if (!run || run.startedAt < from || run.startedAt >= to) return [];
  const happened: Happened[] = [];
  for await (const { results } of automationStore.parts(practiceId, run)) {
    for (const result of results) {
      const line = lineOfResult(result);
      const { clientId, amountCents = 0 } = result;
      if (line) happened.push({ line, clientId, amountCents });
    }
  }
  return happened;
}
