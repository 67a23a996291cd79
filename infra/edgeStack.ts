import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { admitLogs } from './constructs/keys';
import type { Settings } from './settings';

/** The firewall of the distribution; CloudFront takes it from us-east-1 only. */
export class EdgeStack extends Stack {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const { name } = props.settings;
    const acl = new CfnWebACL(this, 'Firewall', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seen('Firewall'),
      rules: [
        rateRule(0),
        managedRule('AWSManagedRulesAmazonIpReputationList', 1),
        managedRule('AWSManagedRulesKnownBadInputsRuleSet', 2),
        managedRule('AWSManagedRulesCommonRuleSet', 3, bodyRules),
      ],
    });
    this.webAclArn = acl.attrArn;
    const key = new Key(this, 'Key', {
      description: "Firewall's log of practice-billing",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // WAF writes only to groups whose name begins so.
    const logGroupName = `aws-waf-logs-${name}`;
    admitLogs(key, this, [logGroupName]);
    const log = new LogGroup(this, 'Log', { logGroupName, encryptionKey: key, retention: RetentionDays.ONE_YEAR });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:${log.logGroupName}`,
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { queryString: {} }],
    });
  }
}

/**
 * They block bodies over 8 KB and markup in a body: imports and comments are both. Such bodies reach the API, which
 * parses by schema and limits size by row; the rules only count.
 */
const bodyRules = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
];

const seen = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

const managedRule = (name: string, priority: number, counted: readonly string[] = []): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  visibilityConfig: seen(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map(rule => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

/** 2,000 requests in five minutes from one address; Stripe's webhooks come in bursts from few addresses and are signed. */
const rateRule = (priority: number): CfnWebACL.RuleProperty => ({
  name: 'RateByAddress',
  priority,
  action: { block: {} },
  visibilityConfig: seen('RateByAddress'),
  statement: {
    rateBasedStatement: {
      limit: 2_000,
      aggregateKeyType: 'IP',
      scopeDownStatement: {
        notStatement: {
          statement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: 'EXACTLY',
              searchString: '/api/webhooks/stripe',
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
        },
      },
    },
  },
});
