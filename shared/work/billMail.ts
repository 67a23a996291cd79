import { config } from '../config';
import type { BillRecord } from '../domain/billRecord';
import type { Practice } from '../domain/practice';
import type { Message } from '../email/letter';
import { billMessage } from '../email/messages';
import { linkKey } from '../http/linkKey';
import { linkToken } from '../http/linkToken';

/** The mail of a bill: paid meanwhile it is a receipt, and while online payments are off it carries no pay link (R32). */
export async function billMail(
  { head, text }: BillRecord,
  practice: Practice,
  { linkId, attached }: { linkId: string; attached: boolean },
): Promise<Message> {
  const payPage = new URL('/pay', config.publicUrl()).href;
  const paid = head.clientBalanceCents === 0;
  const payable = !paid && practice.onlinePayments && practice.stripe.status === 'ready';
  return billMessage({
    practiceName: practice.billingName,
    ...(practice.email ? { practiceEmail: practice.email } : {}),
    number: head.number,
    currency: practice.currency,
    accessCode: text.accessCode,
    dueOn: head.dueOn,
    clientBalanceCents: head.clientBalanceCents,
    paid,
    ...(payable ? { payUrl: `${payPage}#t=${linkToken(linkId, await linkKey())}` } : {}),
    lookupUrl: payPage,
    attached,
  });
}
