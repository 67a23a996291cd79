import { creditBalance, creditEntries } from '../domain/credit';
import { invariant } from '../domain/invariant';
import { reply } from '../http/serve';
import type { Needs } from '../needs';
import type { StaffCaller } from '../operations/caller';
import type { PaymentObject } from '../operations/objects';
import { type Loaded, loadClientMoneyFor } from '../store/billStore';
import type { ReplayRecord } from '../store/table';
import { attemptView, paymentView } from './billView';
import { becameOf } from './paymentAnswer';

const creditOfClient = ({ book }: Loaded, clientId: string) => ({ clientId, creditCents: creditBalance(book) });

/** The credit that this entry moved, its payment unless it was by hand, and what the client has now. */
export function creditAnswer(
  loaded: Loaded,
  { clientId, entryId, paymentId }: { clientId: string; entryId: string; paymentId: string },
) {
  const [credit] = creditEntries(loaded.book.entries.filter(entry => entry.entryId === entryId));
  invariant(credit, 'the entry moved credit');
  const payment = paymentId === '' ? {} : { payment: paymentView(loaded.book, paymentId) };
  return reply(201, { credit, ...payment, client: creditOfClient(loaded, clientId) });
}

interface Prepayment {
  readonly loaded: Loaded;
  readonly clientId: string;
  readonly paymentId: string;
}

/** A prepayment by card: with its credit once it is settled, without while Stripe's answer is unknown. */
export function prepaymentAnswer(status: 201 | 202, { loaded, clientId, paymentId }: Prepayment) {
  if (status === 202) {
    const payment = prepaymentOf(loaded, paymentId);
    return reply(202, { payment, client: creditOfClient(loaded, clientId) });
  }
  const entry = loaded.book.entries.find(known => known.payment?.paymentId === paymentId);
  invariant(entry, 'a settled prepayment has its entry');
  return creditAnswer(loaded, { clientId, entryId: entry.entryId, paymentId });
}

function prepaymentOf({ book, clientAttempts }: Loaded, paymentId: string): PaymentObject {
  if (book.entries.some(entry => entry.payment?.paymentId === paymentId)) return paymentView(book, paymentId);
  const attempt = clientAttempts.find(known => known.payment?.paymentId === paymentId);
  invariant(attempt, `prepayment ${paymentId} is with its client`);
  return attemptView(attempt);
}

/** A repeat: the same ids; of a card's prepayment, what it has become. */
export async function creditReplay({ ids, at }: ReplayRecord, caller: StaffCaller, needs: Pick<Needs, 'clock'>) {
  const { clientId = '', entryId, paymentId = '' } = ids;
  const loaded = await loadClientMoneyFor(caller, clientId);
  if (entryId !== undefined) return creditAnswer(loaded, { clientId, entryId, paymentId });
  return prepaymentAnswer(becameOf(prepaymentOf(loaded, paymentId), at, needs), { loaded, clientId, paymentId });
}
