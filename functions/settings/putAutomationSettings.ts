import { clock } from '../../shared/clock';
import { refuseUnconfirmed } from '../../shared/domain/automation/openBalance';
import { changedFields } from '../../shared/domain/practice';
import { type Run, reply, serve } from '../../shared/http/serve';
import { putAutomationSettingsRow } from '../../shared/operations/settings';
import { automationStore, nightWrites } from '../../shared/store/automationStore';
import { openAutopayCents } from '../../shared/store/autopayStore';
import { type Inheritance, inheritance } from '../../shared/store/inheritance';
import { decideAnew } from '../../shared/store/kernel';
import { type SettingsStore, settingsStore } from '../../shared/store/settingsStore';

interface Needs {
  readonly settings: SettingsStore;
  readonly inheritance: Inheritance;
}

export const putAutomationSettings =
  ({ settings, inheritance }: Needs): Run<typeof putAutomationSettingsRow> =>
  ({ caller: { practiceId, timeZone }, body }) =>
    decideAnew(async () => {
      const [before, nights] = await Promise.all([
        settings.loadAutomation(practiceId),
        automationStore.nexts(practiceId),
      ]);
      const { confirmOpenBalanceCents, ...wanted } = body;
      const next = { ...before, ...wanted };
      if (next.autopay && !before.autopay) {
        refuseUnconfirmed(await openAutopayCents(practiceId), confirmOpenBalanceCents);
      }
      const moved = nightWrites(practiceId, nights, { settings: next, timeZone, now: clock.now() });
      await settings.putAutomation(practiceId, next, moved);
      const changed = await inheritance.countInheriting(practiceId, changedFields(before, next));
      return reply(200, { ...next, changed });
    });

export const handler = serve(putAutomationSettingsRow, putAutomationSettings({ settings: settingsStore, inheritance }));
