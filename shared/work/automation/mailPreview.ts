import { addDays, type CalendarDate, type Instant, localDate } from '../../domain/calendar';
import { sumCents } from '../../domain/money';
import { type NoticeSubject, newNotice } from '../../domain/notice';
import { idFrom } from '../../ids';
import type { Needs } from '../../needs';
import { putIfAbsent } from '../../store/kernel';
import { memberStore } from '../../store/memberStore';
import { noticeEntity } from '../../store/table';
import { type Perform, portions } from './engine';
import { isOffice, mailMember } from './mailStaff';
import { type Night, type PlannedItem, previewBills, readNight } from './preview';
import { previewAutopay } from './previewAutopay';

/**
 * The evening before: what AutoPay will charge, so that staff may hold a bill (`domain.md` rule 12), and clients know of it
 * where the practice wants that (4.1).
 */
export const mailPreview =
  (needs: Needs): Perform =>
  async ({ practiceId, on: today, tasks, each }) => {
    for (const task of tasks) {
      await each(task, async () => {
        const on = addDays(today, 1);
        const night = await readNight(practiceId, on);
        if (hasBegun(night, needs.clock.now()))
          return [{ clientId: '', outcome: 'skipped', reason: 'night_has_begun' }];
        const { bills } = await previewBills(night);
        const { items, skipped, amountCents } = await previewAutopay(night, bills);
        const charges = items.filter(item => item.amountCents > 0).length;
        if (charges === 0) return [{ clientId: '', outcome: 'skipped', reason: 'nothing_to_charge' }];
        const facts = { on, charges, chargeCents: amountCents, skipped: skipped.length };
        const office = (await memberStore.all(practiceId)).filter(isOffice);
        for (const member of office) await mailMember(practiceId, member, { kind: 'autopay_preview', facts }, needs);
        if (night.automation.autopayNotice) await tellClients(practiceId, { on, items }, needs);
        return [{ clientId: '', outcome: 'sent', amountCents }];
      });
    }
  };

/** It is too late to hold a bill, and AutoPay may be charging. */
const hasBegun = ({ on, practice }: Night, now: Instant): boolean => localDate(now, practice.timeZone) >= on;

interface Foreseen {
  readonly on: CalendarDate;
  readonly items: readonly PlannedItem[];
}

const together = 8;

/** One mail to each payer of a client's bills and night, of own cards alone: its id derives from all, so it is written once. */
async function tellClients(practiceId: string, { on, items }: Foreseen, { clock }: Needs): Promise<void> {
  const charged = items.flatMap(({ payer, ...item }) => (payer ? [{ ...item, payer }] : []));
  const payers = new Map(charged.map(({ clientId, payer }) => [`${clientId} ${payer.id}`, { clientId, payer }]));
  for (const some of portions([...payers.values()], together)) {
    const notices = some.map(({ clientId, payer }) => {
      const charges = chargesOf(charged.filter(item => item.clientId === clientId && item.payer.id === payer.id));
      const noticeId = idFrom('wrk', practiceId, 'autopay_notice', clientId, payer.id, on);
      const subject = { billId: '', clientId, payer, kind: 'autopay_notice', on, charges } as const;
      return newNotice(subject, { noticeId, at: clock.now() });
    });
    await Promise.all(notices.map(notice => putIfAbsent(noticeEntity.item(practiceId, notice))));
  }
}

/** What each card is charged, over all bills of the client. */
function chargesOf(items: readonly PlannedItem[]): NonNullable<NoticeSubject['charges']> {
  const charges = new Map<string, { card: { brand: string; last4: string }; amountCents: number }>();
  for (const { card, amountCents } of items) {
    if (!card || amountCents === 0) continue;
    const name = `${card.brand} ${card.last4}`;
    charges.set(name, { card, amountCents: sumCents([charges.get(name)?.amountCents ?? 0, amountCents]) });
  }
  return [...charges.values()];
}
