import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs: ids, codes and counts only. Never a name, an address, a note, or a body (`domain.md` rule 68). */
export const logger = new Logger({ serviceName: 'practice-billing' });
