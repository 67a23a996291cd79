import type { BillFacts } from './book';
import { invariant } from './invariant';
import type { Lot, OfflineMethod, PaymentFacts, Posting } from './ledger';
import { cents } from './money';

/** Where money stands while a payment moves it (`ledger.md` section 2: ST, OM, DF, UM). */
export type MoneyAccount =
  | { readonly account: 'stripe_balance' | 'disputed_funds' | 'unmatched_money' }
  | { readonly account: 'offline_money'; readonly method: OfflineMethod };

export const stripeBalance: MoneyAccount = { account: 'stripe_balance' };
export const disputedFunds: MoneyAccount = { account: 'disputed_funds' };
export const unmatchedMoney: MoneyAccount = { account: 'unmatched_money' };

const ofPayment = (paymentId: string | undefined) => (paymentId === undefined ? {} : { paymentId });

export const money = (on: MoneyAccount, amount: number, paymentId: string): Posting => ({
  ...on,
  amountCents: cents(amount),
  paymentId,
});

export const clientReceivable = (bill: BillFacts, amount: number, paymentId?: string): Posting => ({
  account: 'client_receivable',
  amountCents: cents(amount),
  clientId: bill.clientId,
  billId: bill.billId,
  ...ofPayment(paymentId),
});

export const payerReceivable = (bill: BillFacts, amount: number, paymentId?: string): Posting => ({
  account: 'payer_receivable',
  amountCents: cents(amount),
  clientId: bill.clientId,
  billId: bill.billId,
  ...(bill.payerId === undefined ? {} : { payerId: bill.payerId }),
  ...ofPayment(paymentId),
});

/** Income, or opening balance in its place for what was brought in from another system. */
export const income = (bill: BillFacts, amount: number, opening = false): Posting => ({
  account: opening ? 'opening_balance' : 'income',
  amountCents: cents(amount),
  clientId: bill.clientId,
  billId: bill.billId,
});

export const writeOff = (bill: BillFacts, amount: number): Posting => ({
  account: 'write_off',
  amountCents: cents(amount),
  clientId: bill.clientId,
  billId: bill.billId,
});

export const discount = (bill: BillFacts, amount: number, paymentId: string): Posting => ({
  account: 'discount',
  amountCents: cents(amount),
  clientId: bill.clientId,
  billId: bill.billId,
  paymentId,
});

export const clientCredit = (lot: Lot, amount: number, paymentId?: string): Posting => ({
  account: 'client_credit',
  amountCents: cents(amount),
  clientId: lot.clientId,
  lotId: lot.lotId,
  ...ofPayment(paymentId),
});

/** The account on which a payment's money arrives. */
export function accountOf(payment: Pick<PaymentFacts, 'payer' | 'type' | 'collect'>): MoneyAccount {
  invariant(payment.type !== 'credit_discount', 'credit and discounts are no money');
  if (payment.collect === 'stripe') return stripeBalance;
  return { account: 'offline_money', method: payment.payer === 'client' ? payment.type : payment.payer };
}
