import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';
import { type Timing, timingOf } from './expression';

export interface Schedule {
  readonly name: string;
  readonly timing: Timing;
  readonly functionArn: string;
  /** The event for one time of it. */
  event(at: number): unknown;
}

interface ScheduleProperties {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly Target: { readonly Arn: string; readonly Input?: string };
}

const secondsOnly = (at: number) => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

function eventOf(input: string | undefined, at: number): unknown {
  if (input === undefined) return {};
  const text = input.replaceAll('<aws.scheduler.scheduled-time>', secondsOnly(at));
  const unknown = /<aws\.scheduler\.[^>]+>/.exec(text)?.[0];
  if (unknown !== undefined) throw new NotUnderstood(`${unknown} in the input of a schedule`);
  return JSON.parse(text) as unknown;
}

export function readSchedules(template: Template): Schedule[] {
  return template
    .all<ScheduleProperties>('AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ name, properties }) => {
      const { ScheduleExpression, ScheduleExpressionTimezone, Target } = properties;
      if (!Target.Arn.startsWith('arn:aws:lambda:'))
        throw new NotUnderstood(`the target ${Target.Arn} of schedule ${name}`);
      return {
        name,
        timing: timingOf(ScheduleExpression, ScheduleExpressionTimezone),
        functionArn: Target.Arn,
        event: at => eventOf(Target.Input, at),
      };
    });
}
