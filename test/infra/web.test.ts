import { runInNewContext } from 'node:vm';
import { type Cloud, type Json, readCloud } from './assembly';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await readCloud();
});

const distribution = () => cloud.one('CloudFront::Distribution').Properties.DistributionConfig;

describe('the distribution', () => {
  test('adds the secret header on the way to the API, which nobody else knows', () => {
    const behaviour = distribution().CacheBehaviors[0];
    expect(behaviour.PathPattern).toBe('/api/*');
    const origin = distribution().Origins.find((each: Json) => each.Id === behaviour.TargetOriginId);
    const [header] = origin.OriginCustomHeaders;
    expect(header.HeaderName).toBe('x-origin-verify');
    expect(JSON.stringify(header.HeaderValue)).toContain('{{resolve:secretsmanager:');
  });

  test('stands behind the firewall, which counts but does not block what a body holds', () => {
    expect(distribution().WebACLId).toBeDefined();
    const { Rules } = cloud.one('WAFv2::WebACL').Properties;
    const common = Rules.find((rule: Json) => rule.Name === 'AWSManagedRulesCommonRuleSet');
    const counted = common.Statement.ManagedRuleGroupStatement.RuleActionOverrides;
    expect(counted.map((rule: Json) => rule.Name)).toEqual(
      expect.arrayContaining(['SizeRestrictions_BODY', 'CrossSiteScripting_BODY']),
    );
    expect(JSON.stringify(Rules.find((rule: Json) => rule.Name === 'RateByAddress'))).toContain('/api/webhooks/stripe');
  });

  test('never answers an error with a page: the API would lose its own', () => {
    expect(distribution().CustomErrorResponses).toBeUndefined();
  });

  test('sends security headers with every answer, site and API alike', () => {
    const policy = { Ref: cloud.one('CloudFront::ResponseHeadersPolicy').id };
    expect(distribution().DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual(policy);
    expect(distribution().CacheBehaviors[0].ResponseHeadersPolicyId).toEqual(policy);
  });

  test('lets no inline script run and no page be framed', () => {
    const { text } = cloud.one('CloudFront::ResponseHeadersPolicy');
    expect(text).toContain("default-src 'none'; script-src 'self';");
    expect(text).not.toMatch(/script-src[^;]*unsafe/);
    expect(text).toContain("frame-ancestors 'none'");
    expect(text).toMatch(/connect-src 'self' https:\/\/practice-billing-.*amazoncognito\.com/);
    expect(text).toMatch(/form-action 'self' https:\/\/practice-billing-.*amazoncognito\.com/);
  });

  test.each([
    ['/', '/index.html'],
    ['/bills/bill_1', '/index.html'],
    ['/clients/cli_1', '/index.html'],
    ['/payments', '/index.html'],
    ['/client', '/client.html'],
    ['/client/bills/bill_1', '/client.html'],
    ['/pay', '/pay.html'],
    ['/pay/thanks', '/pay.html'],
    ['/assets/staff-1a2b.js', '/assets/staff-1a2b.js'],
    ['/config.json', '/config.json'],
  ])('leads %s to %s', (uri, expected) => {
    const code = cloud.one('CloudFront::Function').Properties.FunctionCode as string;
    expect(runInNewContext(`${code}; handler({ request: { uri } }).uri`, { uri })).toBe(expected);
  });
});

describe('the gateway', () => {
  test('deploys routes by itself and holds back floods', () => {
    const { AutoDeploy, StageName, DefaultRouteSettings } = cloud.one('ApiGatewayV2::Stage').Properties;
    expect([AutoDeploy, StageName]).toEqual([true, '$default']);
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
  });

  test('answers unknown paths through a function, as a problem', () => {
    const routes = cloud.ofType('ApiGatewayV2::Route').filter(route => route.Properties.RouteKey === '$default');
    expect(routes).toHaveLength(1);
  });

  test('writes access logs as JSON, without address or token', () => {
    const format = cloud.one('ApiGatewayV2::Stage').Properties.AccessLogSettings.Format;
    expect(JSON.parse(format)).toMatchObject({ requestId: '$context.requestId' });
    expect(format).not.toMatch(/sourceIp|[Aa]uthorization|\$context\.path/);
  });
});
