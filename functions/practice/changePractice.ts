import { clock } from '../../shared/clock';
import { patched } from '../../shared/domain/given';
import type { Practice } from '../../shared/domain/practice';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changePracticeRow } from '../../shared/operations/practice';
import { automationStore, nightWrites } from '../../shared/store/automationStore';
import { decideAnew, type Write } from '../../shared/store/kernel';
import { type PracticeStore, practiceStore } from '../../shared/store/practiceStore';
import { settingsStore } from '../../shared/store/settingsStore';
import { shownPractice } from '../../shared/views/practice';

interface Needs {
  readonly practices: PracticeStore;
}

export const changePractice =
  ({ practices }: Needs): Run<typeof changePracticeRow> =>
  ({ caller: { practiceId }, body }) =>
    decideAnew(async () => {
      const before = await practices.load(practiceId);
      const practice = patched(before, body);
      await practices.replace(practice, practice.timeZone === before.timeZone ? [] : await movedNights(practice));
      return reply(200, shownPractice(practice));
    });

/** Nights begin by the new zone's clock; what ran already does not run again (`domain.md` rule 47). */
async function movedNights({ practiceId, timeZone }: Practice): Promise<Write[]> {
  const [settings, nights] = await Promise.all([
    settingsStore.loadAutomation(practiceId),
    automationStore.nexts(practiceId),
  ]);
  return nightWrites(practiceId, nights, { settings, timeZone, now: clock.now() });
}

export const handler = serve(changePracticeRow, changePractice({ practices: practiceStore }));
