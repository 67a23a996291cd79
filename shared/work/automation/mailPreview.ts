import { addDays } from '../../domain/calendar';
import type { Needs } from '../../needs';
import { memberStore } from '../../store/memberStore';
import type { Perform } from './engine';
import { isOffice, mailMember } from './mailStaff';
import { previewBills, readNight } from './preview';
import { previewAutopay } from './previewAutopay';

/** The evening before: what AutoPay will charge, so that staff may hold a bill (`domain.md` rule 12). */
export const mailPreview =
  (needs: Needs): Perform =>
  async ({ practiceId, on: today, tasks, each }) => {
    for (const task of tasks) {
      await each(task, async () => {
        const on = addDays(today, 1);
        const night = await readNight(practiceId, on);
        const { bills } = await previewBills(night);
        const { items, skipped, amountCents } = await previewAutopay(night, bills);
        const charges = items.filter(item => item.amountCents > 0).length;
        if (charges === 0) return [{ clientId: '', outcome: 'skipped', reason: 'nothing_to_charge' }];
        const facts = { on, charges, chargeCents: amountCents, skipped: skipped.length };
        const office = (await memberStore.all(practiceId)).filter(isOffice);
        for (const member of office) await mailMember(practiceId, member, { kind: 'autopay_preview', facts }, needs);
        return [{ clientId: '', outcome: 'sent', amountCents }];
      });
    }
  };
