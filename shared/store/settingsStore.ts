import {
  type AutomationSettings,
  type BillingSettings,
  defaultAutomationSettings,
  defaultBillingSettings,
} from '../domain/practice';
import { addedOrReplaced } from './changes';
import { getItems, type Item, transact, type Write } from './kernel';
import { automationSettingsEntity, billingSettingsEntity, practiceEntity } from './table';

/** Settings of a practice; those that nobody has chosen yet are the defaults, without a revision. */
export const settingsStore = {
  async loadBilling(practiceId: string): Promise<BillingSettings> {
    const items = await getItems([
      practiceEntity.key(practiceId, { practiceId }),
      billingSettingsEntity.key(practiceId, {}),
    ]);
    const chosen = items.find(billingSettingsEntity.is);
    const practice = items.find(practiceEntity.is);
    return billingSettingsOf(chosen, practice ? practiceEntity.record(practice).billingName : '');
  },

  async loadAutomation(practiceId: string): Promise<AutomationSettings> {
    const [chosen] = await getItems([automationSettingsEntity.key(practiceId, {})]);
    return automationSettingsOf(chosen);
  },

  putBilling: (practiceId: string, settings: BillingSettings): Promise<void> =>
    transact([addedOrReplaced(billingSettingsEntity, practiceId, settings)]),

  /** `more`: the practice's next nights, which follow from the settings. */
  putAutomation: (practiceId: string, settings: AutomationSettings, more: readonly Write[] = []): Promise<void> =>
    transact([addedOrReplaced(automationSettingsEntity, practiceId, settings), ...more]),
};
/** As stored; a setting that came later than the record has its default. */
export const billingSettingsOf = (item: Item | undefined, practiceName: string): BillingSettings => ({
  ...defaultBillingSettings(practiceName),
  ...(item ? billingSettingsEntity.record(item) : {}),
});
export const automationSettingsOf = (item: Item | undefined): AutomationSettings =>
  item ? { ...defaultAutomationSettings, ...automationSettingsEntity.record(item) } : defaultAutomationSettings;

export type SettingsStore = typeof settingsStore;
