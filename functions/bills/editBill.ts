import { changeBill } from '../../shared/domain/bill';
import { billOf } from '../../shared/domain/draft';
import { type Edit, editedDetails, linesAfter } from '../../shared/domain/editBill';
import { happened } from '../../shared/domain/happened';
import { recipientOf } from '../../shared/domain/newBill';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Run, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { editBillRow } from '../../shared/operations/bills';
import { checkVersion, commit, type Loaded, loadBillFor, recordOf } from '../../shared/store/billStore';
import { type Ingredients, readIngredients } from '../../shared/store/composeStore';
import { decideAnew } from '../../shared/store/kernel';
import { sessionStore } from '../../shared/store/sessionStore';
import { lookFirst } from '../../shared/stripe/lookFirst';
import { shownBill } from '../../shared/views/answers';

export const editBill =
  (needs = real): Run<typeof editBillRow> =>
  ({ path: { billId }, body, caller, ifMatch }) =>
    decideAnew(async () => {
      const loaded = await lookFirst(() => loadBillFor(caller, billId), billId, needs);
      checkVersion(loaded, billId, ifMatch);
      const { head, text } = recordOf(loaded, billId);
      if (head.status === 'cancelled') throw new Problem('bill_cancelled');
      if (body.dueOn !== undefined && body.dueOn < head.issuedOn) {
        throw new Problem('due_before_issued', { issuedOn: head.issuedOn });
      }
      if (Object.keys(body).length === 0) return reply(200, shownBill(loaded, billId, caller, needs));
      const ingredients = await readIngredients(caller.practiceId, wanted(loaded, billId, body));
      const act = actOf(caller, needs);
      const edit: Edit = { ...body, billId };
      const from = { ...ingredients, facts: billOf(loaded.book, billId) };
      const change = linesAfter(recordOf(loaded, billId), edit, from, act);
      const movement = change
        ? changeBill(loaded.book, change, act)
        : happened(head, 'bill_edited', act, { details: editedDetails(body) });
      const texts = new Map([[billId, textChange(body, ingredients, text.comments)]]);
      const heads = new Map([
        [billId, { ...(body.dueOn ? { dueOn: body.dueOn as typeof head.dueOn } : {}), ...change?.head }],
      ]);
      const writes = change ? sessionChanges(caller.practiceId, change, ingredients, billId) : [];
      const after = await commit(loaded, movement, { heads, texts, writes, newId: needs.newId });
      return reply(200, shownBill(after, billId, caller, needs));
    });

type Body = Input<typeof editBillRow>['body'];

function wanted(loaded: Loaded, billId: string, body: Body) {
  const { head, text } = recordOf(loaded, billId);
  const contactId = body.recipient?.contactId ?? undefined;
  const touchesLines = body.sessions ?? body.products ?? body.responsibility ?? body.policyId ?? body.payerId;
  const onBill = touchesLines === undefined ? [] : text.lines.flatMap(line => line.sessionId ?? []);
  return {
    clientId: head.clientId,
    sessionIds: [...onBill, ...(body.sessions ?? []).map(session => session.sessionId)],
    productIds: (body.products ?? []).map(product => product.productId),
    payerId: body.payerId,
    contactId,
  };
}

function textChange(body: Body, ingredients: Ingredients, comments: string) {
  const { recipient } = body;
  const { contact, ...rest } = ingredients;
  const { billingContact: _, ...billing } = ingredients.billing;
  const chosen =
    recipient === undefined
      ? {}
      : {
          recipient: recipient.contactId
            ? recipientOf({ ...rest, ...(contact ? { contact } : {}) })
            : recipientOf({ client: rest.client, billing }),
        };
  return { comments: body.comments ?? comments, ...chosen };
}

function sessionChanges(
  practiceId: string,
  change: { taken: readonly string[]; freed: readonly string[] },
  { sessions, client }: Ingredients,
  billId: string,
) {
  return [...sessions.values()].flatMap(session => {
    if (change.taken.includes(session.sessionId)) return [sessionStore.billedWrite(practiceId, session, billId)];
    return change.freed.includes(session.sessionId) ? [sessionStore.returnedWrite(practiceId, session, client)] : [];
  });
}

export const handler = serve(editBillRow, editBill());
