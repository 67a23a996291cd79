import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { config } from '../config';

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
const issuerKeys = () => {
  keys ??= createRemoteJWKSet(new URL(`${config.issuer()}/.well-known/jwks.json`));
  return keys;
};

/** The subject of a valid access token; an id token, a foreign issuer or an expired one has none. */
export async function subjectOfToken(token: string): Promise<string | undefined> {
  const payload = await jwtVerify(token, issuerKeys(), {
    algorithms: ['RS256'],
    issuer: config.issuer(),
    clockTolerance: 5,
  }).then(verified => verified.payload, refusedAsInvalid);
  return payload?.token_use === 'access' ? payload.sub : undefined;
}

/** A bad token is an answer; keys that cannot be fetched are a failure, which the gateway answers with 500. */
function refusedAsInvalid(error: unknown): JWTPayload | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // A pool publishes several keys, and a token of its own names one of them.
  if (code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') return undefined;
  if (code.startsWith('ERR_JWT') || code.startsWith('ERR_JWS')) return undefined;
  if (code === 'ERR_JOSE_ALG_NOT_ALLOWED' || code === 'ERR_JOSE_NOT_SUPPORTED') return undefined;
  throw error;
}
