import { type Run, reply, serve } from '../../shared/http/serve';
import { getAutomationSettingsRow } from '../../shared/operations/settings';
import { type SettingsStore, settingsStore } from '../../shared/store/settingsStore';

interface Needs {
  readonly settings: SettingsStore;
}

export const getAutomationSettings =
  ({ settings }: Needs): Run<typeof getAutomationSettingsRow> =>
  async ({ caller }) =>
    reply(200, await settings.loadAutomation(caller.practiceId));

export const handler = serve(getAutomationSettingsRow, getAutomationSettings({ settings: settingsStore }));
