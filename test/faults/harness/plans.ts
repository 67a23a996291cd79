import { createHash } from 'node:crypto';
import type { Life } from './life';
import { type Moment, momentBefore, type Plan, type Run, type Schedule } from './schedules';
import type { Struck } from './story';
import { type Call, type FaultKind, faultsOf, kinds } from './wire';

const plan = (...faults: readonly (readonly [number, FaultKind])[]): Plan => new Map(faults);

/** Everything that may befall each call; without `FULL=1` only those that may differ, as the story chooses. */
export function* plansOfOne(clean: Run, struck: Struck | undefined): Generator<Plan> {
  const all = process.env.FULL && struck !== 'none';
  const calls = all ? clean.calls : chosen(clean, struck);
  for (const call of calls)
    for (const kind of all ? faultsOf(call) : befalling(call, struck)) yield plan([call.index, kind]);
}

/** Of effects: to die before one is to die after the one before, and what the SDK repeats by itself is no matter. */
const differing: readonly FaultKind[] = ['throttle', 'crash-after', 'silence-after'];
const befalling = (call: Call, struck: Struck | undefined): readonly FaultKind[] =>
  struck === 'effects' ? faultsOf(call).filter(kind => !call.reads && differing.includes(kind)) : faultsOf(call);

function chosen({ calls, untilDone }: Run, struck: Struck | undefined): readonly Call[] {
  if (struck === 'none') return [];
  if (struck === 'requests') return unlike(calls.slice(0, untilDone));
  return unlike(struck === 'what follows' ? calls.slice(untilDone) : calls);
}

/** A schedule of one fault, and how it went. */
export interface Single {
  readonly plan: Plan;
  readonly run: Run;
}

/** A schedule, and the last moment before its second fault in a run told before. */
interface GoesOn {
  readonly schedule: Schedule;
  readonly from: Moment | undefined;
}

/**
 * A second fault at every later call of each run that the first one changed: what it brought about (repeats, recovery) is
 * where the second strikes. Where a run joined another one its calls end; from there on the other one's pairs are its own.
 */
export function* plansOfTwo(singles: readonly Single[], clean: Run, struck: Struck | undefined): Generator<GoesOn> {
  const first = new Set(chosen(clean, struck).map(({ index }) => index));
  for (const { plan: single, run } of singles) {
    const [[index, kind] = [0, 'twice'] as const] = single;
    const struckFirst = clean.calls[index];
    if (!first.has(index) || !struckFirst || !befalling(struckFirst, struck).includes(kind)) continue;
    for (const call of unlike(run.calls.filter(later => later.index > index)))
      for (const then of befalling(call, struck)) {
        const from = momentBefore(run.moments, call.index) ?? momentBefore(clean.moments, index);
        yield { schedule: { manner: 'repeats', plan: plan([index, kind], [call.index, then]) }, from };
      }
  }
}

/** Schedules of one to four faults anywhere; the same ones for the same story and seed. */
export function* plansDrawn(
  { calls }: Run,
  { story, seed, count }: { story: string; seed: string; count: number },
): Generator<Schedule> {
  for (let n = 0; n < count; n += 1) {
    const draw = (what: string, below: number): number => numberOf(`${seed} ${story} ${n} ${what}`) % below;
    const faults = Array.from({ length: 1 + draw('faults', 4) }, (_, fault): [number, FaultKind] => {
      // What faults bring about makes a telling longer than the one without.
      const index = draw(`call of ${fault}`, calls.length * 2);
      return [index, kinds[draw(`kind of ${fault}`, kinds.length)] ?? 'twice'];
    });
    const manner = draw('manner', 4) === 0 ? 'leaves' : 'repeats';
    yield { manner, plan: plan(...faults.sort(([a], [b]) => a - b)) };
  }
}

const numberOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE();

/** Without the calls of invocations that do the same, call by call, as an earlier one: Stripe tells most things thrice. */
function unlike(calls: readonly Call[]): readonly Call[] {
  const lives = new Map<Life, Call[]>();
  for (const call of calls) lives.set(call.by, [...(lives.get(call.by) ?? []), call]);
  const first = new Map<string, Call[]>();
  for (const [{ name }, made] of lives) {
    const does = `${name}: ${made.map(({ operation }) => operation).join()}`;
    if (!first.has(does)) first.set(does, made);
  }
  return [...first.values()].flat();
}
