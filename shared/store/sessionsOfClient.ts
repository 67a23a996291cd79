import type { Session, SessionBilling } from '../domain/session';
import { type Item, queryPage } from './kernel';
import { readPosition, writePosition } from './position';
import { clientPartition, documentsPrefix, otherSessionsPrefix, sessionEntity } from './table';

interface Wanted {
  readonly clientId: string;
  readonly billing?: SessionBilling | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** `date#id`: the part of the sort key that unbilled and other sessions share. */
const placeOf = (item: Item): string => String(item.csk).slice(documentsPrefix.length);

/**
 * Sessions of a client, the newest first. Unbilled ones stand among the documents, the others apart; where both are
 * wanted, two reads are merged, no further than both have been read.
 */
export async function sessionsOfClient(
  practiceId: string,
  wanted: Wanted,
): Promise<{ sessions: Session[]; nextCursor: string | null }> {
  const before = readPosition(wanted.cursor);
  const streams = await Promise.all(
    prefixesOf(wanted.billing).map(prefix => readStream(practiceId, { ...wanted, prefix, before })),
  );
  const merged = streams.flatMap(stream => stream.items).sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
  const bound =
    streams
      .map(stream => stream.readDownTo)
      .sort()
      .at(-1) ?? '';
  const whole = merged.filter(item => placeOf(item) >= bound);
  const page = whole.slice(0, wanted.limit);
  const last = page.at(-1);
  const end = whole.length > page.length && last ? placeOf(last) : bound;
  return {
    sessions: page.filter(sessionEntity.is).map(sessionEntity.record),
    nextCursor: end === '' ? null : writePosition(end),
  };
}

const prefixesOf = (billing: SessionBilling | undefined): string[] => {
  if (billing === undefined) return [documentsPrefix, otherSessionsPrefix];
  return [billing === 'unbilled' ? documentsPrefix : otherSessionsPrefix];
};

async function readStream(
  practiceId: string,
  {
    clientId,
    prefix,
    before,
    from = '',
    to = '9999-12-31',
    limit,
  }: Wanted & { prefix: string; before: string | undefined },
): Promise<{ items: Item[]; readDownTo: string }> {
  const last = `${to}\uffff`;
  const { items, nextCursor } = await queryPage({
    index: 'people',
    partition: clientPartition(practiceId, clientId),
    from: prefix + from,
    to: prefix + (before !== undefined && before < last ? before : last),
    newestFirst: true,
    limit: limit + 1,
  });
  const end = items.at(-1);
  return {
    items: items.filter(item => placeOf(item) !== before),
    readDownTo: nextCursor === null || !end ? '' : placeOf(end),
  };
}
