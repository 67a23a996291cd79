import type { Mailer, MailOutcome, OutgoingMail } from '../../shared/email/mailer';

type Answer = MailOutcome | 'lost after sending' | 'lost before sending' | Error;

/** A mail service that keeps what it took, and throttles, refuses or loses its answer when told to. */
export class MailService implements Mailer {
  readonly taken: OutgoingMail[];
  readonly #answers: Answer[] = [];

  constructor(taken: readonly OutgoingMail[] = []) {
    this.taken = [...taken];
  }

  #decide: () => Answer | undefined = () => undefined;

  /** What each call answers from now on, in its turn; a mail of which nothing is decided is taken. */
  decides(decide: () => Answer | undefined): void {
    this.#decide = decide;
  }

  /** What the next calls answer, in order; afterwards every mail is taken. */
  willAnswer(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  async send(mail: OutgoingMail): Promise<MailOutcome> {
    const answer = this.#answers.shift() ??
      this.#decide() ?? { outcome: 'sent', messageId: `message-${this.taken.length + 1}` };
    if (answer instanceof Error) throw answer;
    if (answer === 'lost before sending') return { outcome: 'unknown', code: 'TimeoutError' };
    if (answer === 'lost after sending' || answer.outcome === 'sent') this.taken.push(mail);
    return answer === 'lost after sending' ? { outcome: 'unknown', code: 'TimeoutError' } : answer;
  }

  get lastText(): string {
    return this.taken.at(-1)?.message.text ?? '';
  }
}
