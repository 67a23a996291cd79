import { NotUnderstood } from '../template/assembly';
import type { Template } from '../template/template';

export interface Route {
  readonly routeKey: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly authorizer: AuthorizerSpec | undefined;
}

export interface AuthorizerSpec {
  readonly id: string;
  readonly functionArn: string;
  readonly identitySources: readonly string[];
  readonly ttlSeconds: number;
}

export interface Matched {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface RouteProperties {
  readonly RouteKey: string;
  readonly Target?: string;
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
}
interface IntegrationProperties {
  readonly IntegrationType: string;
  readonly IntegrationUri?: string;
  readonly PayloadFormatVersion?: string;
  readonly TimeoutInMillis?: number;
}
interface AuthorizerProperties {
  readonly AuthorizerType: string;
  readonly AuthorizerUri?: string;
  readonly AuthorizerPayloadFormatVersion?: string;
  readonly AuthorizerResultTtlInSeconds?: number;
  readonly EnableSimpleResponses?: boolean;
  readonly IdentitySource?: readonly string[];
}

/** The function's ARN, alone or inside the gateway's own address of it. */
function functionArnIn(uri: string | undefined): string {
  const found = /arn:aws:lambda:[^/]+/.exec(uri ?? '')?.[0];
  if (found === undefined) throw new NotUnderstood(`the integration ${uri}`);
  return found;
}

function readAuthorizers(template: Template): Map<string, AuthorizerSpec> {
  const declared = template.all<AuthorizerProperties>('AWS::ApiGatewayV2::Authorizer');
  return new Map(
    declared.map(({ ref, properties, constructPath }) => {
      if (properties.AuthorizerType !== 'REQUEST' || properties.AuthorizerPayloadFormatVersion !== '2.0')
        throw new NotUnderstood(`the authorizer ${constructPath}: only REQUEST with payload 2.0`);
      if (properties.EnableSimpleResponses !== true)
        throw new NotUnderstood(`${constructPath} without simple responses`);
      const spec = {
        id: ref,
        functionArn: functionArnIn(properties.AuthorizerUri),
        identitySources: properties.IdentitySource ?? [],
        ttlSeconds: properties.AuthorizerResultTtlInSeconds ?? 0,
      };
      return [ref, spec];
    }),
  );
}

/** Who may call a function: the gateway needs a permission of its own for each. */
function invocable(template: Template): (functionArn: string, functionName: string) => boolean {
  const permissions = template.all<{ FunctionName: string; Principal: string }>('AWS::Lambda::Permission');
  const allowed = new Set(
    permissions
      .filter(({ properties }) => properties.Principal === 'apigateway.amazonaws.com')
      .map(({ properties }) => properties.FunctionName),
  );
  return (functionArn, functionName) => allowed.has(functionArn) || allowed.has(functionName);
}

export function readRoutes(template: Template): Route[] {
  const integrations = new Map(
    template.all<IntegrationProperties>('AWS::ApiGatewayV2::Integration').map(each => [each.ref, each.properties]),
  );
  const authorizers = readAuthorizers(template);
  const mayCall = invocable(template);
  return template.all<RouteProperties>('AWS::ApiGatewayV2::Route').map(({ properties, constructPath }) => {
    const { RouteKey: routeKey, Target, AuthorizationType, AuthorizerId } = properties;
    const integration = integrations.get((Target ?? '').replace('integrations/', ''));
    if (integration?.IntegrationType !== 'AWS_PROXY' || integration.PayloadFormatVersion !== '2.0')
      throw new NotUnderstood(`the integration of ${constructPath}: only AWS_PROXY with payload 2.0`);
    const authorizer = AuthorizerId === undefined ? undefined : authorizers.get(AuthorizerId);
    if ((AuthorizationType ?? 'NONE') !== 'NONE' && authorizer === undefined)
      throw new NotUnderstood(`the authorization ${AuthorizationType} of ${constructPath}`);
    const functionArn = functionArnIn(integration.IntegrationUri);
    if (!mayCall(functionArn, functionArn.split(':').at(-1) ?? ''))
      throw new Error(`${constructPath}: no AWS::Lambda::Permission lets the gateway call ${functionArn}`);
    const [method = '', path = ''] = routeKey === '$default' ? ['ANY', '/{proxy+}'] : routeKey.split(' ');
    return {
      routeKey,
      method,
      segments: path.split('/').slice(1),
      functionArn,
      timeoutMs: integration.TimeoutInMillis ?? 30_000,
      authorizer,
    };
  });
}

const isVariable = (segment: string) => segment.startsWith('{');
const isGreedy = (segment: string) => segment.endsWith('+}');

/** Literal beats variable, variable beats the rest of a path, `$default` comes last; an exact method beats `ANY`. */
function rank(route: Route): string {
  if (route.routeKey === '$default') return '9';
  const path = route.segments.map(segment => (isGreedy(segment) ? '2' : isVariable(segment) ? '1' : '0')).join('');
  return `${path}~${route.method === 'ANY' ? 1 : 0}`;
}

function parametersOf(route: Route, path: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, segment] of route.segments.entries()) {
    const given = path[at];
    if (isGreedy(segment)) {
      parameters[segment.slice(1, -2)] = decode(path.slice(at).join('/'));
      return parameters;
    }
    if (given === undefined || given === '') return undefined;
    if (isVariable(segment)) parameters[segment.slice(1, -1)] = decode(given);
    else if (segment !== given) return undefined;
  }
  return path.length === route.segments.length ? parameters : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function matcher(routes: readonly Route[]): (method: string, rawPath: string) => Matched | undefined {
  const ordered = routes.map(route => ({ route, rank: rank(route) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return (method, rawPath) => {
    const path = rawPath.split('/').slice(1);
    for (const { route } of ordered) {
      if (route.method !== 'ANY' && route.method !== method) continue;
      const pathParameters = parametersOf(route, path);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return undefined;
  };
}
