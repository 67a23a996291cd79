import { newBill, newSession, prepay } from '../fixtures/chart';
import {
  adjusting,
  billing,
  cancelling,
  cashPayment,
  creditPayment,
  importing,
  insurancePayment,
  refund,
  writingOff,
} from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, billAndCard, type Chart, openChart } from './harness/scenes';
import type { Outcome, Story } from './harness/story';
import type { Asking } from './harness/system';

/** One request that only the table takes part in: it is done once, or not at all, and who repeats sees it done. */
const once = <Ids extends Chart>(
  name: string,
  asking: (ids: Ids) => Asking,
  { prepare, done }: { prepare: Story<Ids>['prepare']; done: (outcome: Outcome) => number },
): Story<Ids> => ({
  name,
  prepare,
  play: async (_, person, ids) => {
    await person.ask(asking(ids));
  },
  wrongs: outcome => {
    const times = done(outcome);
    return [
      ...(times > 1 ? [`done ${times} times`] : []),
      ...(outcome.person.wasTold('done') && times === 0 ? ['told done, and it is not'] : []),
      ...(outcome.person.manner === 'repeats' && times === 0 ? ['not done, however often asked'] : []),
    ];
  },
});

const entriesOf =
  (kind: string) =>
  ({ ledger }: Outcome): number =>
    ledger.entries.filter(entry => entry.kind === kind).length;

const billed = () => billAndCard();

describe('with any one call to the table failing', () => {
  holds('cash is taken once', once('cash', cashPayment, { prepare: billed, done: entriesOf('payment_received') }));
  holds(
    'cash is given back once',
    once<Billed & { paymentId: string }>('cash-refund', ids => refund(ids, ids.paymentId, { amountCents: 5000 }), {
      prepare: async system => {
        const ids = await billAndCard();
        const { body } = await system.ask(cashPayment(ids));
        return { ...ids, paymentId: body.payment.paymentId };
      },
      done: entriesOf('refund_made'),
    }),
  );
  holds(
    'credit is spent once',
    once<Billed>('credit', ids => creditPayment(ids, 'credit', 6000), {
      prepare: async () => {
        const ids = await billAndCard();
        await prepay(ids.practice, ids.clientId, 6000);
        return ids;
      },
      done: entriesOf('payment_received'),
    }),
  );
  holds(
    'a discount is given once',
    once<Billed>('discount', ids => creditPayment(ids, 'discount', 1500), {
      prepare: billed,
      done: entriesOf('payment_received'),
    }),
  );
  holds(
    'a bill is adjusted once',
    once<Billed>('adjustment', ids => adjusting(ids, -2500), { prepare: billed, done: entriesOf('bill_adjusted') }),
  );
  holds(
    'a debt is written off once',
    once<Billed>('write-off', ids => writingOff(ids, 2500), { prepare: billed, done: entriesOf('written_off') }),
  );
  holds(
    'an insurer’s payment is taken once',
    once<Billed>('insurer', ids => insurancePayment(ids, 9000), {
      prepare: async () => {
        const chart = await openChart();
        const { insurer } = chart.practice;
        const more = { responsibility: 'insurance', payerId: insurer.payerId };
        const { billId } = await newBill(chart.practice, chart.clientId, more);
        return { ...chart, billId };
      },
      done: entriesOf('insurer_paid'),
    }),
  );
  holds(
    'a bill is cancelled once, its payment credit once',
    once<Billed>('cancel', cancelling, {
      prepare: async system => {
        const ids = await billAndCard();
        await system.ask(cashPayment(ids, 5000));
        return ids;
      },
      done: entriesOf('bill_cancelled'),
    }),
  );
  holds(
    'a bill is made once, its credit applied once',
    once<Chart & { sessionId: string }>('bill', ids => billing(ids, ids.sessionId), {
      prepare: async () => {
        const chart = await openChart();
        const { sessionId } = await newSession(chart.practice, chart.clientId, { status: 'completed' });
        await prepay(chart.practice, chart.clientId, 4000);
        return { ...chart, sessionId };
      },
      done: entriesOf('bill_issued'),
    }),
  );
});

const rows = 3;

const importSessions: Story<Chart> = {
  name: 'import',
  prepare: () => openChart(),
  play: async (_, person, ids) => {
    const { clientId, practice } = ids;
    const practitioner = practice.practitioner.memberId;
    const lines = Array.from(
      { length: rows },
      (_row, n) => `x${n},${clientId},${practitioner},2026-03-0${n + 2}T09:00,completed,90837:1:150.00`,
    );
    const csv = ['externalId,clientId,practitionerId,startsAt,status,services', ...lines].join('\n');
    await person.ask(importing(ids, csv));
  },
  wrongs: ({ ledger, person }) => {
    const sessions = ledger.items.filter(({ e }) => e === 'session').length;
    const imports = ledger.items.filter(({ e }) => e === 'import');
    const worked = imports.map(({ created, unchanged, failed, status }) =>
      [status, Number(created) + Number(unchanged), failed].join(),
    );
    return [
      ...(imports.length > 1 ? [`${imports.length} imports for one file`] : []),
      ...(sessions === imports.length * rows ? [] : [`${sessions} sessions of ${rows} rows`]),
      ...(worked.every(each => each === `done,${rows},0`) ? [] : [`the import ended as ${worked}`]),
      ...(person.manner === 'repeats' && imports.length === 0 ? ['not imported, however often asked'] : []),
    ];
  },
};

describe('an import with any one call failing', () => {
  holds('makes each session once', importSessions);
});
