import { setTimeout as wait } from 'node:timers/promises';
import type { Poller } from '../lambda/eventSources';
import type { LambdaServer } from '../lambda/lambdaServer';
import type { StandIns } from './standIns';

interface Working {
  readonly lambda: LambdaServer;
  readonly pollers: readonly Poller[];
  readonly standIns: StandIns;
}

/** When is everything done that can be done now, and when does more come due? */
export function settler({ lambda, pollers, standIns }: Working) {
  const isQuiet = () => lambda.running === 0 && pollers.every(({ isBusy }) => !isBusy);

  /** One thing may wake another, so all are asked again until one round finds nothing. */
  async function settle(): Promise<void> {
    for (let quietRounds = 0; quietRounds < 2; ) {
      await standIns.stripe.idle();
      await standIns.ses.feedbackTold();
      await Promise.all(pollers.map(poller => poller.idle()));
      if (!isQuiet()) await wait(2);
      else await new Promise(setImmediate);
      quietRounds = isQuiet() ? quietRounds + 1 : 0;
    }
  }

  function nextDue(): number | undefined {
    const times = [
      standIns.stripe.nextWebhookAt(),
      ...pollers.map(({ queue }) => standIns.sqs.queues.nextVisibleAt(queue)),
    ].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  return { settle, nextDue };
}
