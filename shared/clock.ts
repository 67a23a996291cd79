import { type Instant, instant } from './domain/calendar';

/** The only place that tells the time. */
export interface Clock {
  now(): Instant;
}

export const clock: Clock = { now: () => instant(new Date()) };
