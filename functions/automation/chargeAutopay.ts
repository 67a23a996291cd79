import { real } from '../../shared/needs';
import { stripeGateway } from '../../shared/stripe/stripeGateway';
import { chargeBills } from '../../shared/work/automation/chargeBills';
import { doPart } from '../../shared/work/automation/doPart';
import { lists } from '../../shared/work/automation/lists';
import { workQueue } from '../../shared/work/queueDoor';
import { workQueues } from '../../shared/work/queues';

const engine = {
  ...real,
  queues: workQueues,
  lists,
  performs: { autopay: chargeBills({ needs: real, gateway: stripeGateway }) },
};

/** AutoPay at the pace that Stripe allows, in a queue of its own: no event waits behind a night's charges. */
export const handler = workQueue('chargeAutopay', { CHARGES: item => doPart(item, engine) });
