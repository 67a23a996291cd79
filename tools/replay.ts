/**
 * `npm run replay -- --queue stripe [--deployed]`: sends what failed for good back to the queue that it came from, once its
 * cause is mended. Of the system of `npm start`, or of the deployed one, with the credentials of somebody who may move
 * messages. Work that was done meanwhile is found done: a replay twice, or late, is harmless.
 */
import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { config, type QueueName, queueVariables } from '../shared/config';
import { replayDeadLetters } from './deadLetters';
import { PlainProblem, reachSystem, runProgram } from './reach';

const { queue: wanted = '', deployed = false } = parseArgs({
  options: { queue: { type: 'string' }, deployed: { type: 'boolean' } },
}).values;

const isQueue = (name: string): name is QueueName => Object.hasOwn(queueVariables, name);

runProgram(async () => {
  if (!isQueue(wanted)) throw new PlainProblem(`--queue is one of ${Object.keys(queueVariables).join(', ')}.`);
  await reachSystem({ deployed });
  const moved = await replayDeadLetters(new SQSClient({}), config.queueUrl(wanted));
  console.log(moved === 0 ? `No dead letter of ${wanted} waits.` : `${moved} dead letters go back to ${wanted}.`);
  return 0;
});
