import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ImportedRow, ImportRecord, RowResult } from '../domain/importing';
import { practises } from '../domain/members';
import { cents } from '../domain/money';
import type { BillingSettings, Member, Practice, Service } from '../domain/practice';
import { sentence } from '../http/inputIssues';
import type { Needs } from '../needs';
import { serviceStore } from '../store/catalogueStore';
import { getItems } from '../store/kernel';
import { memberStore } from '../store/memberStore';
import { billingSettingsOf } from '../store/settingsStore';
import { billingSettingsEntity, practiceEntity } from '../store/table';

/** What every row of an import looks at: read once. */
export interface ImportScene {
  readonly practice: Practice;
  readonly settings: BillingSettings;
  readonly members: readonly Member[];
  readonly services: Map<string, Service>;
}

export async function loadImportScene(practiceId: string): Promise<ImportScene> {
  const [items, members, services] = await Promise.all([
    getItems([practiceEntity.key(practiceId, { practiceId }), billingSettingsEntity.key(practiceId, {})]),
    memberStore.all(practiceId),
    serviceStore.all(practiceId),
  ]);
  const [practice] = items.filter(practiceEntity.is).map(practiceEntity.record);
  if (!practice) throw new Error(`practice ${practiceId} is not in the table`);
  const settings = billingSettingsOf(items.find(billingSettingsEntity.is), practice.billingName);
  return { practice, settings, members, services: new Map(services.map(service => [service.code, service])) };
}

/** One row on its way: what it says, and what is left on the record that it makes or changes. */
export interface Row {
  readonly said: ImportedRow;
  readonly place: string;
  readonly hash: string;
  readonly dryRun: boolean;
  readonly needs: Needs;
}
export type Outcome = Omit<RowResult, 'row'>;

/** Twelve characters, 72 bits: they stand on each session. */
const short = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12);

export const rowOf = (
  { importId, dryRun }: Pick<ImportRecord, 'importId' | 'dryRun'>,
  { row, number }: { row: ImportedRow; number: number },
  needs: Needs,
): Row => {
  const said = Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== '' && value !== undefined && value !== null),
  );
  const sorted = Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1));
  return { said, place: short(`${importId}#${number}`), hash: short(JSON.stringify(sorted)), dryRun, needs };
};

/** What the row says, as the schema reads it. */
export const read = <S extends z.ZodType>(schema: S, { said }: Row): z.output<S> =>
  schema.parse(said, { error: sentence });

/** The row is refused; by field, and nobody else's row is stopped. */
export class RowRefused extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What a row leaves on the record that it writes: `earlier` reads it. */
export const mark = ({ place, hash }: Row, result: 'created' | 'updated'): string => `${result}.${place}.${hash}`;

/**
 * What is already known of a row whose record is there: this very row made it so (a part may be worked off twice), or the
 * same words came before and what staff changed since stays. Nothing: its words are news.
 */
export function earlier(row: Row, imported: string | undefined): 'created' | 'updated' | 'unchanged' | undefined {
  if (imported === mark(row, 'created')) return 'created';
  if (imported === mark(row, 'updated')) return 'updated';
  return imported?.endsWith(`.${row.hash}`) ? 'unchanged' : undefined;
}

/** Without an externalId the row itself is the identity: sent again it is refused, never guessed to be somebody else. */
export const identity = (practiceId: string, externalId: string | undefined, { hash }: Row): string[] =>
  externalId === undefined ? [practiceId, 'row', hash] : [practiceId, externalId];

export const sentBefore = () =>
  new RowRefused('externalId', 'this row was imported before; give an externalId to send it again');

export function practitionerOf({ members }: ImportScene, named: string): Member {
  const member = members.find(
    ({ memberId, email }) => memberId === named || email.toLowerCase() === named.toLowerCase(),
  );
  if (!member || !practises(member)) {
    throw new RowRefused('practitionerId', 'is no active practitioner of this practice');
  }
  return member;
}

export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', 'yes', 'no']).transform(word => word === 'true' || word === 'yes'),
]);

export const price = z.union([z.string(), z.number()]).transform((value, context) => {
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(String(value));
  if (!match) context.addIssue({ code: 'custom', message: 'must be an amount such as 150 or 150.00' });
  const [, whole = '0', part = ''] = match ?? [];
  return cents(Number(whole) * 100 + Number(part.padEnd(2, '0')));
});
