export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A card as its owner knows it: `Visa •••• 4242`. Stripe names brands in lower case. */
export const cardText = ({ brand, last4 }: { brand: string; last4: string }): string =>
  `${capital(brand)} •••• ${last4}`;
