import type { Practice } from '../domain/practice';

/** A practice as the contract shows it. */
export const shownPractice = (practice: Practice) => ({ ...practice, logo: practice.logo ?? null });
