import { compose, type Message } from './letter';

export interface SignInMail {
  /** The practice, or a name that tells nothing where the address is known in several. */
  readonly senderName: string;
  readonly code: string;
  /** For which the code still holds when the mail is written. */
  readonly minutes: number;
}

/** The code stands in the body alone: subject and preview are read on locked screens. */
export function signInMessage({ senderName, code, minutes }: SignInMail): Message {
  const span = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return compose({
    subject: 'Your sign-in code',
    preview: `It is valid for ${span}.`,
    practiceName: senderName,
    lead: 'Your sign-in code',
    amount: code,
    facts: [],
    paragraphs: [
      `Enter it on the page where you asked for it. It is valid for ${span}, once.`,
      'Give it to nobody: we never ask for it by telephone or mail.',
    ],
    closing: [
      'You get this mail because somebody entered your address to sign in.',
      'If it was not you, do nothing: without the code nobody gets in.',
    ],
  });
}
