import { billAmounts } from '../domain/billAmounts';
import { billOf } from '../domain/draft';
import { checkNotReserved, checkPayable } from '../domain/payable';
import { Problem } from '../domain/problem';
import { type Needs, real } from '../needs';
import { type Loaded, recordOf } from '../store/billStore';
import { settledBefore } from './cardAttempt';
import { type CardCharge, type Charged, chargeCard, type Payable } from './chargeCard';
import { type StripeGateway, stripeGateway } from './stripeGateway';

export interface BillCharge extends CardCharge {
  readonly billId: string;
  /** Reads the bill, behind the request's own replay. */
  readonly load: () => Promise<Loaded>;
  readonly check: (loaded: Loaded) => void;
}

/** Charges a saved card for a bill: 201, 402 as a Problem, or 202 while it is `processing` or waits for the payer. */
export const chargeBill =
  (needs: Needs = real, gateway: StripeGateway = stripeGateway) =>
  (charge: BillCharge): Promise<Charged> => {
    const { billId } = charge;
    const decide = async () => payableOf(charge, await settledBefore(await charge.load(), billId, { needs, gateway }));
    return chargeCard(charge, decide, { needs, gateway });
  };

export type ChargeBill = ReturnType<typeof chargeBill>;

function payableOf({ billId, amountCents, check }: BillCharge, loaded: Loaded): Payable {
  check(loaded);
  const { head, text } = recordOf(loaded, billId);
  if (head.status === 'cancelled') throw new Problem('bill_cancelled');
  if (head.responsibility === 'external') throw new Problem('external_payer');
  const amounts = billAmounts(loaded.book, billId);
  const { reservedCents } = billOf(loaded.book, billId);
  // Before the question whether Stripe is connected; how much is owed comes after it (clarification 2).
  checkNotReserved(amounts, reservedCents, amountCents);
  return {
    loaded,
    billId,
    clientId: head.clientId,
    payer: text.recipient,
    checkAmount: () => checkPayable(amounts, reservedCents, amountCents),
  };
}
