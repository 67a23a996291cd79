import { newBearerToken, tokenHashOf } from '../access/bearerToken';
import { addMinutes, type Instant } from '../domain/calendar';
import { autopayOwner } from '../domain/client';
import type { BillingSettings, Practice } from '../domain/practice';
import { isProblem, Problem } from '../domain/problem';
import { lastRevokedAt, linkLives } from '../domain/sharing';
import { type Loaded, loadBill, recordOf } from './billStore';
import { added, replaced } from './changes';
import { getItem, getItems, queryPage, transact } from './kernel';
import { noticeStore } from './noticeStore';
import { automationSettingsOf, settingsStore } from './settingsStore';
import { shareStore } from './shareStore';
import {
  automationSettingsEntity,
  billOfNumberItem,
  clientBillingEntity,
  numberPointer,
  type TokenRecord,
  tokenEntity,
} from './table';

/** A bill that a guest has opened, with what its view needs. */
export interface Opened {
  readonly loaded: Loaded;
  readonly billId: string;
  readonly practice: Practice;
  readonly settings: BillingSettings;
}

const tokenMinutes = 30;

/** A place at which nothing is: an unknown number costs the reads of a known one. */
const nowhere = { practiceId: 'none', billId: 'none' };

export const guestStore = {
  /** 404 for what is not there, or was deleted. */
  async opened(practiceId: string, billId: string): Promise<Opened> {
    const opened = await findOpened(practiceId, billId);
    if (!opened) throw new Problem('bill_not_found');
    return opened;
  },

  /** The bill of a number, or nothing; both take the same reads. */
  async byNumber(number: string): Promise<Opened | undefined> {
    const { items } = await queryPage({ index: 'pointers', partition: numberPointer(number), limit: 1 });
    const { practiceId, billId } = items[0] ? billOfNumberItem(items[0]) : nowhere;
    return findOpened(practiceId, billId);
  },

  /** By the id in a mail's link: a share that lives, or a notice that no revocation came after. */
  async byLink(id: string, now: Instant): Promise<Opened> {
    const place = await shareStore.locate(id);
    // A mail about no bill has no link to one.
    if (!place?.atBill) throw new Problem('bill_not_found');
    const { practiceId, homeId: billId } = place;
    const opened = await guestStore.opened(practiceId, billId);
    const record = recordOf(opened.loaded, billId);
    const share = record.shares.find(known => known.shareId === id);
    const notice = share ? undefined : await noticeStore.at(place);
    const revokedAt = lastRevokedAt(record);
    const noticeLives =
      notice && notice.linkExpiresAt > now && (revokedAt === undefined || notice.createdAt > revokedAt);
    if (!(share ? linkLives(share, now) : noticeLives)) throw new Problem('bill_not_found');
    return opened;
  },

  /** A token of 256 bits, kept as its hash, for half an hour. */
  async newToken(
    { practice, billId }: Opened,
    came: 'byLink' | 'byCode',
    now: Instant,
  ): Promise<{ token: string; expiresAt: Instant }> {
    const token = newBearerToken('gst');
    const expiresAt = addMinutes(now, tokenMinutes);
    const { practiceId, timeZone, currency } = practice;
    const record: TokenRecord = {
      tokenHash: tokenHashOf(token),
      kind: 'guest',
      practiceId,
      timeZone,
      currency,
      billId,
      verified: came === 'byCode',
      byLink: came === 'byLink',
      expiresAt: Math.floor(Date.parse(expiresAt) / 1000),
    };
    await transact([added(tokenEntity, practiceId, record)]);
    return { token, expiresAt };
  },

  /** From now on the token opens what wants the second factor. */
  async verify(tokenHash: string): Promise<void> {
    const item = await getItem(tokenEntity.key('', { tokenHash }));
    if (!item) return;
    const record = tokenEntity.record(item);
    if (!record.verified) await transact([replaced(tokenEntity, record.practiceId, { ...record, verified: true })]);
  },
};
export type GuestStore = typeof guestStore;

/** Whether AutoPay charges whom the bill went to: then its mail's link may lead to another card, and only then. */
export async function isOnAutopay({ loaded, billId }: Pick<Opened, 'loaded' | 'billId'>): Promise<boolean> {
  const { practiceId } = loaded;
  const { head, text } = recordOf(loaded, billId);
  const items = await getItems([
    automationSettingsEntity.key(practiceId, {}),
    clientBillingEntity.key(practiceId, { clientId: head.clientId }),
  ]);
  const billing = items.filter(clientBillingEntity.is).map(clientBillingEntity.record)[0];
  const { autopay } = automationSettingsOf(items.find(automationSettingsEntity.is));
  if (!billing?.autopay || !autopay || head.responsibility === 'external') return false;
  const owner = autopayOwner(billing);
  return owner.kind === text.recipient.kind && owner.id === text.recipient.id;
}

/** Nothing for what is not there, or was deleted. */
export async function findOpened(practiceId: string, billId: string): Promise<Opened | undefined> {
  const [loaded, { practice, settings }] = await Promise.all([
    loadBill(practiceId, billId).catch((error: unknown) => {
      if (isProblem(error, 'not_found')) return undefined;
      throw error;
    }),
    settingsStore.loadWithPractice(practiceId),
  ]);
  return loaded && practice ? { loaded, billId, practice, settings } : undefined;
}

/** As people type it: any case, with or without the dash, which stands before the last digits. */
export function canonicalNumber(typed: string): string {
  const bare = typed.toUpperCase().replace(/[^A-Z0-9-]/g, '');
  return bare.includes('-') ? bare : bare.replace(/^(.*[A-Z])(\d+)$/, '$1-$2');
}
