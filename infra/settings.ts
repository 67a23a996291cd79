import { invariant } from '../shared/domain/invariant';

/** What an owner may choose at deploy time: `cdk deploy -c mailFrom=… -c domainName=…`. */
export interface Settings {
  /** Begins the names of stacks, log groups and the few things that need a literal name; two systems in one account differ in it. */
  readonly name: string;
  /** TableV2 with a key of its own refuses a stack without region. */
  readonly region: string;
  readonly account: string | undefined;
  /** Own web address with its certificate in us-east-1; else CloudFront's. */
  readonly domainName: string | undefined;
  readonly certificateArn: string | undefined;
  /** The sender of every mail; its domain becomes the SES identity. */
  readonly mailFrom: string;
  /** Where alarms go by e-mail; else the topic stands there to be subscribed. */
  readonly alarmEmail: string | undefined;
  /** At most, over all workers; what SES grants the account (14 when it leaves the sandbox). */
  readonly mailsPerSecond: number;
  readonly stripeApi: string;
  /** At most, for one account and endpoint, over all workers; Stripe's own limit is 25 in test mode and 100 in live. */
  readonly stripeRequestsPerSecond: number;
  /** Partitions of due work. Never lowered while work lies in the higher ones. */
  readonly dueShards: number;
  /** What the table bears from its first second; more than these costs once, for a practice network's first midnight. */
  readonly warmReadUnits: number;
  readonly warmWriteUnits: number;
}

type Context = (key: string) => unknown;

export function settingsFrom(context: Context): Settings {
  const given = (key: string): string | undefined => {
    const value = context(key);
    return value === undefined || value === '' ? undefined : String(value);
  };
  const settings: Settings = {
    name: given('name') ?? 'practice-billing',
    region: given('region') ?? 'us-east-1',
    account: given('account'),
    domainName: given('domainName'),
    certificateArn: given('certificateArn'),
    mailFrom: given('mailFrom') ?? 'billing@practice.example',
    alarmEmail: given('alarmEmail'),
    mailsPerSecond: Number(given('mailsPerSecond') ?? 14),
    stripeApi: given('stripeApi') ?? 'https://api.stripe.com',
    stripeRequestsPerSecond: Number(given('stripeRequestsPerSecond') ?? 25),
    dueShards: Number(given('dueShards') ?? 16),
    warmReadUnits: Number(given('warmReadUnits') ?? 12_000),
    warmWriteUnits: Number(given('warmWriteUnits') ?? 4_000),
  };
  invariant(
    (settings.domainName === undefined) === (settings.certificateArn === undefined),
    'domainName and certificateArn go together',
  );
  invariant(settings.mailFrom.includes('@'), 'mailFrom must be a mail address');
  invariant(settings.mailsPerSecond >= 1, 'mailsPerSecond must be 1 or more');
  return settings;
}
