import { withAutoShare } from '../../shared/domain/automation/autoShare';
import { calendarDate } from '../../shared/domain/calendar';
import { newBill } from '../../shared/domain/newBill';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { createBillRow } from '../../shared/operations/bills';
import { maySee } from '../../shared/operations/caller';
import { loadBillFor, loadedOf, readLots } from '../../shared/store/billStore';
import { issueWrites, readIngredients } from '../../shared/store/composeStore';
import { decideAnew, transact } from '../../shared/store/kernel';
import { nextSequence } from '../../shared/store/numberStore';
import { shownBill } from '../../shared/views/answers';

type In = Input<typeof createBillRow>;

export const createBill = (needs = real): Operation<typeof createBillRow> => {
  const attempt = async ({ body, caller, once }: In, sequence: Promise<number>) => {
    const { practiceId } = caller;
    const sessionIds = body.sessions.map(({ sessionId }) => sessionId);
    const productIds = body.products.map(({ productId }) => productId);
    const { clientId, payerId, recipient } = body;
    const wanted = { clientId, sessionIds, productIds, payerId, contactId: recipient?.contactId };
    const [ingredients, lots] = await once.beside(
      Promise.all([readIngredients(practiceId, wanted), readLots(practiceId, clientId)]),
    );
    if (!maySee(caller, ingredients.client.practitionerId)) throw new Problem('not_found', { what: 'client' });
    const billId = needs.newId('bill');
    const issued = newBill(
      {
        ...body,
        billId,
        sequence: await sequence,
        accessCode: needs.newCode(),
        origin: 'manual',
        dueOn: body.dueOn === undefined ? undefined : calendarDate(body.dueOn),
      },
      { ...ingredients, lots },
      actOf(caller, needs),
    );
    const { record, book } = issued;
    const shared = withAutoShare(record, ingredients, needs.newId('share'));
    await transact([
      ...issueWrites(practiceId, { ...issued, record: shared }, { lots, sessions: ingredients.sessions }),
      ...once.record(201, { billId }),
    ]);
    return reply(201, shownBill(loadedOf(practiceId, [shared], book.lots), billId, caller, needs));
  };

  return {
    run: input => {
      const sequence = nextSequence(input.caller.practiceId);
      sequence.catch(() => undefined);
      return decideAnew(() => attempt(input, sequence));
    },
    replay: async ({ ids: { billId = '' } }, { caller }) =>
      reply(201, shownBill(await loadBillFor(caller, billId), billId, caller, needs)),
  };
};

export const handler = serve(createBillRow, createBill());
