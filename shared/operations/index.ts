/** Every operation, for infra, docs and the one-machine cloud only: a handler imports its own row from its noun's file. */

import * as z from 'zod';
import * as attention from './attention';
import * as automation from './automation';
import * as bills from './bills';
import * as cards from './cards';
import * as catalogue from './catalogue';
import * as client from './client';
import * as clients from './clients';
import * as contacts from './contacts';
import * as credits from './credits';
import * as docs from './docs';
import * as documents from './documents';
import * as guest from './guest';
import * as imports from './imports';
import * as members from './members';
import * as objects from './objects';
import * as ownBills from './ownBills';
import * as payments from './payments';
import * as pending from './pending';
import * as policies from './policies';
import * as practice from './practice';
import * as reconciliation from './reconciliation';
import * as records from './records';
import type { Row } from './row';
import * as sessions from './sessions';
import * as settings from './settings';
import * as shares from './shares';
import * as statements from './statements';
import * as stripe from './stripe';
import * as superbills from './superbills';
import * as unmatched from './unmatched';
import * as webhooks from './webhooks';

export { workerRows } from './workers';

const nouns: readonly Readonly<Record<string, Row | z.ZodType>>[] = [
  practice,
  clients,
  contacts,
  documents,
  members,
  pending,
  policies,
  sessions,
  settings,
  catalogue,
  shares,
  guest,
  client,
  ownBills,
  attention,
  bills,
  statements,
  superbills,
  payments,
  credits,
  cards,
  stripe,
  automation,
  reconciliation,
  unmatched,
  webhooks,
  imports,
  docs,
];

const isRow = (exported: Row | z.ZodType): exported is Row => 'operation' in exported;

export const rows: readonly Row[] = nouns.flatMap(noun => Object.values(noun).filter(isRow));

const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** What answers are made of, for docs: the schemas that are exported as `…Object`, by name without that ending. */
export const objectSchemas: ReadonlyMap<string, z.ZodType> = new Map(
  [objects, records, ...nouns].flatMap(file =>
    Object.entries<unknown>(file).flatMap(([name, exported]) =>
      name.endsWith('Object') && exported instanceof z.ZodType
        ? [[titled(name.slice(0, -'Object'.length)), exported] as const]
        : [],
    ),
  ),
);

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
  statements: 'bills',
  superbills: 'bills',
  attention: 'bills',
  automation: 'sessions',
  payments: 'money',
  refunds: 'money',
  credits: 'money',
  cards: 'money',
  guest: 'money',
  client: 'money',
  stripe: 'money',
  reconciliation: 'money',
  unmatched: 'money',
  webhooks: 'money',
  docs: 'people',
};
