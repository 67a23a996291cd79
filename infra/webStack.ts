import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  type ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { OAuthScope, type UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accessLogBucket } from './constructs/accessLogBucket';
import { deepLinkCode } from './constructs/deepLinks';
import { securityHeaders } from './constructs/securityHeaders';
import type { Settings } from './settings';

export interface WebStackProps extends StackProps {
  readonly settings: Settings;
  readonly httpApiId: string;
  readonly originSecret: string;
  readonly webAclArn: string;
  readonly userPool: UserPool;
  readonly tableName: string;
  readonly stripeSecretId: string;
  readonly issuer: string;
  readonly signInOrigin: string;
}

/** The one origin that people see: the site's files, and the API under `/api`. */
export class WebStack extends Stack {
  readonly publicUrl: string;
  readonly distributionId: string;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const logs = accessLogBucket(this, 'AccessLogs', ObjectOwnership.BUCKET_OWNER_PREFERRED);
    const site = siteBucket(this);
    const issuerOrigin = `https://cognito-idp.${this.region}.amazonaws.com`;
    const headers = securityHeaders(this, 'Headers', [props.signInOrigin, issuerOrigin]);
    const distribution = new Distribution(this, 'Distribution', {
      comment: settings.name,
      defaultBehavior: this.siteBehaviour(site, headers),
      additionalBehaviors: { '/api/*': this.apiBehaviour(props, headers) },
      defaultRootObject: 'index.html',
      webAclId: props.webAclArn,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      logBucket: logs,
      logFilePrefix: 'web/',
      logIncludesCookies: false,
      ...ownDomain(this, settings),
    });
    this.distributionId = distribution.distributionId;
    this.publicUrl = `https://${settings.domainName ?? distribution.distributionDomainName}`;
    const portal = this.portalClient(props.userPool);
    this.tell({
      PublicUrl: this.publicUrl,
      SiteBucket: site.bucketName,
      Issuer: props.issuer,
      PortalClientId: portal,
      UserPoolId: props.userPool.userPoolId,
      TableName: props.tableName,
      StripeSecretId: props.stripeSecretId,
      StripeApi: settings.stripeApi,
      Region: this.region,
    });
  }

  private siteBehaviour(site: IBucket, responseHeadersPolicy: ResponseHeadersPolicy): BehaviorOptions {
    return {
      origin: S3BucketOrigin.withOriginAccessControl(site),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new EdgeFunction(this, 'DeepLinks', {
            code: FunctionCode.fromInline(deepLinkCode),
            runtime: FunctionRuntime.JS_2_0,
            comment: 'Leads paths of pages to their HTML',
          }),
        },
      ],
    };
  }

  /** The gateway keeps an address of its own; the secret header is what it refuses to do without. */
  private apiBehaviour(
    { httpApiId, originSecret }: WebStackProps,
    responseHeadersPolicy: ResponseHeadersPolicy,
  ): BehaviorOptions {
    return {
      origin: new HttpOrigin(`${httpApiId}.execute-api.${this.region}.${this.urlSuffix}`, {
        customHeaders: { 'x-origin-verify': originSecret },
        readTimeout: Duration.seconds(35),
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy,
    };
  }

  /** The staff portal: a browser keeps no secret, so code and PKCE. Here, since it must name the web address. */
  private portalClient(userPool: UserPool): string {
    return new UserPoolClient(this, 'Portal', {
      userPool,
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(12),
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${this.publicUrl}/signed-in`],
        logoutUrls: [`${this.publicUrl}/`],
      },
    }).userPoolClientId;
  }

  /** Outputs that `infra/publishSite.ts` and the programs of `tools/` read after the deploy. */
  private tell(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

/** Public files, but only through the distribution. They are uploaded after the deploy: see `publishSite.ts`. */
const siteBucket = (scope: Construct): IBucket =>
  new Bucket(scope, 'Site', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
    serverAccessLogsBucket: accessLogBucket(scope, 'SiteLogs'),
    removalPolicy: RemovalPolicy.RETAIN,
  }) as IBucket;

function ownDomain(scope: Construct, { domainName, certificateArn }: Settings) {
  if (!domainName || !certificateArn) return {};
  return {
    domainNames: [domainName],
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
  };
}
