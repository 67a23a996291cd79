import { randomInt } from 'node:crypto';

/** Six digits, drawn evenly: the bill's access code. */
export const newAccessCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0');
