import * as z from 'zod';
import { everyRole, row } from './row';

export const getPracticeRow = row({
  operation: 'getPractice',
  noun: 'practice',
  summary: 'The practice of the caller',
  method: 'GET',
  path: '/practice',
  auth: 'staff',
  roles: everyRole,
  answers: { 200: z.object({ practiceId: z.string(), name: z.string() }) },
  uses: ['table:read'],
});
