/** What a test card does (docs.stripe.com/testing). `0341` can be saved and then declines each charge. */
export type CardBehaviour =
  | 'pays'
  | 'declines'
  | 'declines_after_saving'
  | 'authenticates'
  | 'authenticates_unless_set_up'
  | 'refund_fails'
  | 'refund_pending'
  | 'disputed'
  | 'inquiry';

export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
}

export interface TestCard {
  number: string;
  brand: 'visa' | 'mastercard' | 'amex' | 'discover';
  funding: 'credit' | 'debit';
  behaviour: CardBehaviour;
  decline?: Decline;
}

/** What Stripe knows of a payment method and does not show. */
export interface CardFacts {
  number: string;
  behaviour: CardBehaviour;
  decline?: Decline;
  /** Used once without a customer, or detached: may not be used again. */
  consumed?: boolean;
  setUp?: boolean;
}

const declined = (decline_code: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
});
const generic = declined('generic_decline');

const card = (number: string, behaviour: CardBehaviour, decline?: Decline): TestCard => ({
  number,
  brand: 'visa',
  funding: 'credit',
  behaviour,
  ...(decline ? { decline } : {}),
});

/** By the name after `pm_card_`. */
const cards: Record<string, TestCard> = {
  visa: card('4242424242424242', 'pays'),
  visa_debit: { ...card('4000056655665556', 'pays'), funding: 'debit' },
  mastercard: { ...card('5555555555554444', 'pays'), brand: 'mastercard' },
  amex: { ...card('378282246310005', 'pays'), brand: 'amex' },
  discover: { ...card('6011111111111117', 'pays'), brand: 'discover' },
  chargeDeclined: card('4000000000000002', 'declines', generic),
  chargeDeclinedInsufficientFunds: card(
    '4000000000009995',
    'declines',
    declined('insufficient_funds', 'Your card has insufficient funds.'),
  ),
  chargeDeclinedLostCard: card('4000000000009987', 'declines', declined('lost_card')),
  chargeDeclinedStolenCard: card('4000000000009979', 'declines', declined('stolen_card')),
  chargeDeclinedExpiredCard: card('4000000000000069', 'declines', {
    code: 'expired_card',
    message: 'Your card has expired.',
  }),
  chargeDeclinedIncorrectCvc: card('4000000000000127', 'declines', {
    code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
  }),
  chargeDeclinedProcessingError: card('4000000000000119', 'declines', {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  }),
  chargeCustomerFail: card('4000000000000341', 'declines_after_saving', generic),
  authenticationRequired: card('4000002760003184', 'authenticates'),
  authenticationRequiredOnSetup: card('4000002500003155', 'authenticates_unless_set_up'),
  refundFail: card('4000000000005126', 'refund_fails'),
  pendingRefund: card('4000000000007726', 'refund_pending'),
  createDispute: card('4000000000000259', 'disputed'),
  createDisputeInquiry: card('4000000000001976', 'inquiry'),
};

export const expiredCard: Decline = { code: 'expired_card', message: 'Your card has expired.' };

export function cardOfToken(token: string): TestCard | undefined {
  const name = token.replace(/^pm_card_/, '').replace(/^visa_(?=chargeDeclined)/, '');
  return Object.hasOwn(cards, name) ? cards[name] : undefined;
}

/** In test mode Stripe takes its own test cards only. */
export const cardOfNumber = (number: string): TestCard | undefined =>
  Object.values(cards).find(known => known.number === number);

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
