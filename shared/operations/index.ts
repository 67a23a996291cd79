/** Every operation, for infra, docs and the one-machine cloud only: a handler imports its own row from its noun's file. */
import * as practice from './practice';
import type { Row } from './row';

export { workerRows } from './workers';

const nouns: readonly Readonly<Record<string, Row>>[] = [practice];

export const rows: readonly Row[] = nouns.flatMap(noun => Object.values(noun));

/** Which operation stack a noun lives in: written down and never moved, since a route made twice fails a deploy. */
export const stackOfNoun: Readonly<Record<string, 'people' | 'sessions' | 'bills' | 'money'>> = {
  practice: 'people',
  settings: 'people',
  catalogue: 'people',
  members: 'people',
  clients: 'people',
  contacts: 'people',
  policies: 'people',
  sessions: 'sessions',
  imports: 'sessions',
  pending: 'sessions',
  documents: 'sessions',
  bills: 'bills',
  shares: 'bills',
  attention: 'bills',
  payments: 'money',
  refunds: 'money',
  credits: 'money',
  cards: 'money',
  guest: 'money',
  webhooks: 'money',
  docs: 'people',
};
