import { addDays, calendarDate, instantOfLocal } from '../../shared/domain/calendar';
import { given } from '../../shared/domain/given';
import { Problem } from '../../shared/domain/problem';
import { isUnderWay, newReconciliation } from '../../shared/domain/reconciliation';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { startReconciliationRow } from '../../shared/operations/reconciliation';
import { remember } from '../../shared/store/changes';
import { decideAnew, transact } from '../../shared/store/kernel';
import { practiceStore } from '../../shared/store/practiceStore';
import { reconciliationStore } from '../../shared/store/reconciliationStore';
import { mayReconcile } from '../../shared/store/stripeAccountStore';
import { reconciliationView } from '../../shared/views/reconciliationView';

/** Begins one by hand; while one is under way, that one is answered. The worker does it. */
export const startReconciliation = (needs = real): Operation<typeof startReconciliationRow> => ({
  run: ({ caller: { practiceId, memberId }, body, once }) =>
    decideAnew(async () => {
      const [practice, latest] = await once.beside(
        Promise.all([practiceStore.load(practiceId), reconciliationStore.latest(practiceId)]),
      );
      if (!(await mayReconcile(practice))) throw new Problem('stripe_not_connected');
      if (latest && isUnderWay(latest, practice)) {
        // Kept as well: a repeat is told of the same run, also when that one is done by then.
        await remember(once.record(202, { reconciliationId: latest.reconciliationId }));
        return reply(202, reconciliationView(latest));
      }
      const { timeZone } = practice;
      const mark = await reconciliationStore.mark(practiceId, practice.stripe.accountId);
      const run = newReconciliation(practice, mark, {
        reconciliationId: needs.newId('rec'),
        trigger: 'manual',
        by: memberId,
        now: needs.clock.now(),
        ...given({
          from: body.from === undefined ? undefined : instantOfLocal(calendarDate(body.from), '00:00', timeZone),
          to: body.to === undefined ? undefined : instantOfLocal(addDays(calendarDate(body.to), 1), '00:00', timeZone),
        }),
      });
      const { reconciliationId } = run;
      await transact([reconciliationStore.begin(practiceId, run), ...once.record(202, { reconciliationId })]);
      return reply(202, reconciliationView(run));
    }),
  replay: async ({ ids: { reconciliationId = '' } }, { caller }) =>
    reply(202, reconciliationView(await reconciliationStore.load(caller.practiceId, reconciliationId))),
});

export const handler = serve(startReconciliationRow, startReconciliation());
