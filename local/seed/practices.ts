import { addDays, instant, localDate } from '../../shared/domain/calendar';
import type { Member, MemberRole, Practice } from '../../shared/domain/practice';
import { idFrom } from '../../shared/ids';
import { memberStore } from '../../shared/store/memberStore';
import { practiceStore } from '../../shared/store/practiceStore';
import { reconciliationStore } from '../../shared/store/reconciliationStore';
import { accountClaimed } from '../../shared/store/stripeAccountStore';
import type { Cloud } from '../cloud/cloud';

export interface DemoPractice {
  readonly practice: Practice;
  readonly emails: Readonly<Record<string, string>>;
  readonly memberIds: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly shortCode: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly address: readonly string[];
  readonly paperSize: 'letter' | 'a4';
  /** The first one founds the practice. */
  readonly members: readonly {
    readonly key: string;
    readonly name: string;
    readonly role: MemberRole;
    readonly supervisedBy?: string;
  }[];
}

/** Founds a practice with its members, who may sign in at once. Cards go to the platform key's own account. */
export async function openDemoPractice(cloud: Cloud, wanted: Wanted): Promise<DemoPractice> {
  const { shortCode, name, timeZone, currency, members } = wanted;
  const practiceId = idFrom('prac', 'demo', shortCode);
  const domain = `${shortCode.toLowerCase()}.example.com`;
  const practice: Practice = {
    practiceId,
    name,
    billingName: name,
    billingAddress: wanted.address,
    email: `billing@${domain}`,
    timeZone,
    currency,
    taxId: '00-0000000',
    npi: '1234567893',
    paperSize: wanted.paperSize,
    shortCode,
    onlinePayments: true,
    // The client portal is not part of this release: no mail shall lead there.
    portalEnabled: false,
    stripe: { status: 'ready', mode: 'test' },
    createdAt: instant(cloud.now()),
  };
  const idOf = (key: string) => idFrom('mem', practiceId, key);
  const records = members.map(({ key, name: memberName, role, supervisedBy }): Member & { subject: string } => ({
    memberId: idOf(key),
    name: memberName,
    email: `${key}@${domain}`,
    roles: [role],
    ...(supervisedBy ? { supervisorId: idOf(supervisedBy) } : {}),
    billingVisible: true,
    active: true,
    subject: cloud.subjectOf(`${key}@${domain}`),
  }));
  const [founder, ...others] = records;
  if (!founder) throw new Error('a practice has a founder');
  // Charges made by hand in the platform's own account belong to the first practice that uses it.
  const tomorrow = addDays(localDate(practice.createdAt, timeZone), 1);
  const nights = reconciliationStore.everyNight(practiceId, tomorrow, timeZone);
  const claims = cloud.practices.length === 0 ? [accountClaimed(practiceId, undefined), nights] : [];
  await practiceStore.open(practice, founder, claims);
  for (const member of others) await memberStore.add(practiceId, member);
  cloud.register(
    { practiceId, name, timeZone },
    records.map(({ email, roles }) => ({ email, roles, practiceId })),
  );
  return {
    practice,
    emails: Object.fromEntries(members.map(({ key }) => [key, `${key}@${domain}`])),
    memberIds: Object.fromEntries(members.map(({ key }) => [key, idOf(key)])),
  };
}
