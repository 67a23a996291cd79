import { config } from '../config';
import type { Attention } from '../domain/attention';
import type { BillHead, BillRecord, BillText, Share } from '../domain/billRecord';
import { noMovement } from '../domain/book';
import type { Instant } from '../domain/calendar';
import { clientName } from '../domain/client';
import type { DocumentRef } from '../domain/documentRef';
import { given } from '../domain/given';
import { Problem } from '../domain/problem';
import { type Recipient, sharingOf } from '../domain/sharing';
import { addressHash } from './address';
import { attentionStore } from './attentionStore';
import { commit, type Loaded, recordOf, shareWrite } from './billStore';
import { getItem, queryAll, queryPage, transact, type Write } from './kernel';
import {
  clientEntity,
  contactEntity,
  type DueItem,
  dueItemOf,
  duePartition,
  dueShard,
  linkPointer,
  type SuppressionRecord,
  shareEntity,
  suppressionEntity,
} from './table';

/** What a step of sharing changes on its bill, besides the head's sharing, which follows from the shares. */
export interface ShareChange {
  /** Changed or new shares, with their new revision. */
  readonly shares: readonly Share[];
  readonly text?: Partial<BillText>;
  readonly viewedAt?: Instant;
  readonly attention?: readonly Attention[];
  /** Attention items that this step settles; the writes that close them come with `writes`. */
  readonly settled?: number;
  readonly writes?: readonly Write[];
}

async function linked(id: string): Promise<DueItem | undefined> {
  const { items } = await queryPage({ index: 'pointers', partition: linkPointer(id), limit: 1 });
  const [known] = items;
  return known && dueItemOf(known);
}

async function amongDue(id: string, practiceId: string | undefined): Promise<DueItem | undefined> {
  const shards =
    practiceId === undefined
      ? Array.from({ length: config.dueShards() }, (_, shard) => duePartition(shard))
      : [dueShard(practiceId)];
  const due = await Promise.all(shards.map(partition => queryAll({ index: 'pointers', partition })));
  return due
    .flat()
    .flatMap(key => dueItemOf(key) ?? [])
    .find(item => item.id === id);
}

export const shareStore = {
  /**
   * Where a share or notice is, by its id alone. While it is due, or being sent, it stands among the due work, which
   * shows ids only; so a link that is opened before its sending was recorded is found as well. It may pass from there to
   * here between two looks, so the first one is had again.
   */
  async locate(id: string, practiceId?: string): Promise<DueItem | undefined> {
    return (await linked(id)) ?? (await amongDue(id, practiceId)) ?? (await linked(id));
  },

  /** A due share, and until when the sweep has leased it: where it stands among the due work. */
  async findDue(item: DueItem): Promise<{ share: Share; leasedTo: Instant } | undefined> {
    const found = await getItem({ pk: item.pk, sk: item.sk });
    if (!found) return undefined;
    const share = shareEntity.record(found);
    if (share.dueAt === undefined) return undefined;
    const leasedTo = String(found.dsk).slice(0, share.dueAt.length) as Instant;
    return { share, leasedTo };
  },

  /** What is shared there, or the bill that a notice is about; nothing for one about no bill, or when no share is there. */
  async documentOf({ pk, sk, homeId, atBill, kind }: DueItem): Promise<DocumentRef | undefined> {
    if (atBill) return { kind: 'bill', id: homeId };
    if (kind === 'NOTICE') return undefined;
    const found = await getItem({ pk, sk });
    return found && shareEntity.record(found).document;
  },

  /** The claim: fails when somebody else was first. Leaves every index as it is. */
  claim: (practiceId: string, share: Share): Promise<void> => transact([shareWrite(practiceId, share)]),

  /** One transaction: shares, the head that follows from them, attention. The version does not rise. */
  async commit(loaded: Loaded, billId: string, change: ShareChange, newId: (prefix: 'wrk') => string): Promise<Loaded> {
    const { practiceId } = loaded;
    const before = recordOf(loaded, billId);
    const { shares, text, viewedAt, attention = [], settled = 0, writes = [] } = change;
    const changed = new Map(shares.map(share => [share.shareId, share]));
    const all = [...new Map([...before.shares.map(share => [share.shareId, share] as const), ...changed]).values()];
    const head: Partial<BillHead> = {
      sharing: {
        ...sharingOf(all, before.head.sharing),
        ...given({ viewedAt: viewedAt ?? before.head.sharing.viewedAt }),
      },
      attention: Math.max(0, before.head.attention + attention.length - settled),
    };
    const after = await commit(loaded, noMovement, {
      heads: new Map([[billId, head]]),
      ...(text ? { texts: new Map([[billId, text]]) } : {}),
      keepVersion: true,
      writes: [
        ...shares.map(share => shareWrite(practiceId, share)),
        ...attention.map(item => attentionStore.add(practiceId, item)),
        ...writes,
      ],
      newId,
    });
    const record: BillRecord = { ...recordOf(after, billId), shares: all };
    return { ...after, records: new Map(after.records).set(billId, record) };
  },

  /** Who the document goes to, as the chart says now: name, address, permission, and whether the address takes mail. */
  async recipient(practiceId: string, { clientId, recipient }: Addressed): Promise<Recipient> {
    const { kind, id, name } = recipient;
    const item = await getItem(
      kind === 'client'
        ? clientEntity.key(practiceId, { clientId })
        : contactEntity.key(practiceId, { clientId, contactId: id }),
    );
    if (!item) return { kind, id, name, emailAllowed: false, suppressed: false };
    const { email, emailAllowed, name: shown } = kind === 'client' ? ofClient(item) : contactEntity.record(item);
    const suppressed = email !== undefined && (await shareStore.suppression(practiceId, email)) !== undefined;
    return { kind, id, name: shown, ...given({ email }), emailAllowed, suppressed };
  },

  async suppression(practiceId: string, email: string): Promise<SuppressionRecord | undefined> {
    const item = await getItem(suppressionEntity.key(practiceId, { addressHash: addressHash(email) }));
    return item && suppressionEntity.record(item);
  },

  suppress: (practiceId: string, record: SuppressionRecord): Write => ({
    as: 'suppression',
    put: suppressionEntity.item(practiceId, record, 1),
    when: 'anyway',
  }),

  allowAgain: (practiceId: string, hash: string): Write => ({
    as: 'suppression',
    remove: suppressionEntity.key(practiceId, { addressHash: hash }),
    when: 'anyway',
  }),
};
export type ShareStore = typeof shareStore;

/** A document of this client's, and whom it was made out to. */
export interface Addressed {
  readonly clientId: string;
  readonly recipient: BillText['recipient'];
}

function ofClient(item: Parameters<typeof clientEntity.record>[0]) {
  const client = clientEntity.record(item);
  return { ...client, name: clientName(client) };
}

export function shareOf(loaded: Loaded, billId: string, shareId: string): Share {
  const share = recordOf(loaded, billId).shares.find(known => known.shareId === shareId);
  if (!share) throw new Problem('not_found', { what: 'share' });
  return share;
}
