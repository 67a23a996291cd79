import { refuseUnconfirmed } from '../../shared/domain/automation/openBalance';
import { cardOf, hasExpired } from '../../shared/domain/automation/planAutopay';
import { type Instant, localDate } from '../../shared/domain/calendar';
import { autopayOwner, type ClientBilling, hasConsentEnded } from '../../shared/domain/client';
import { invariant } from '../../shared/domain/invariant';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import type { ClientCaller } from '../../shared/operations/caller';
import { putOwnAutopayRow } from '../../shared/operations/client';
import { cardStore, practiceOf } from '../../shared/store/cardStore';
import { unchanged } from '../../shared/store/changes';
import { clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';
import { clientIn, isOwnCard, ownAutopayCents, ownerIn, ownHeads } from '../../shared/store/ownBills';
import { settingsStore } from '../../shared/store/settingsStore';
import { clientEntity } from '../../shared/store/table';

type Body = Input<typeof putOwnAutopayRow>['body'];

/** Only whose card is charged may say so, with the balance that waits already before their eyes (rule 14). */
export const putOwnAutopay =
  (needs = real): Run<typeof putOwnAutopayRow> =>
  ({ body, caller }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { clientId, enabled, limitCents = null, consentTextVersion } = body;
      const [client, [billing]] = clientIn(caller, clientId)
        ? await Promise.all([clientStore.find(practiceId, clientId), clientStore.billingOf(practiceId, [clientId])])
        : [undefined, []];
      if (!client) throw new Problem('not_found', { what: 'client' });
      invariant(billing, 'a client has billing settings');
      const [owner, payer] = [ownerIn(caller, clientId), autopayOwner(billing)];
      if (owner.kind !== payer.kind || owner.id !== payer.id)
        throw new Problem('forbidden', { roles: ['who gets the bills'] });
      const now = needs.clock.now();
      if (enabled) await refuseUnready({ caller, billing, now }, body);
      const consent = { at: now, by: owner.id, textVersion: consentTextVersion };
      const after: ClientBilling = {
        ...billing,
        autopay: enabled,
        autopayLimitCents: limitCents,
        ...(enabled ? { autopayConsent: consent } : {}),
      };
      // Whoever removes the last card in this moment writes the client.
      await clientStore.replaceBilling(practiceId, after, [unchanged(clientEntity, practiceId, client)]);
      return reply(200, { clientId, autopay: enabled, autopayLimitCents: limitCents });
    });

interface Switch {
  readonly caller: ClientCaller;
  readonly billing: ClientBilling;
  readonly now: Instant;
}

async function refuseUnready({ caller, billing, now }: Switch, { confirmOpenBalanceCents }: Body): Promise<void> {
  const { practiceId } = caller;
  const { clientId } = billing;
  const [automation, practice] = await Promise.all([settingsStore.loadAutomation(practiceId), practiceOf(practiceId)]);
  if (!automation.autopay) throw new Problem('autopay_off');
  const cards = (await cardStore.of(practice, clientId)).filter(card => isOwnCard(caller, card));
  const card = cardOf({ practice, billing, cards });
  if (!card) throw new Problem('no_card');
  if (billing.autopay && !hasConsentEnded(billing)) return;
  if (hasExpired(card, localDate(now, practice.timeZone))) throw new Problem('card_expired');
  const seen = await ownHeads(practiceId, [clientId], await settingsStore.loadBilling(practiceId));
  refuseUnconfirmed(await ownAutopayCents(practiceId, autopayOwner(billing), seen), confirmOpenBalanceCents);
}

export const handler = serve(putOwnAutopayRow, putOwnAutopay());
