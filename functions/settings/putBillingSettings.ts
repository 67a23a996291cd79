import { given } from '../../shared/domain/given';
import { changedFields } from '../../shared/domain/practice';
import { type Run, reply, serve } from '../../shared/http/serve';
import { putBillingSettingsRow } from '../../shared/operations/settings';
import { type Inheritance, inheritance } from '../../shared/store/inheritance';
import { decideAnew } from '../../shared/store/kernel';
import { type SettingsStore, settingsStore } from '../../shared/store/settingsStore';

interface Needs {
  readonly settings: SettingsStore;
  readonly inheritance: Inheritance;
}

export const putBillingSettings =
  ({ settings, inheritance }: Needs): Run<typeof putBillingSettingsRow> =>
  ({ caller: { practiceId }, body }) =>
    decideAnew(async () => {
      const before = await settings.loadBilling(practiceId);
      const next = { ...before, ...body, serviceDescription: given(body.serviceDescription) };
      await settings.putBilling(practiceId, next);
      const changed = await inheritance.countInheriting(practiceId, changedFields(before, next));
      return reply(200, { ...next, changed });
    });

export const handler = serve(putBillingSettingsRow, putBillingSettings({ settings: settingsStore, inheritance }));
