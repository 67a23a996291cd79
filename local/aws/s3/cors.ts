import type { Answer, Call } from '../loopback';

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders?: readonly string[];
  readonly exposedHeaders?: readonly string[];
}

const covers = (patterns: readonly string[], value: string) =>
  patterns.some(pattern => {
    const [start = '', end] = pattern.toLowerCase().split('*');
    const given = value.toLowerCase();
    return end === undefined ? given === start : given.startsWith(start) && given.endsWith(end);
  });

function matching(rules: readonly CorsRule[], { headers }: Call, method: string): CorsRule | undefined {
  const origin = headers.origin ?? '';
  const asked = String(headers['access-control-request-headers'] ?? '').split(/, */);
  return rules.find(
    rule =>
      covers(rule.allowedOrigins, origin) &&
      rule.allowedMethods.includes(method) &&
      asked.every(header => header === '' || covers(rule.allowedHeaders ?? [], header)),
  );
}

export function corsHeaders(rules: readonly CorsRule[], call: Call, method = call.method): Record<string, string> {
  const rule = call.headers.origin === undefined ? undefined : matching(rules, call, method);
  if (rule === undefined) return {};
  return {
    'access-control-allow-origin': rule.allowedOrigins.includes('*') ? '*' : (call.headers.origin ?? ''),
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(rule.exposedHeaders ? { 'access-control-expose-headers': rule.exposedHeaders.join(', ') } : {}),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

export function preflight(rules: readonly CorsRule[], call: Call): Answer {
  const headers = corsHeaders(rules, call, String(call.headers['access-control-request-method'] ?? ''));
  if (headers['access-control-allow-origin'] === undefined) return { status: 403, body: 'CORSResponse: not allowed' };
  const asked = call.headers['access-control-request-headers'];
  return {
    status: 200,
    headers: { ...headers, ...(asked === undefined ? {} : { 'access-control-allow-headers': String(asked) }) },
  };
}
