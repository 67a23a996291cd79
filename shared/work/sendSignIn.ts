import { signInCode } from '../access/signInCode';
import { addMinutes } from '../domain/calendar';
import { given } from '../domain/given';
import { minutesLeft, type SignIn, withoutMail } from '../domain/signIn';
import type { MailOutcome, OutgoingMail } from '../email/mailer';
import { signInMessage } from '../email/signInMessage';
import { logger } from '../logger';
import { accountsOf, type PortalAccount } from '../store/portalStore';
import { shareStore } from '../store/shareStore';
import { signInStore } from '../store/signInStore';
import type { DueItem } from '../store/table';
import { handOver, type MailNeeds, realMail, type Unsent, wonClaim } from './mailNeeds';

/**
 * Mails the code to sign in with, where the address is known; only here is it asked whether it is. Claimed before it is
 * handed over and not sent again in doubt: whoever waits in vain asks for another.
 */
export async function sendSignIn(item: DueItem, needs: MailNeeds = realMail): Promise<void> {
  const signIn = await signInStore.at(item);
  if (!signIn?.dueAt) return;
  const minutes = minutesLeft(signIn, needs.clock.now());
  const mail = minutes < 1 ? undefined : await mailOf(signIn, minutes, needs);
  if (mail) await needs.mailer.turn?.();
  if (!(await wonClaim(signInStore.replace(withoutMail(signIn)))) || !mail) return;
  await settle(item, await handOver(mail, needs), needs);
}

/** One mail, however many accounts the address has; nothing where it has none that takes mail. */
async function mailOf(
  { addressHash, signInId }: SignIn,
  minutes: number,
  needs: MailNeeds,
): Promise<OutgoingMail | undefined> {
  const accounts = await takingMail(await accountsOf(addressHash));
  const [first] = accounts;
  if (!first) return undefined;
  const code = signInCode(signInId, await needs.linkKey());
  const { name, email } = first;
  const practice = senderOf(accounts.map(account => account.practice));
  return {
    message: signInMessage({ senderName: practice.name, code, minutes }),
    to: { name, email },
    practice,
    shareId: signInId,
  };
}

/**
 * An address that bounced for good, or whose owner complained or allows no mail, takes none of that practice (`domain.md`
 * rule 63): a sign-in is one's own wish, but anybody can enter the address.
 */
async function takingMail(accounts: readonly PortalAccount[]): Promise<PortalAccount[]> {
  const allowing = accounts.filter(({ emailAllowed }) => emailAllowed);
  const suppressed = await Promise.all(
    allowing.map(({ practice, email }) => shareStore.suppression(practice.practiceId, email)),
  );
  return allowing.filter((_, index) => suppressed[index] === undefined);
}

/** Known in several practices, the mail names none of them: who reads it may know of one only. */
function senderOf(practices: readonly PortalAccount['practice'][]): OutgoingMail['practice'] {
  const [one, ...others] = new Map(practices.map(practice => [practice.practiceId, practice])).values();
  if (!one || others.length > 0) return { name: 'Client portal' };
  return { name: one.billingName, ...given({ replyTo: one.email }) };
}

async function settle(item: DueItem, outcome: MailOutcome | Unsent, needs: MailNeeds): Promise<void> {
  if (outcome.outcome === 'sent') return;
  logger.warn('a code to sign in was not sent', { outcome: outcome.outcome });
  if (outcome.outcome === 'throttled' || outcome.outcome === 'unsent') await again(item, needs);
  if (outcome.outcome === 'unsent') throw outcome.error;
}

/** Nothing was sent: in a minute again, for as long as its code is worth anything. Unless another was asked for. */
async function again(item: DueItem, needs: MailNeeds): Promise<void> {
  const signIn = await signInStore.at(item);
  if (!signIn || signIn.dueAt) return;
  await wonClaim(signInStore.replace({ ...signIn, dueAt: addMinutes(needs.clock.now(), 1) }));
}
