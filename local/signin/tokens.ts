import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import type { KeptValue } from '../cloud/keptValue';
import type { LocalClock } from '../parts';

export type Claims = Readonly<Record<string, unknown>>;

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs tokens with the data folder's own key, so that they hold as long as the folder does. */
export class TokenSigner {
  readonly #privateKey;
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: string };

  constructor(
    private readonly issuer: string,
    private readonly clock: LocalClock,
    kept: KeptValue<string>,
  ) {
    const pem =
      kept.read() ??
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    kept.write(String(pem));
    this.#privateKey = createPrivateKey(pem);
    const jwk = createPublicKey(this.#privateKey).export({ format: 'jwk' });
    this.publicJwk = { ...jwk, kid: String(jwk.n).slice(0, 16), alg: 'RS256', use: 'sig' };
  }

  sign(claims: Claims, expiresAt: number): string {
    const iat = Math.floor(this.clock.now() / 1000);
    const header = { alg: 'RS256', kid: this.publicJwk.kid, typ: 'JWT' };
    const payload = {
      iss: this.issuer,
      iat,
      auth_time: iat,
      jti: randomUUID(),
      ...claims,
      exp: Math.floor(expiresAt / 1000),
    };
    const text = `${encoded(header)}.${encoded(payload)}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.#privateKey).toString('base64url')}`;
  }

  /** The claims of a token of ours that has not expired. */
  read(token: string): Claims | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const text = Buffer.from(`${header}.${payload}`);
    if (!verify('RSA-SHA256', text, createPublicKey(this.#privateKey), Buffer.from(signature, 'base64url')))
      return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
    return claims.exp * 1000 > this.clock.now() ? { ...claims } : undefined;
  }
}
