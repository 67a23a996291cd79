import { matches } from '../access/accessCheck';
import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';
import { compresses, compression } from './compression';
import { type EdgeOutcome, edgeFunction } from './edgeFunction';
import type { Door, WebAnswer, WebRequest } from './exchange';
import { type HeadersPolicy, readHeadersPolicies } from './responseHeaders';

interface BehaviorProperties {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods?: readonly string[];
  readonly ResponseHeadersPolicyId?: string;
  readonly Compress?: boolean;
  readonly CachePolicyId?: string;
  readonly FunctionAssociations?: readonly { readonly EventType: string; readonly FunctionARN: string }[];
}

interface OriginProperties {
  readonly Id: string;
  readonly DomainName: string;
  readonly OriginPath?: string;
  readonly OriginCustomHeaders?: readonly { readonly HeaderName: string; readonly HeaderValue: string }[];
  readonly CustomOriginConfig?: unknown;
}

interface DistributionProperties {
  readonly DistributionConfig: {
    readonly DefaultCacheBehavior: BehaviorProperties;
    readonly CacheBehaviors?: readonly BehaviorProperties[];
    readonly Origins: readonly OriginProperties[];
    readonly DefaultRootObject?: string;
    readonly CustomErrorResponses?: readonly unknown[];
  };
}

/** Stands for the place of CloudFront from which it talks to the gateway. */
const EDGE_ADDRESS = '130.176.0.1';

interface Behavior {
  readonly pattern: string;
  readonly methods: ReadonlySet<string>;
  readonly origin: OriginProperties;
  readonly onRequest: ((request: WebRequest) => Promise<EdgeOutcome>) | undefined;
  readonly policy: HeadersPolicy;
  readonly compressed: boolean;
}

/** A behaviour sends to the API where its origin is no bucket. */
export interface Origins {
  readonly api: Door;
  readonly site: Door;
}

const unchanged: HeadersPolicy = answer => answer;

const refusal = (status: number, text: string): WebAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<!doctype html><title>${text}</title><h1>${status} ${text}</h1>`,
});

function readFunctionCode(template: Template): Map<string, string> {
  const declared = template.all<{ FunctionCode: string }>('AWS::CloudFront::Function');
  return new Map(declared.map(({ ref, properties }) => [ref, properties.FunctionCode]));
}

function readBehaviors(template: Template, { DistributionConfig: config }: DistributionProperties): Behavior[] {
  const policies = readHeadersPolicies(template);
  const code = readFunctionCode(template);
  const given = [...(config.CacheBehaviors ?? []), { ...config.DefaultCacheBehavior, PathPattern: '*' }];
  return given.map(behavior => {
    const origin = config.Origins.find(({ Id }) => Id === behavior.TargetOriginId);
    if (origin === undefined) throw new Error(`CloudFront has no origin ${behavior.TargetOriginId}`);
    const policyId = behavior.ResponseHeadersPolicyId;
    const policy = policyId === undefined ? unchanged : policies.get(policyId);
    if (policy === undefined) throw new NotUnderstood(`the response headers policy ${policyId}`);
    const [association, ...more] = behavior.FunctionAssociations ?? [];
    if (more.length > 0 || (association !== undefined && association.EventType !== 'viewer-request'))
      throw new NotUnderstood(`CloudFront Functions other than one on viewer-request (${behavior.PathPattern})`);
    const source = association && code.get(association.FunctionARN);
    return {
      pattern: (behavior.PathPattern ?? '*').replace(/^(?=[^/*])/, '/'),
      methods: new Set(behavior.AllowedMethods ?? ['GET', 'HEAD']),
      origin,
      onRequest: source === undefined ? undefined : edgeFunction(source, association?.FunctionARN ?? 'edge'),
      policy,
      compressed: compresses(behavior),
    };
  });
}

/** What the API sees of a request that came through CloudFront. */
function forApi(request: WebRequest, { OriginCustomHeaders, OriginPath = '' }: OriginProperties): WebRequest {
  const { host: _viewersHost, 'x-origin-verify': _claimed, ...headers } = request.headers;
  const secret = (OriginCustomHeaders ?? []).map(
    ({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue] as const,
  );
  const forwarded = [headers['x-forwarded-for'], request.address].filter(Boolean).join(', ');
  return {
    ...request,
    rawPath: OriginPath + request.rawPath,
    headers: { ...headers, via: '2.0 cloudfront', 'x-forwarded-for': forwarded, ...Object.fromEntries(secret) },
    address: EDGE_ADDRESS,
  };
}

/** CloudFront: the one address of the system, with the template's behaviours, function, headers and secret. */
export function frontDoor(template: Template, origins: Origins): Door {
  const [distribution, ...others] = template.all<DistributionProperties>('AWS::CloudFront::Distribution');
  if (distribution === undefined || others.length > 0)
    throw new NotUnderstood('a system without exactly one distribution');
  const { DistributionConfig: config } = distribution.properties;
  if ((config.CustomErrorResponses ?? []).length > 0) throw new NotUnderstood("CloudFront's own error pages");
  const behaviors = readBehaviors(template, distribution.properties);
  const compressed = compression();
  const withRoot = (request: WebRequest): WebRequest =>
    request.rawPath === '/' && config.DefaultRootObject
      ? { ...request, rawPath: `/${config.DefaultRootObject}` }
      : request;

  return async request => {
    const behavior = behaviors.find(({ pattern }) => matches(pattern, request.rawPath));
    if (behavior === undefined) return refusal(404, 'Not Found');
    if (!behavior.methods.has(request.method)) return refusal(403, 'This method is not allowed here');
    const outcome = (await behavior.onRequest?.(request)) ?? { request };
    if ('answer' in outcome) return behavior.policy(outcome.answer);
    const isApi = behavior.origin.CustomOriginConfig !== undefined;
    const answer = isApi
      ? await origins.api(forApi(outcome.request, behavior.origin))
      : await origins.site(withRoot(outcome.request));
    return behavior.policy(behavior.compressed ? compressed(request, answer) : answer);
  };
}
