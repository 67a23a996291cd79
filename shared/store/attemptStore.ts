import { type AttemptHome, homeOfAttempt, isLeftToStaff, isUnderWay } from '../domain/attempt';
import type { Attention } from '../domain/attention';
import type { Attempt, BillHead } from '../domain/billRecord';
import type { Movement } from '../domain/book';
import { invariant } from '../domain/invariant';
import type { Practice } from '../domain/practice';
import { idFrom } from '../ids';
import type { Needs } from '../needs';
import { attentionStore } from './attentionStore';
import { attemptWrite, commit, type Loaded, loadBillMoney, loadClientMoney, recordOf, reservedBy } from './billStore';
import { practiceOf } from './cardStore';
import type { Write } from './kernel';

/** Which attempt, where: with its bill, or with the client for money that has no bill. */
export interface AttemptAt {
  readonly practiceId: string;
  readonly home: AttemptHome;
  readonly attemptId: string;
}

/** All that is needed to decide on an attempt of this place. */
export const loadHome = (practiceId: string, { kind, id }: AttemptHome): Promise<Loaded> =>
  kind === 'bill' ? loadBillMoney(practiceId, id) : loadClientMoney(practiceId, id);

const attemptsAt = (loaded: Loaded, { kind, id }: AttemptHome): readonly Attempt[] =>
  kind === 'bill' ? recordOf(loaded, id).attempts : loaded.clientAttempts;

export const attemptOf = (loaded: Loaded, { home, attemptId }: Omit<AttemptAt, 'practiceId'>): Attempt | undefined =>
  attemptsAt(loaded, home).find(attempt => attempt.attemptId === attemptId);

/** What was loaded, with this attempt in place, new or changed: what a commit answers must show it. */
function withAttempt(loaded: Loaded, attempt: Attempt): Loaded {
  const home = homeOfAttempt(attempt);
  const others = attemptsAt(loaded, home).filter(({ attemptId }) => attemptId !== attempt.attemptId);
  const attempts = [...others, attempt];
  if (home.kind === 'client') return { ...loaded, clientAttempts: attempts };
  const facts = loaded.book.bills.get(home.id);
  invariant(facts, `bill ${home.id} is in the book`);
  return {
    ...loaded,
    records: new Map([...loaded.records, [home.id, { ...recordOf(loaded, home.id), attempts }]]),
    book: {
      ...loaded.book,
      bills: new Map([...loaded.book.bills, [home.id, { ...facts, reservedCents: reservedBy(attempts) }]]),
    },
  };
}

/**
 * Writes an attempt with what it comes to, in one transaction: under the bill's revision, with what is reserved on it
 * then, so that two requests never promise the same money twice. `quiet`: only our bookkeeping changes.
 */
export async function commitAttempt(
  loaded: Loaded,
  attempt: Attempt,
  along: {
    readonly movement: Movement;
    readonly writes?: readonly Write[];
    readonly quiet?: boolean;
    /** Staff ended it: what they were told of the doubt is seen to by them, also when they had passed it over before. */
    readonly seenTo?: Pick<Attention, 'resolvedBy' | 'choice'>;
    readonly needs: Needs;
  },
): Promise<Loaded> {
  const { practiceId } = loaded;
  const { movement, needs } = along;
  const home = homeOfAttempt(attempt);
  const now = withAttempt(loaded, attempt);
  const told = await clearedDoubt(loaded, attempt, along.seenTo);
  const cleared = told && { ...told, resolvedAt: needs.clock.now(), choice: attempt.status, ...along.seenTo };
  const heads = new Map<string, Partial<BillHead>>();
  if (home.kind === 'bill') {
    const fewer = told && !told.resolvedAt ? { attention: attentionOf(loaded, movement, home.id) - 1 } : {};
    heads.set(home.id, { reservedCents: reservedBy(attemptsAt(now, home)), ...fewer });
  }
  return commit(now, movement, {
    heads,
    writes: [
      attemptWrite(practiceId, attempt),
      ...(cleared ? [attentionStore.replace(practiceId, cleared)] : []),
      ...(along.writes ?? []),
    ],
    keepVersion: along.quiet ?? false,
    newId: needs.newId,
  });
}

/** Where staff are told that nobody knows what became of an attempt. */
export const doubtId = (attemptId: string): string => idFrom('wrk', attemptId);

/** The truth about an attempt is known, or decided: what staff were told of the doubt, which is seen to with that. */
async function clearedDoubt(
  loaded: Loaded,
  after: Attempt,
  byStaff: object | undefined,
): Promise<Attention | undefined> {
  const { attemptId } = after;
  const before = attemptOf(loaded, { home: homeOfAttempt(after), attemptId });
  if (!before || !isLeftToStaff(before) || isUnderWay(after)) return undefined;
  const told = await attentionStore.find(loaded.practiceId, doubtId(attemptId));
  return told?.resolvedAt && !byStaff ? undefined : told;
}

const attentionOf = (loaded: Loaded, { attention }: Movement, billId: string): number =>
  recordOf(loaded, billId).head.attention + attention.filter(told => told.billId === billId).length;

type Told = Pick<Practice, 'timeZone' | 'currency'>;

/** What every bill's letterhead tells of the practice; a client's own account does not, so the practice is read. */
export const toldBy = async ({ records, practiceId }: Loaded): Promise<Told> => {
  const [record] = records.values();
  return record?.text.letterhead ?? practiceOf(practiceId);
};
export const zoneOf = async (loaded: Loaded): Promise<string> => (await toldBy(loaded)).timeZone;
