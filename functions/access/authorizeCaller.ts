import { tokenHashOf } from '../../shared/access/bearerToken';
import { staffCaller } from '../../shared/access/staffCaller';
import { subjectOfToken } from '../../shared/access/staffToken';
import { type Clock, clock } from '../../shared/clock';
import type { Instant } from '../../shared/domain/calendar';
import type { Caller, ClientCaller, GuestCaller } from '../../shared/operations/caller';
import { type AccessStore, accessStore } from '../../shared/store/accessStore';
import { clientsOf } from '../../shared/store/portalStore';
import type { TokenRecord } from '../../shared/store/table';

interface Needs {
  readonly access: AccessStore;
  readonly subjectOfToken: (token: string) => Promise<string | undefined>;
  readonly clock: Clock;
}
interface Question {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}
interface Answer {
  readonly isAuthorized: true;
  readonly context: { readonly caller: string } | { readonly refusal: string };
}

const allow = (caller: Caller): Answer => ({ isAuthorized: true, context: { caller: JSON.stringify(caller) } });
/** `serve` turns it into 401: the gateway's own refusal would say nothing. */
const refuse = (refusal: string): Answer => ({ isAuthorized: true, context: { refusal } });

export const authorizeCaller =
  (needs: Needs) =>
  async ({ headers = {} }: Question): Promise<Answer> => {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (!token) return refuse('not a bearer token');
    return /^(gst|clt)_/.test(token) ? bearer(needs, token) : staff(needs, token);
  };

async function staff({ access, subjectOfToken }: Needs, token: string): Promise<Answer> {
  const subject = await subjectOfToken(token);
  if (!subject) return refuse('the token is not valid, or no longer');
  const known = await access.findSubject(subject);
  if (!known) return refuse('no member has this sign-in');
  const { member, practice } = await access.findMember(known);
  if (!member?.active || !practice) return refuse('the member is not active');
  const supervised = member.roles.includes('supervisor')
    ? await access.supervisedBy(known.practiceId, member.memberId)
    : [];
  return allow(staffCaller(member, practice, supervised));
}

async function bearer({ access, clock }: Needs, token: string): Promise<Answer> {
  const record = await access.findToken(tokenHashOf(token));
  const now = clock.now();
  // DynamoDB deletes expired items late.
  const expired = !record || record.expiresAt * 1000 <= Date.parse(now);
  const caller = expired ? undefined : await bearerCaller(access, record, now);
  return caller ? allow(caller) : refuse('the session has ended');
}

async function bearerCaller(
  access: AccessStore,
  record: TokenRecord,
  now: Instant,
): Promise<GuestCaller | ClientCaller | undefined> {
  const { kind, practiceId, timeZone, currency, tokenHash, billId, verified = false, byLink = false } = record;
  const practice = { practiceId, timeZone, currency };
  if (kind === 'guest') return billId ? { kind, ...practice, billId, verified, byLink, tokenHash } : undefined;
  const account = await access.findAccount(record);
  if (!account) return undefined;
  await access.keepAwake(record, now);
  return { kind, ...practice, accountId: account.accountId, clients: clientsOf(account), tokenHash };
}

export const handler = authorizeCaller({ access: accessStore, subjectOfToken, clock });
