import { createHash } from 'node:crypto';
import type { Template } from '../template/template';

/** An application that may ask for tokens, as the template declares it. */
export interface AppClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly callbacks: readonly string[];
  readonly logouts: readonly string[];
  readonly flows: readonly string[];
  readonly scopes: readonly string[];
  readonly accessTokenMs: number;
  readonly refreshTokenMs: number;
}

interface ClientProperties {
  readonly GenerateSecret?: boolean;
  readonly CallbackURLs?: readonly string[];
  readonly LogoutURLs?: readonly string[];
  readonly AllowedOAuthFlows?: readonly string[];
  readonly AllowedOAuthScopes?: readonly string[];
  readonly AccessTokenValidity?: number;
  readonly RefreshTokenValidity?: number;
  readonly TokenValidityUnits?: { readonly AccessToken?: string; readonly RefreshToken?: string };
}

const units: Readonly<Record<string, number>> = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

export function readAppClients(template: Template): ReadonlyMap<string, AppClient> {
  const declared = template.all<ClientProperties>('AWS::Cognito::UserPoolClient');
  return new Map(
    declared.map(({ ref, properties }) => {
      const { AccessToken = 'hours', RefreshToken = 'days' } = properties.TokenValidityUnits ?? {};
      const client: AppClient = {
        id: ref,
        secret: properties.GenerateSecret ? createHash('sha256').update(`secret ${ref}`).digest('hex') : undefined,
        callbacks: properties.CallbackURLs ?? [],
        logouts: properties.LogoutURLs ?? [],
        flows: properties.AllowedOAuthFlows ?? [],
        scopes: properties.AllowedOAuthScopes ?? [],
        accessTokenMs: (properties.AccessTokenValidity ?? 1) * (units[AccessToken] ?? 3_600_000),
        refreshTokenMs: (properties.RefreshTokenValidity ?? 30) * (units[RefreshToken] ?? 86_400_000),
      };
      return [ref, client];
    }),
  );
}
