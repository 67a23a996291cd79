import { refuseUnconfirmed } from '../../shared/domain/automation/openBalance';
import type { ClientBilling } from '../../shared/domain/client';
import { given } from '../../shared/domain/given';
import type { Payer } from '../../shared/domain/practice';
import { invalidInput } from '../../shared/domain/problem';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { putClientBillingSettingsRow } from '../../shared/operations/clients';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
  readonly payers: PayerStore;
}
type Body = Input<typeof putClientBillingSettingsRow>['body'];

export const putClientBillingSettings =
  ({ clients, payers }: Needs): Run<typeof putClientBillingSettingsRow> =>
  ({ caller: { practiceId, ...caller }, path: { clientId }, body }) =>
    decideAnew(async () => {
      const { billing } = await clients.loadWithBilling({ practiceId, ...caller }, clientId);
      const payer = body.payerId === undefined ? undefined : await payers.find(practiceId, body.payerId);
      refuseWrongPayer(body, payer, billing.payerId);
      if (body.autopay && !billing.autopay) {
        const { balanceCents } = await clients.sums(practiceId, clientId);
        refuseUnconfirmed(balanceCents, body.confirmOpenBalanceCents);
      }
      const next = withBody(billing, body);
      await clients.replaceBilling(practiceId, next);
      return reply(200, next);
    });

/** A platform pays external bills, an insurer the others; one that was hidden afterwards may stay. */
function refuseWrongPayer({ responsibility, payerId }: Body, payer: Payer | undefined, before?: string): void {
  if (payerId !== undefined && payerId !== before && !payer?.active) {
    throw invalidInput('/payerId', 'must be an active payer');
  }
  if (responsibility === 'external' && payer?.kind !== 'external_platform') {
    throw invalidInput('/payerId', 'must be the platform that pays, when the responsibility is external');
  }
  if (responsibility !== 'external' && payer?.kind === 'external_platform') {
    throw invalidInput('/payerId', 'is a platform; the responsibility must be external then');
  }
}

/**
 * Everything but what contacts and policies keep there is replaced; a payer left out is gone. AutoPay that staff switch
 * on stands on no consent of the portal any more.
 */
function withBody({ payerId: _, autopayConsent, ...kept }: ClientBilling, body: Body): ClientBilling {
  const { confirmOpenBalanceCents: _confirmed, ...fields } = body;
  const isSwitchedOn = body.autopay && !kept.autopay;
  return given({ ...kept, ...fields, autopayConsent: isSwitchedOn ? undefined : autopayConsent });
}

export const handler = serve(
  putClientBillingSettingsRow,
  putClientBillingSettings({ clients: clientStore, payers: payerStore }),
);
