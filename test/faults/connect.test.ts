import { platformId } from '../../local/stripe/desk';
import { reconciliationStore } from '../../shared/store/reconciliationStore';
import { practiceEntity, stripeAccountEntity } from '../../shared/store/table';
import { cardPayment, confirmingConnection, connecting } from './harness/asking';
import { holds } from './harness/hold';
import { type Billed, type Chart, connectedBill, noMoreNights, openChart } from './harness/scenes';
import { hour, type Outcome, type Story } from './harness/story';

interface Played {
  /** The owner finished Stripe's page. */
  readonly finished: boolean;
  /** The practice will be held against Stripe from the coming night on. */
  readonly nights: boolean;
}

interface Connecting extends Pick<Story<Chart>, 'faults'> {
  /** The admin comes back from Stripe's page; otherwise only an event tells. */
  readonly returns: boolean;
}

const connectingBy = (name: string, { returns, ...more }: Connecting): Story<Chart, Played> => ({
  name: `connect-${name}`,
  ...more,
  prepare: () => openChart({ status: 'not_connected' }),
  play: async (script, person, ids) => {
    const { body } = await person.ask(connecting(ids));
    const back = await script.step(({ stripe }) => body.url && stripe.onboard(body.url));
    if (returns) await script.step(({ stripe }) => stripe.loseEvents());
    const state = new URLSearchParams(back?.split('#')[1]).get('connected');
    if (returns && state) await person.ask(confirmingConnection(ids, state));
    await script.wait(hour);
    const nights = await script.step(async () => Boolean(await reconciliationStore.next(ids.practiceId)));
    await script.step(() => noMoreNights(ids));
    return { finished: Boolean(back), nights };
  },
  wrongs: outcome => connectionWrongs(outcome, returns),
});

/** One account, of this practice alone, that may be charged; or none that may, which whoever asked was told. */
function connectionWrongs({ system, ledger, person, played }: Outcome<Played>, returns: boolean): string[] {
  const [stripe] = ledger.items.filter(practiceEntity.is).map(item => practiceEntity.record(item).stripe);
  const claimed = ledger.items.filter(stripeAccountEntity.is).map(item => stripeAccountEntity.record(item).accountId);
  const open = system.stripe.accounts().filter(({ id, charges_enabled }) => id !== platformId && charges_enabled);
  const ready = stripe?.status === 'ready';
  const leaves = person.manner === 'leaves';
  const told = person.answersTo('confirmStripe').some(({ status, body }) => status === 200 && body.status === 'ready');
  return [
    ...(played.finished || leaves ? [] : ['no page was opened, however often asked']),
    ...(open.length === (played.finished ? 1 : 0) ? [] : [`${open.length} accounts may be charged`]),
    ...(claimed.join() === (stripe?.accountId ?? '') ? [] : [`claimed ${claimed}, connected ${stripe?.accountId}`]),
    ...(ready && open[0]?.id !== stripe.accountId ? [`connected ${stripe.accountId}, finished ${open[0]?.id}`] : []),
    ...(ready === played.finished || (returns && leaves) ? [] : [`finished ${played.finished}, and ${stripe?.status}`]),
    ...(told && !ready ? [`told ready, and it is ${stripe?.status}`] : []),
    ...(played.nights === ready ? [] : [`${stripe?.status}, and nights ${played.nights}`]),
  ];
}

const accountId = 'acct_1OakStreet';

/** One charge and one payment, or none and none, and nothing on another account. */
const connectedCharge: Story<Billed> = {
  name: 'connected-charge',
  events: 'late',
  faults: 'requests',
  prepare: system => connectedBill(system, accountId),
  play: async (_, person, ids) => {
    await person.ask(cardPayment(ids));
  },
  wrongs: ({ system, person }) => {
    const charges = system.stripe.books().filter(({ captured }) => captured > 0);
    const elsewhere = charges.filter(({ account }) => account !== accountId);
    return [
      ...elsewhere.map(({ account }) => `charged on ${account}`),
      ...(charges.length > 1 ? [`${charges.length} charges for one intent`] : []),
      ...(person.wasTold('done') && charges.length !== 1 ? ['told paid, and nothing is charged'] : []),
      ...(person.wasTold('refused') && charges.length !== 0 ? ['told refused, and charged'] : []),
    ];
  },
};

describe('a practice that connects its own Stripe account, with any one call failing,', () => {
  holds(
    'has one account when its admin comes back, though no event ever comes',
    connectingBy('back', { returns: true }),
  );
  holds('has one account when only an event tells', connectingBy('event', { returns: false, faults: 'effects' }));
  holds('charges on that account, once, and on no other', connectedCharge);
});
