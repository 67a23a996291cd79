import { changedFields } from '../../shared/domain/practice';
import { type Run, reply, serve } from '../../shared/http/serve';
import { putAutomationSettingsRow } from '../../shared/operations/settings';
import { type Inheritance, inheritance } from '../../shared/store/inheritance';
import { decideAnew } from '../../shared/store/kernel';
import { type SettingsStore, settingsStore } from '../../shared/store/settingsStore';

interface Needs {
  readonly settings: SettingsStore;
  readonly inheritance: Inheritance;
}

export const putAutomationSettings =
  ({ settings, inheritance }: Needs): Run<typeof putAutomationSettingsRow> =>
  ({ caller: { practiceId }, body }) =>
    decideAnew(async () => {
      const before = await settings.loadAutomation(practiceId);
      const next = { ...before, ...body };
      await settings.putAutomation(practiceId, next);
      const changed = await inheritance.countInheriting(practiceId, changedFields(before, next));
      return reply(200, { ...next, changed });
    });

export const handler = serve(putAutomationSettingsRow, putAutomationSettings({ settings: settingsStore, inheritance }));
