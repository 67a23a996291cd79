import type { Template } from '../template/template';
import type { WebAnswer } from './exchange';

interface Overridable {
  readonly Override?: boolean;
}

interface PolicyProperties {
  readonly ResponseHeadersPolicyConfig: {
    readonly SecurityHeadersConfig?: {
      readonly ContentSecurityPolicy?: Overridable & { readonly ContentSecurityPolicy: string };
      readonly ContentTypeOptions?: Overridable;
      readonly FrameOptions?: Overridable & { readonly FrameOption: string };
      readonly ReferrerPolicy?: Overridable & { readonly ReferrerPolicy: string };
      readonly StrictTransportSecurity?: Overridable & {
        readonly AccessControlMaxAgeSec: number;
        readonly IncludeSubdomains?: boolean;
        readonly Preload?: boolean;
      };
      readonly XSSProtection?: Overridable & { readonly Protection: boolean; readonly ModeBlock?: boolean };
    };
    readonly CustomHeadersConfig?: {
      readonly Items: readonly (Overridable & { readonly Header: string; readonly Value: string })[];
    };
    readonly RemoveHeadersConfig?: { readonly Items: readonly { readonly Header: string }[] };
  };
}

export type HeadersPolicy = (answer: WebAnswer) => WebAnswer;

interface Line {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

function transportSecurity(given: {
  readonly AccessControlMaxAgeSec: number;
  readonly IncludeSubdomains?: boolean;
  readonly Preload?: boolean;
}): string {
  const { AccessControlMaxAgeSec, IncludeSubdomains, Preload } = given;
  return `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? '; includeSubDomains' : ''}${Preload ? '; preload' : ''}`;
}

function linesOf({ ResponseHeadersPolicyConfig: config }: PolicyProperties): Line[] {
  const security = config.SecurityHeadersConfig ?? {};
  const lines: Line[] = [];
  const add = (name: string, part: Overridable | undefined, value: string | undefined) => {
    if (part !== undefined && value !== undefined) lines.push({ name, value, override: part.Override ?? false });
  };
  const { ContentSecurityPolicy: csp, FrameOptions, ReferrerPolicy, StrictTransportSecurity: hsts } = security;
  add('content-security-policy', csp, csp?.ContentSecurityPolicy);
  add('x-content-type-options', security.ContentTypeOptions, 'nosniff');
  add('x-frame-options', FrameOptions, FrameOptions?.FrameOption);
  add('referrer-policy', ReferrerPolicy, ReferrerPolicy?.ReferrerPolicy);
  add('strict-transport-security', hsts, hsts && transportSecurity(hsts));
  const xss = security.XSSProtection;
  add('x-xss-protection', xss, xss && (xss.Protection ? `1${xss.ModeBlock ? '; mode=block' : ''}` : '0'));
  for (const item of config.CustomHeadersConfig?.Items ?? []) add(item.Header.toLowerCase(), item, item.Value);
  return lines;
}

/** The template's response headers policies, by the id that behaviours name them. */
export function readHeadersPolicies(template: Template): ReadonlyMap<string, HeadersPolicy> {
  const declared = template.all<PolicyProperties>('AWS::CloudFront::ResponseHeadersPolicy');
  return new Map(
    declared.map(({ ref, properties }) => {
      const lines = linesOf(properties);
      const removed = properties.ResponseHeadersPolicyConfig.RemoveHeadersConfig?.Items ?? [];
      const policy: HeadersPolicy = answer => {
        const headers = { ...answer.headers };
        for (const { Header } of removed) delete headers[Header.toLowerCase()];
        for (const { name, value, override } of lines)
          if (override || headers[name] === undefined) headers[name] = value;
        return { ...answer, headers };
      };
      return [ref, policy];
    }),
  );
}
