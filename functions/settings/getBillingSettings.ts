import { type Run, reply, serve } from '../../shared/http/serve';
import { getBillingSettingsRow } from '../../shared/operations/settings';
import { type SettingsStore, settingsStore } from '../../shared/store/settingsStore';

interface Needs {
  readonly settings: SettingsStore;
}

export const getBillingSettings =
  ({ settings }: Needs): Run<typeof getBillingSettingsRow> =>
  async ({ caller }) =>
    reply(200, await settings.loadBilling(caller.practiceId));

export const handler = serve(getBillingSettingsRow, getBillingSettings({ settings: settingsStore }));
