import { availableParallelism } from 'node:os';
import { readEventRules, sendEvent } from '../lambda/eventRules';
import { type Mapping, Poller, readMappings } from '../lambda/eventSources';
import type { LambdaServer } from '../lambda/lambdaServer';
import type { MovedClock } from '../schedule/movedClock';
import { readSchedules } from '../schedule/schedules';
import { Timekeeper } from '../schedule/timekeeper';
import type { Closing } from './closing';
import type { Deployed } from './deployed';
import type { KeptValue } from './keptValue';
import { publishedFeedback } from './mailFeedback';
import { settler } from './settle';
import type { StandIns } from './standIns';

/** What wakes functions by themselves: queues, mail events, schedules. */
export interface Work {
  readonly timekeeper: Timekeeper;
  settle(): Promise<void>;
}

interface WorkNeeds {
  readonly deployed: Deployed;
  readonly standIns: StandIns;
  readonly lambda: LambdaServer;
  readonly clock: MovedClock;
  readonly firedUpTo: KeptValue<number>;
  readonly closing: Closing;
}

export function startWork(needs: WorkNeeds): Work {
  const { deployed, standIns, lambda, clock, firedUpTo, closing } = needs;
  const { template } = deployed;
  const invoke = (called: string, event: unknown) => lambda.invoke(called, event);
  const pollers = startPollers(needs);
  for (const poller of pollers) closing.add(poller);
  const rules = readEventRules(template);
  const isPublished = publishedFeedback(template);
  standIns.ses.onFeedback(event => (isPublished(event) ? sendEvent(rules, event, invoke) : undefined));
  const { settle, nextDue } = settler({ lambda, pollers, standIns });
  const schedules = readSchedules(template);
  const timekeeper = closing.add(new Timekeeper({ clock, schedules, firedUpTo, invoke, settle, nextDue }));
  return { timekeeper, settle };
}

/** Batches of a queue at a time: every one more would start an environment only for it to wait for a processor. */
const mostAtOnce = Math.max(2, availableParallelism());

function startPollers({ deployed, standIns, lambda }: WorkNeeds): Poller[] {
  const { template, checkAccess } = deployed;
  const { queues } = standIns.sqs;
  const invoke = (functionArn: string, event: unknown) => lambda.invoke(functionArn, event);
  const demandRights = ({ functionArn, queueArn }: Mapping) => {
    const accessKeyId = lambda.find(functionArn)?.name ?? '';
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
      checkAccess(accessKeyId, action, queueArn);
  };
  const mappings = readMappings(template, called => lambda.find(called)?.arn);
  return mappings.map(mapping => new Poller({ mapping, mostAtOnce, queues, invoke, demandRights }));
}
