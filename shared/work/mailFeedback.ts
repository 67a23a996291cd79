import { addSeconds, type Instant, instant } from '../domain/calendar';
import { noticeStep } from '../domain/notice';
import { type Feedback, higher, told } from '../domain/sharing';
import type { Needs } from '../needs';
import { addressHash } from '../store/address';
import { attentionStore } from '../store/attentionStore';
import { decideAnew, transact, type Write } from '../store/kernel';
import { noticeStore, noticeWrite } from '../store/noticeStore';
import { commitShares, findShared, type SharedDocument } from '../store/sharedDocument';
import { type ShareChange, shareStore } from '../store/shareStore';
import type { DueItem } from '../store/table';
import { mailAttention, mailAttentionId, mailAttentionWithoutBill } from './mailAttention';

/** What the mail service told about one mail. */
export interface MailNews extends Feedback {
  readonly practiceId: string;
  /** The share or notice that was sent. */
  readonly linkId: string;
  /** Addresses that bounced for good or complained: they take no mail any more. */
  readonly badAddresses: readonly string[];
}

/**
 * Brings the news to the share or notice it is about. News come in any order and more than once, so each is judged against
 * what is known; the gravest word stands. They also settle a sending whose answer was lost.
 */
export async function takeNews(news: MailNews, needs: Needs): Promise<void> {
  const { practiceId, linkId } = news;
  const place = await shareStore.locate(linkId, practiceId);
  if (place === undefined) return notFound(news, needs);
  if (place.practiceId !== practiceId) return;
  const document = await shareStore.documentOf(place);
  await decideAnew(async () => {
    const shared = document && (await findShared(practiceId, document));
    if (!shared) return withoutDocument(place, news);
    const change = place.kind === 'SHARE' ? shareChange(shared, place, news) : await noticeChange(place, news);
    if (!change) return;
    const after = { ...change, ...(await consequences(shared, news)) };
    const writes = [...(change.writes ?? []), ...after.writes];
    await commitShares(shared, { ...after, writes }, needs.newId);
  });
}

/** An index may lag behind its table by a moment; whoever failed is called again after a minute. */
const lagSeconds = 45;

/** What is found nowhere a while after was deleted; before, it is looked for again: a bounce must not be lost. */
function notFound({ at, linkId }: MailNews, { clock }: Needs): void {
  if (addSeconds(at, lagSeconds) > clock.now()) throw new Error(`${linkId} is not found yet`);
}

/** Nothing when the news tell nothing new. */
function shareChange({ shares }: SharedDocument, { id }: DueItem, news: MailNews): ShareChange | undefined {
  const share = shares.find(known => known.shareId === id);
  const after = share && told(share, news);
  return after && after !== share ? { shares: [after] } : undefined;
}

async function noticeChange(place: DueItem, news: MailNews): Promise<ShareChange | undefined> {
  const notice = await noticeStore.at(place);
  if (!notice) return undefined;
  const delivery = higher(notice.delivery, news.what);
  if (notice.status === 'sent' && delivery === notice.delivery) return undefined;
  const { messageId, at } = news;
  const after = noticeStep(notice, { status: 'sent', sentAt: notice.sentAt ?? at, messageId, delivery });
  return { shares: [], writes: [noticeWrite(place.practiceId, after)] };
}

/** Bad news go to staff and end mail to the address; any news end the question whether the mail went out at all. */
async function consequences(shared: SharedDocument, news: MailNews) {
  const { practiceId, linkId, what, at, badAddresses } = news;
  const open = await attentionStore.find(practiceId, mailAttentionId(linkId, 'mail_unknown'));
  const settles = open && !open.resolvedAt;
  const kind = troubleOf(what);
  return {
    attention: kind ? [mailAttention(shared, { linkId, kind, at, facts: factsOf(badAddresses) })] : [],
    settled: settles ? 1 : 0,
    writes: [
      ...suppressions(news, at),
      ...(settles ? [attentionStore.replace(practiceId, { ...open, resolvedAt: at, choice: what })] : []),
    ],
  };
}

const troubleOf = (what: Feedback['what']): 'mail_bounced' | 'mail_complained' | undefined =>
  what === 'bounced' ? 'mail_bounced' : what === 'complained' ? 'mail_complained' : undefined;

const factsOf = ([address]: readonly string[]) => (address ? { addressHash: addressHash(address) } : {});

const suppressions = ({ practiceId, badAddresses, what }: MailNews, at: Instant): Write[] =>
  badAddresses.map(address =>
    shareStore.suppress(practiceId, {
      addressHash: addressHash(address),
      reason: what === 'complained' ? 'complained' : 'bounced',
      at,
    }),
  );

/** The bill was deleted, or a mail was about none: the address is bad all the same, and staff are told of the latter. */
async function withoutDocument(place: DueItem, news: MailNews): Promise<void> {
  const change = place.kind === 'NOTICE' ? await noticeChange(place, news) : undefined;
  const toTell = change && !place.atBill ? await attentionWithoutBill(place, news) : [];
  const writes = [...(change?.writes ?? []), ...toTell, ...suppressions(news, news.at)];
  if (writes.length > 0) await transact(writes);
}

async function attentionWithoutBill(
  place: DueItem,
  { practiceId, linkId, what, at, badAddresses }: MailNews,
): Promise<Write[]> {
  const kind = troubleOf(what);
  const notice = kind && (await noticeStore.at(place));
  if (!notice) return [];
  const facts = factsOf(badAddresses);
  return [attentionStore.add(practiceId, mailAttentionWithoutBill(notice, { linkId, kind, at, facts }))];
}

/** An event of the mail service, as it stands on the platform's bus; other events tell nothing that we keep. */
export interface MailEvent {
  readonly time: string;
  readonly detail: {
    readonly eventType: string;
    readonly mail: { readonly messageId: string; readonly tags?: Readonly<Record<string, readonly string[]>> };
    readonly bounce?: {
      readonly bounceType: string;
      readonly bouncedRecipients: readonly { readonly emailAddress: string }[];
    };
    readonly complaint?: { readonly complainedRecipients: readonly { readonly emailAddress: string }[] };
  };
}

const words: Readonly<Record<string, Feedback['what']>> = {
  Send: 'sent',
  Delivery: 'delivered',
  Bounce: 'bounced',
  Complaint: 'complained',
};

/** The news of an event about one of our mails; nothing for any other. */
export function newsOf({ time, detail }: MailEvent): MailNews | undefined {
  const { eventType, mail, bounce, complaint } = detail;
  const what = words[eventType];
  const [linkId] = mail.tags?.shareId ?? [];
  const [practiceId] = mail.tags?.practiceId ?? [];
  if (!what || !linkId || !practiceId) return undefined;
  // A full mailbox is no bad address.
  const bounced = bounce?.bounceType === 'Permanent' ? bounce.bouncedRecipients : [];
  const bad = [...bounced, ...(complaint?.complainedRecipients ?? [])].map(({ emailAddress }) => emailAddress);
  return { what, at: instant(time), messageId: mail.messageId, practiceId, linkId, badAddresses: bad };
}
