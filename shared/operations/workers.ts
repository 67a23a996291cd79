import type { QueueName } from '../config';
import type { Use } from './row';

/** A function that no route calls: a schedule, a queue, the platform's events, or the gateway's question who calls. */
export interface WorkerRow {
  /** The handler's name: `functions/<folder>/<name>.ts`. */
  readonly name: string;
  readonly folder: 'access' | 'automation' | 'webhooks';
  readonly summary: string;
  readonly trigger:
    | { readonly kind: 'authorizer' }
    | { readonly kind: 'schedule'; readonly expression: string }
    | {
        readonly kind: 'queue';
        readonly queue: QueueName;
        readonly maxConcurrency: number;
        /** One where a single message may take most of the worker's time: those behind it would never be reached. */
        readonly batchSize: number;
      }
    | { readonly kind: 'mailEvents' };
  readonly uses: readonly Use[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

export const workerRows = [
  {
    name: 'authorizeCaller',
    folder: 'access',
    summary: 'Tells the gateway who calls: staff, guest or client, or why not',
    trigger: { kind: 'authorizer' },
    // It keeps a client's session awake.
    uses: ['table:read', 'table:write'],
    timeoutSeconds: 10,
    memoryMb: 512,
  },
  {
    name: 'sweepDueWork',
    folder: 'automation',
    summary: 'Every minute: leases what is due and puts it on the queue of its outside limit',
    trigger: { kind: 'schedule', expression: 'rate(1 minute)' },
    uses: ['table:read', 'table:write', 'mailQueue', 'stripeQueue', 'chargesQueue', 'reconciliationQueue', 'workQueue'],
    timeoutSeconds: 50,
    memoryMb: 512,
  },
  {
    name: 'sendDueMail',
    folder: 'automation',
    summary: 'Sends the mails of due shares, notices and sign-ins, each once',
    trigger: { kind: 'queue', queue: 'mail', maxConcurrency: 5, batchSize: 10 },
    uses: ['table:read', 'table:write', 'documents:read', 'documents:write', 'linkKey', 'mail'],
    timeoutSeconds: 60,
    memoryMb: 1024,
  },
  {
    name: 'followStripe',
    folder: 'automation',
    summary: 'Brings a charge into the ledger: webhooks, recovery of attempts, closing of hosted pages',
    trigger: { kind: 'queue', queue: 'stripe', maxConcurrency: 5, batchSize: 1 },
    uses: ['table:read', 'table:write', 'stripe'],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  {
    name: 'reconcileStripe',
    folder: 'automation',
    summary: 'Holds a practice’s ledger against its Stripe account, page by page, apart from the events that wait',
    trigger: { kind: 'queue', queue: 'reconciliation', maxConcurrency: 2, batchSize: 1 },
    uses: ['table:read', 'table:write', 'stripe'],
    timeoutSeconds: 180,
    memoryMb: 512,
  },
  {
    name: 'chargeAutopay',
    folder: 'automation',
    summary: 'AutoPay: charges the cards of a night, bill after bill, at the pace that Stripe allows',
    trigger: { kind: 'queue', queue: 'charges', maxConcurrency: 5, batchSize: 1 },
    uses: ['table:read', 'table:write', 'stripe', 'chargesQueue'],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  {
    name: 'doDueWork',
    folder: 'automation',
    summary: 'Imports, page by page, the nights of practices, and other work without an outside limit',
    trigger: { kind: 'queue', queue: 'work', maxConcurrency: 10, batchSize: 1 },
    uses: ['table:read', 'table:write', 'documents:read', 'documents:write', 'workQueue', 'chargesQueue'],
    timeoutSeconds: 60,
    memoryMb: 512,
  },
  {
    name: 'receiveEmailFeedback',
    folder: 'webhooks',
    summary: 'Deliveries, bounces and complaints come back to the share they belong to',
    trigger: { kind: 'mailEvents' },
    uses: ['table:read', 'table:write'],
    timeoutSeconds: 30,
    memoryMb: 512,
  },
] as const satisfies readonly WorkerRow[];
