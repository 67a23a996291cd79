import { Problem } from '../domain/problem';
import { type Needs, real } from '../needs';
import type { loadClientMoneyFor } from '../store/billStore';
import { type CardCharge, chargeCard, type Payable } from './chargeCard';
import { type StripeGateway, stripeGateway } from './stripeGateway';

export interface PrepaymentCharge extends CardCharge {
  readonly clientId: string;
  /** Reads the client's account, behind the request's own replay. */
  readonly load: () => ReturnType<typeof loadClientMoneyFor>;
}

/** Charges a saved card without a bill: the money becomes the client's credit (R46, W17). */
export const chargePrepayment =
  (needs: Needs = real, gateway: StripeGateway = stripeGateway) =>
  (charge: PrepaymentCharge) => {
    const { clientId, load } = charge;
    const decide = async (): Promise<Payable> => {
      const loaded = await load();
      if (loaded.client?.status === 'archived') throw new Problem('client_archived');
      const { billingContact: contact } = loaded;
      const payer = contact
        ? { kind: 'contact' as const, id: contact.contactId }
        : { kind: 'client' as const, id: clientId };
      return { loaded, billId: '', clientId, payer, checkAmount: () => undefined };
    };
    return chargeCard(charge, decide, { needs, gateway });
  };

export type ChargePrepayment = ReturnType<typeof chargePrepayment>;
