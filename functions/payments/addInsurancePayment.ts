import { officeOnly } from '../../shared/access/officeOnly';
import { instant, localDate } from '../../shared/domain/calendar';
import { given } from '../../shared/domain/given';
import { payInsurer } from '../../shared/domain/insurer';
import type { PaymentFacts } from '../../shared/domain/ledger';
import { cents } from '../../shared/domain/money';
import { Problem } from '../../shared/domain/problem';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { addInsurancePaymentRow } from '../../shared/operations/payments';
import { checkVersion, commit, type Loaded, loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shownBill } from '../../shared/views/answers';
import { paymentView } from '../../shared/views/billView';

type In = Input<typeof addInsurancePaymentRow>;

export const addInsurancePayment = (needs = real): Operation<typeof addInsurancePaymentRow> => {
  const answer = (loaded: Loaded, billId: string, paymentId: string, caller: In['caller']) => {
    const received = loaded.book.entries.some(entry => entry.payment?.paymentId === paymentId);
    const payment = received ? paymentView(loaded.book, paymentId, billId) : null;
    return reply(201, { payment, bill: shownBill(loaded, billId, caller, needs) });
  };
  return {
    run: ({ path: { billId }, body, caller, once, ifMatch }) =>
      decideAnew(async () => {
        const loaded = await once.beside(loadBillFor(caller, billId));
        // A platform's payouts are the office's, as the choice of a platform is (clarification 42).
        if (recordOf(loaded, billId).head.responsibility === 'external') officeOnly(caller);
        checkVersion(loaded, billId, ifMatch);
        const act = actOf(caller, needs);
        const paymentId = needs.newId('pay');
        const payment = factsOf(loaded, paymentId, { billId, body, at: act.at });
        const postedOn = localDate(payment.paidAt, caller.timeZone);
        const { lines, remainder } = body;
        const movement = payInsurer(loaded.book, { billId, payment, postedOn, ...given({ lines, remainder }) }, act);
        const writes = once.record(201, { billId, paymentId });
        return answer(await commit(loaded, movement, { writes, newId: needs.newId }), billId, paymentId, caller);
      }),
    replay: async ({ ids: { billId = '', paymentId = '' } }, { caller }) =>
      answer(await loadBillFor(caller, billId), billId, paymentId, caller),
  };
};

function factsOf(
  loaded: Loaded,
  paymentId: string,
  { billId, body, at }: { billId: string; body: In['body']; at: PaymentFacts['paidAt'] },
): PaymentFacts {
  const { clientId, responsibility } = recordOf(loaded, billId).head;
  const paidAt = body.paidAt === undefined ? at : instant(body.paidAt);
  if (paidAt > at) throw new Problem('paid_at_in_future');
  const { notes, reference } = body;
  return {
    paymentId,
    clientId,
    payer: responsibility === 'external' ? 'external' : 'insurer',
    type: 'other',
    amountCents: cents(body.amountCents),
    paidAt,
    ...given({ notes, reference }),
  };
}

export const handler = serve(addInsurancePaymentRow, addInsurancePayment());
