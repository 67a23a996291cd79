import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { encodeTime } from 'ulid';
import { handler as chargeAutopay } from '../../../functions/automation/chargeAutopay';
import { handler as doDueWork } from '../../../functions/automation/doDueWork';
import { handler as followStripe } from '../../../functions/automation/followStripe';
import { handler as reconcileStripe } from '../../../functions/automation/reconcileStripe';
import { receiveStripeEvent } from '../../../functions/webhooks/receiveStripeEvent';
import type { Engine } from '../../../local/aws/dynamodb/engine';
import { MemoryLevel } from '../../../local/aws/dynamodb/memoryLevel';
import { indexPrefix, itemPrefix } from '../../../local/aws/dynamodb/stagedWrites';
import type { Books } from '../../../local/stripe/books';
import type { KeptEvent } from '../../../local/stripe/model';
import { clock } from '../../../shared/clock';
import type { QueueName } from '../../../shared/config';
import type { OutgoingMail } from '../../../shared/email/mailer';
import { serve } from '../../../shared/http/serve';
import { useUlids } from '../../../shared/ids';
import { real } from '../../../shared/needs';
import type { Row } from '../../../shared/operations/row';
import { receiveStripeEventRow } from '../../../shared/operations/webhooks';
import { sweepDueWork } from '../../../shared/work/dueWork';
import type { MailNeeds } from '../../../shared/work/mailNeeds';
import { workQueue } from '../../../shared/work/queueDoor';
import type { WorkQueues } from '../../../shared/work/queues';
import { sendNotice } from '../../../shared/work/sendNotice';
import { sendShare } from '../../../shared/work/sendShare';
import { MailService } from '../../fakes/mailService';
import { MemoryDocuments } from '../../fakes/memoryDocuments';
import { type Answered, type Asked, ask } from '../../fixtures/apiEvent';
import { TABLE } from '../../fixtures/store';
import { connectClients, NextFault, openEngine, useServices } from './aws';
import { Life } from './life';
import { type Held, Queues } from './queues';
import { StripeInProcess, type StripePost } from './stripe';
import { time } from './time';
import { type Call, type Fate, type Sending, type Ways, Wire } from './wire';

/** Where everything stands between two invocations: the table, Stripe, queues, mail, the time; and how it came there. */
export interface Scene {
  readonly contents: MemoryLevel;
  readonly books: Books;
  readonly queues: Held;
  readonly mails: readonly OutgoingMail[];
  readonly events: Events;
  readonly at: number;
  readonly calls: readonly Call[];
  /** How many ids were drawn. */
  readonly ids: number;
}

/** When Stripe's events come: at once, once everything else is quiet, or not for now. */
type Events = 'at once' | 'last' | 'held';

type StoredItem = Readonly<Record<string, AttributeValue>>;

export interface Asking {
  readonly row: Row;
  readonly handler: Parameters<typeof ask>[0];
  readonly asked: Asked;
}

/** The gateway's own answer when a function died. */
const died: Answered = { status: 500, headers: {}, body: { message: 'Internal Server Error' } };

const minute = 60_000;
/** Stripe waits as long for our endpoint, and as long for a first answer. */
const stripePatience = 20_000;

let queuesOfFile: WorkQueues | undefined;

/** The deployed system of one schedule: real handlers and workers on stand-ins in this process, every call over the wire. */
export class System {
  readonly mail: MailService;
  readonly queues: Queues;
  readonly wire: Wire;
  readonly stripe: StripeInProcess;
  readonly #work: Readonly<Record<QueueName, ReturnType<typeof workQueue>>>;
  readonly #queues: WorkQueues;
  events: Events;
  #ids: number;
  /** Told whenever no function runs, and until when everybody waits. */
  rests: (until: number) => void = () => undefined;

  private constructor(
    readonly engine: Engine,
    { faults, fate, scene }: { faults: NextFault; fate: Fate; scene: Scene | undefined },
  ) {
    queuesOfFile ??= connectClients();
    this.#queues = queuesOfFile;
    this.mail = new MailService(scene?.mails);
    this.events = scene?.events ?? 'at once';
    this.#ids = scene?.ids ?? 0;
    useUlids(at => encodeTime(at) + String(this.#drawn()).padStart(16, '0'));
    this.queues = new Queues(faults, scene?.queues);
    this.wire = new Wire(fate, () => this.#whatFollows(), scene?.calls);
    useServices({ wire: this.wire, engine, faults, queues: this.queues });
    this.stripe = new StripeInProcess({
      faults,
      ...(scene ? { books: scene.books } : {}),
      door: (request, pass) => this.#throughDoor(stripeSending(request), stripeWays(pass, faults)),
    });
    const needs: MailNeeds = {
      ...real,
      mailer: this.mail,
      linkKey: async () => 'key of the links in tests',
      billPdf: async () => ({ key: 'kept', bytes: Buffer.from('%PDF-'), filename: 'Bill.pdf' }),
      sharedPdf: async () => ({ key: 'kept', bytes: Buffer.from('%PDF-'), filename: 'Document.pdf' }),
      files: new MemoryDocuments(),
    };
    this.#work = {
      stripe: followStripe,
      reconciliation: reconcileStripe,
      charges: chargeAutopay,
      work: doDueWork,
      mail: workQueue('sendDueMail', {
        SHARE: due => sendShare(due, needs),
        NOTICE: due => sendNotice(due, needs),
      }),
    };
  }

  #throughDoor<T>(sending: Sending, ways: Ways<T>): Promise<T> {
    const life = Life.current();
    if (!life) return ways.pass();
    return life.call(() => this.wire.befall(life, this.wire.begin(sending, life), ways));
  }

  static async open(scene?: Scene, fate: Fate = () => undefined): Promise<System> {
    process.env.PUBLIC_URL = 'https://bills.example.com';
    const faults = new NextFault();
    const engine = await openEngine(faults, scene?.contents);
    if (scene) time.set(scene.at);
    return new System(engine, { faults, fate, scene });
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** Everything in the table, as stored. */
  rows(): readonly StoredItem[] {
    return this.engine.contents.values(itemPrefix(TABLE)) as readonly StoredItem[];
  }

  /** To be taken only while no function runs. */
  scene(): Scene {
    return {
      contents: new MemoryLevel(this.engine.contents),
      books: this.stripe.world.books.copy(),
      queues: this.queues.held,
      mails: [...this.mail.taken],
      events: this.events,
      at: time.now(),
      calls: [...this.calls],
      ids: this.#ids,
    };
  }

  /** The same ids for the same schedule, in the order in which they were drawn. */
  #drawn(): number {
    this.#ids += 1;
    return this.#ids;
  }

  get calls(): readonly Call[] {
    return this.wire.calls;
  }

  /** One request to a deployed function. */
  async ask({ row, handler, asked }: Asking): Promise<Answered> {
    const answer = await new Life(row.operation).live(() => ask(handler, row, asked));
    return answer === 'crashed' ? died : answer;
  }

  /** Stripe posts this event now, and what its worker has to do is done. */
  async hears(event: KeptEvent): Promise<Answered> {
    const answer = await this.ask(eventAsking(this.stripe.post(event), this.#queues));
    while (await this.#workOff()) {
      // Until its worker has nothing left to do.
    }
    return answer;
  }

  /** Goes on by itself until nothing is left to do, or until this instant; answers whether it is quiet. */
  async goOn(until: number): Promise<boolean> {
    for (;;) {
      await this.#doWhatIsDue(until);
      const next = await this.#nextAt();
      if (next === undefined) return true;
      if (next > until) {
        time.set(Math.max(time.now(), until));
        return false;
      }
      time.set(Math.max(time.now(), next));
    }
  }

  async #doWhatIsDue(until: number): Promise<void> {
    this.stripe.settleDue();
    while ((await this.#deliver(this.events === 'at once')) || (await this.#workOff()) || (await this.#sweep())) {
      // Each round does one thing that is due.
      this.rests(until);
    }
  }

  /** What an effect at Stripe brings about at once: its events, and what their workers do. */
  async #whatFollows(): Promise<void> {
    while ((await this.#deliver(this.events !== 'held')) || (await this.#workOff())) {
      // Until nothing follows any more.
    }
  }

  /** When something is due next. Events that come last are due once nothing else is. */
  async #nextAt(): Promise<number | undefined> {
    const due = [this.queues.nextAt(), this.#dueAt(), this.stripe.nextAt(this.events === 'at once')];
    const known = due.filter(at => at !== undefined);
    if (known.length > 0) return Math.min(...known);
    if (this.events !== 'last' || this.stripe.posts().length === 0) return undefined;
    this.events = 'at once';
    return time.now();
  }

  /** Looked up past the engine, whose queries would be most of a schedule's time. */
  #dueAt(): number | undefined {
    const pointers = this.engine.contents.values(indexPrefix('global', TABLE, 'pointers')) as readonly StoredItem[];
    const first = pointers.find(({ dpk }) => dpk?.S === 'DUE#0');
    const [at = ''] = String(first?.dsk?.S ?? '').split('#');
    return first && Date.parse(at);
  }

  async #deliver(allowed: boolean): Promise<boolean> {
    const [post] = allowed ? this.stripe.posts() : [];
    if (!post) return false;
    const { status } = await this.ask(eventAsking(post, this.#queues));
    this.stripe.delivered(post.deliveryId, status === 200 ? undefined : time.now() + minute);
    return true;
  }

  async #workOff(): Promise<boolean> {
    const message = this.queues.receive();
    if (!message) return false;
    const { messageId, body, queue } = message;
    const Records = [{ messageId, body }];
    const answer = await new Life(`worker of ${queue}`).live(() => this.#work[queue]({ Records } as never));
    const good = answer !== 'crashed' && answer.batchItemFailures.length === 0;
    if (good) this.queues.done(message);
    else this.queues.failed(message);
    return true;
  }

  async #sweep(): Promise<boolean> {
    const due = this.#dueAt();
    if (due === undefined || due > time.now()) return false;
    const needs = { clock, queues: this.#queues, shards: () => 1 };
    // A sweep that fails or dies is followed by the next minute's.
    const swept = await new Life('sweepDueWork').live(() => sweepDueWork(needs)).catch(() => undefined);
    if (swept === undefined || swept === 'crashed') time.advance(minute);
    return true;
  }
}

const eventAsking = ({ body, headers }: Omit<StripePost, 'deliveryId'>, queues: WorkQueues): Asking => ({
  row: receiveStripeEventRow,
  handler: serve(receiveStripeEventRow, receiveStripeEvent(real, queues)),
  asked: { raw: body, headers },
});

const stripeSending = (request: { method: string; path: string; headers: Readonly<Record<string, string>> }) => {
  const { method, path, headers } = request;
  const [plain = ''] = path.split('?');
  const key = headers['idempotency-key'];
  return {
    service: 'stripe' as const,
    operation: `${method} ${plain.replaceAll(/_[A-Za-z0-9]{10,}/g, '_…')}`,
    reads: method === 'GET',
    repeatOf: key === undefined ? undefined : `${path} ${key}`,
  };
};

const stripeWays = <T>(pass: () => Promise<T>, faults: NextFault): Ways<T> => ({
  pass,
  patience: stripePatience,
  throttle: () => faults.under({ service: 'stripe', when: 'before', error: 'throttle' }, pass),
  break: when => faults.under({ service: 'stripe', when, error: '500' }, pass),
});
