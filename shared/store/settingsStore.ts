import { given } from '../domain/given';
import {
  type AutomationSettings,
  type BillingSettings,
  defaultAutomationSettings,
  defaultBillingSettings,
  type Practice,
} from '../domain/practice';
import { addedOrReplaced } from './changes';
import { getItems, type Item, transact, type Write } from './kernel';
import { automationSettingsEntity, billingSettingsEntity, practiceEntity } from './table';

/** Settings of a practice; those that nobody has chosen yet are the defaults, without a revision. */
export const settingsStore = {
  loadBilling: async (practiceId: string): Promise<BillingSettings> =>
    (await settingsStore.loadWithPractice(practiceId)).settings,

  /** One read; without a practice where there is none. */
  async loadWithPractice(practiceId: string): Promise<{ practice?: Practice; settings: BillingSettings }> {
    const items = await getItems([
      practiceEntity.key(practiceId, { practiceId }),
      billingSettingsEntity.key(practiceId, {}),
    ]);
    const [practice] = items.filter(practiceEntity.is).map(practiceEntity.record);
    const settings = billingSettingsOf(items.find(billingSettingsEntity.is), practice?.billingName ?? '');
    return { settings, ...given({ practice }) };
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
