import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { addMinutes, type Instant } from '../domain/calendar';
import type { BillingSettings, Practice } from '../domain/practice';
import { isProblem, Problem } from '../domain/problem';
import { lastRevokedAt, linkLives } from '../domain/sharing';
import { type Loaded, loadBill, recordOf } from './billStore';
import { practiceOf } from './cardStore';
import { queryPage, transact } from './kernel';
import { noticeStore } from './noticeStore';
import { type Limit, rateStore } from './rateStore';
import { settingsStore } from './settingsStore';
import { shareStore } from './shareStore';
import { billOfNumberItem, numberPointer, type TokenRecord, tokenEntity } from './table';

/** A bill that a guest has opened, with what its view needs. */
export interface Opened {
  readonly loaded: Loaded;
  readonly billId: string;
  readonly practice: Practice;
  readonly settings: BillingSettings;
}

const tokenMinutes = 30;
export const tokenHashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Unknown numbers are compared with this, so that a wrong number and a wrong code take the same time. */
const dummyCode = '------';

const sameCode = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

export const guestStore = {
  async opened(practiceId: string, billId: string): Promise<Opened> {
    const [loaded, practice, settings] = await Promise.all([
      billOrNothing(practiceId, billId),
      practiceOf(practiceId),
      settingsStore.loadBilling(practiceId),
    ]);
    return { loaded, billId, practice, settings };
  },

  /** By the id in a mail's link: a share that lives, or a notice that no revocation came after. */
  async byLink(id: string, now: Instant): Promise<Opened> {
    const place = await shareStore.locate(id);
    if (!place) throw new Problem('bill_not_found');
    const { practiceId, homeId: billId } = place;
    const opened = await guestStore.opened(practiceId, billId);
    const record = recordOf(opened.loaded, billId);
    const share = record.shares.find(known => known.shareId === id);
    const notice = share ? undefined : await noticeStore.find(practiceId, billId, id);
    const revokedAt = lastRevokedAt(record);
    const noticeLives =
      notice && notice.linkExpiresAt > now && (revokedAt === undefined || notice.createdAt > revokedAt);
    if (!(share ? linkLives(share, now) : noticeLives)) throw new Problem('bill_not_found');
    return opened;
  },

  /** By number and code. Wrong codes count per bill, address and practice; links are never limited (clarification 9). */
  async byCode(
    { number, accessCode }: { number: string; accessCode: string },
    address: string,
    now: Instant,
  ): Promise<Opened> {
    const place = await placeOfNumber(number);
    const limits = limitsOf(place, address);
    await rateStore.check(limits, now);
    const opened = place ? await guestStore.opened(place.practiceId, place.billId).catch(nothingHidden) : undefined;
    const expected = opened ? recordOf(opened.loaded, opened.billId).text.accessCode : dummyCode;
    if (opened && sameCode(expected, accessCode)) return opened;
    sameCode(expected, accessCode);
    await rateStore.count(limits, now);
    throw new Problem('bill_not_found');
  },

  placeOfNumber,

  /** A token of 256 bit, kept as its hash, for half an hour. */
  async newToken(
    { practice, billId }: Opened,
    verified: boolean,
    now: Instant,
  ): Promise<{ token: string; expiresAt: Instant }> {
    const token = `gst_${randomBytes(32).toString('base64url')}`;
    const expiresAt = addMinutes(now, tokenMinutes);
    const { practiceId, timeZone, currency } = practice;
    const record: TokenRecord = {
      tokenHash: tokenHashOf(token),
      kind: 'guest',
      practiceId,
      timeZone,
      currency,
      billId,
      verified,
      expiresAt: Math.floor(Date.parse(expiresAt) / 1000),
    };
    await transact([{ as: 'token', put: tokenEntity.item('', record, 1), when: 'absent' }]);
    return { token, expiresAt };
  },
};

/** A hidden bill is not there for its guest either. */
async function billOrNothing(practiceId: string, billId: string): Promise<Loaded> {
  try {
    return await loadBill(practiceId, billId);
  } catch (error) {
    throw isProblem(error, 'not_found') ? new Problem('bill_not_found') : error;
  }
}

function nothingHidden(error: unknown): undefined {
  if (isProblem(error, 'bill_not_found')) return undefined;
  throw error;
}

async function placeOfNumber(number: string): Promise<{ practiceId: string; billId: string } | undefined> {
  const written = number
    .trim()
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/^([A-Z]+)(\d+)$/, '$1-$2');
  const { items } = await queryPage({ index: 'pointers', partition: numberPointer(written), limit: 1 });
  const [item] = items;
  return item && billOfNumberItem(item);
}

const day = 86_400;
const hour = 3600;

function limitsOf(place: { practiceId: string; billId: string } | undefined, address: string): Limit[] {
  const { practiceId = 'nobody', billId = 'nothing' } = place ?? {};
  return [
    { subject: `code#${billId}`, most: billId === 'nothing' ? Number.MAX_SAFE_INTEGER : 10, seconds: day },
    { subject: `address#${tokenHashOf(address).slice(0, 32)}`, most: 20, seconds: hour },
    { subject: `practice#${practiceId}`, most: 100, seconds: hour },
  ];
}
