import { zeroCents } from './money';
import type { Service } from './practice';

type Starter = Pick<Service, 'code' | 'name' | 'description' | 'durationMinutes' | 'unitBilling'>;

const starter = (code: string, name: string, durationMinutes: number | undefined, unitBilling = false): Starter => ({
  code,
  name,
  description: name,
  unitBilling,
  ...(durationMinutes === undefined ? {} : { durationMinutes }),
});

/** Codes that most therapy practices bill, described in words of our own (`domain.md` 2.12). */
const starters: readonly Starter[] = [
  starter('90791', 'Initial diagnostic evaluation', 60),
  starter('90792', 'Initial diagnostic evaluation with medical services', 60),
  starter('90832', 'Individual therapy, 30 minutes', 30),
  starter('90834', 'Individual therapy, 45 minutes', 45),
  starter('90837', 'Individual therapy, 60 minutes', 60),
  starter('90839', 'Crisis therapy, first hour', 60),
  starter('90840', 'Crisis therapy, each further half hour', 30, true),
  starter('90846', 'Family therapy without the client', 50),
  starter('90847', 'Family or couples therapy with the client', 50),
  starter('90853', 'Group therapy', 90),
  starter('96130', 'Psychological test evaluation, first hour', 60),
  starter('96131', 'Psychological test evaluation, each further hour', 60, true),
  starter('96136', 'Test administration and scoring, first half hour', 30),
  starter('96137', 'Test administration and scoring, each further half hour', 30, true),
  starter('99404', 'Preventive counselling', 60),
];

/** Those whose code the practice has not got yet; prices are for the practice to set. */
export const missingStarters = (known: readonly Pick<Service, 'code'>[]): Omit<Service, 'serviceId'>[] =>
  starters
    .filter(({ code }) => !known.some(service => service.code === code))
    .map(service => ({ ...service, kind: 'cpt', priceCents: zeroCents, active: true }));

export const starterCount = starters.length;
