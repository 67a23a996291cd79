import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  StandardThreatProtectionMode,
  UserPool,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { Settings } from './settings';

/** Who staff are. Roles live in the table, not here, so that a change of role holds within a minute. */
export class IdentityStack extends Stack {
  readonly userPool: UserPool;
  /** The name that tokens carry as `iss`. */
  readonly issuer: string;
  /** Where the hosted sign-in page stands: the portal's content security policy lets it through. */
  readonly signInOrigin: string;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings }) {
    super(scope, id, props);
    const { name } = props.settings;
    this.userPool = new UserPool(this, 'Staff', {
      signInAliases: { email: true },
      signInCaseSensitive: false,
      selfSignUpEnabled: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Unique over all accounts of the world, hence the account in it.
    const domainPrefix = `${name}-${this.account}`;
    this.userPool.addDomain('SignIn', { cognitoDomain: { domainPrefix } });
    this.signInOrigin = `https://${domainPrefix}.auth.${this.region}.amazoncognito.com`;
    this.issuer = `https://cognito-idp.${this.region}.amazonaws.com/${this.userPool.userPoolId}`;
    this.addMachineClient();
  }

  /** Another system of the practice: client credentials with scopes, no person behind it. */
  private addMachineClient(): void {
    const read = new ResourceServerScope({ scopeName: 'read', scopeDescription: 'Read billing' });
    const write = new ResourceServerScope({ scopeName: 'write', scopeDescription: 'Change billing' });
    const server = this.userPool.addResourceServer('Billing', { identifier: 'billing', scopes: [read, write] });
    this.userPool.addClient('Machine', {
      generateSecret: true,
      accessTokenValidity: Duration.hours(1),
      oAuth: {
        flows: { clientCredentials: true },
        scopes: [OAuthScope.resourceServer(server, read), OAuthScope.resourceServer(server, write)],
      },
    });
  }
}
