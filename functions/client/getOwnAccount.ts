import { given } from '../../shared/domain/given';
import { sumCents } from '../../shared/domain/money';
import { Problem } from '../../shared/domain/problem';
import { stripeMinimum } from '../../shared/domain/stripeMinimum';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getOwnAccountRow } from '../../shared/operations/client';
import { accessStore } from '../../shared/store/accessStore';
import { readLots } from '../../shared/store/billStore';
import { clientStore } from '../../shared/store/clientStore';
import { ownAutopayCents, ownerAs, ownHeads } from '../../shared/store/ownBills';
import type { PortalAccount } from '../../shared/store/portalStore';
import { settingsStore } from '../../shared/store/settingsStore';
import { takesCards } from '../../shared/views/ownBillView';
import { accountView } from '../../shared/views/portalView';

export const getOwnAccount =
  (): Run<typeof getOwnAccountRow> =>
  async ({ caller: { practiceId, tokenHash } }) => {
    const record = await accessStore.findToken(tokenHash);
    const account = record && (await accessStore.findAccount(record));
    if (!account) throw new Problem('unauthenticated', { reason: 'the session has ended' });
    const settings = await settingsStore.loadBilling(practiceId);
    const { practice, name, email } = account;
    return reply(200, {
      ...accountView(account),
      ...{ name, email },
      ...given({ practiceEmail: practice.email }),
      currency: practice.currency,
      timeZone: practice.timeZone,
      onlinePayments: takesCards(practice),
      allowPartial: settings.allowPartialOnline,
      minimumCents: stripeMinimum(practice.currency),
      clients: await Promise.all(account.clients.map(client => moneyOf(client, practiceId, settings))),
    });
  };

/** What is owed on bills that the account sees: one that was not shared yet is no surprise here. */
async function moneyOf(
  client: PortalAccount['clients'][number],
  practiceId: string,
  settings: Parameters<typeof ownHeads>[2],
) {
  const { clientId, name } = client;
  const [heads, lots, [billing]] = await Promise.all([
    ownHeads(practiceId, [clientId], settings),
    readLots(practiceId, clientId),
    clientStore.billingOf(practiceId, [clientId]),
  ]);
  return {
    clientId,
    name,
    balanceCents: sumCents(heads.map(head => head.clientBalanceCents)),
    creditCents: sumCents(lots.map(lot => lot.remainingCents)),
    autopayBalanceCents: await ownAutopayCents(practiceId, ownerAs(client), heads),
    autopay: billing?.autopay ?? false,
    autopayLimitCents: billing?.autopayLimitCents ?? null,
  };
}

export const handler = serve(getOwnAccountRow, getOwnAccount());
