import { createHash } from 'node:crypto';

/** An address as it is kept beside its records: nobody reads it back, anybody who has it finds it again. */
export const addressHash = (email: string): string =>
  createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
