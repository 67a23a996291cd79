import { createHash, randomBytes } from 'node:crypto';
import type { PoolUser } from '../aws/cognito/server';
import type { KeptValue } from '../cloud/keptValue';
import { type Door, htmlAnswer, jsonAnswer, type WebAnswer, type WebRequest } from '../gateway/exchange';
import type { LocalClock } from '../parts';
import type { AppClient } from './appClients';
import { signInPage } from './signInPage';
import type { TokenSigner } from './tokens';
import type { Users } from './users';

export interface SignInOptions {
  /** `http://127.0.0.1:4002/us-east-1_abc`: the name in the tokens. */
  readonly issuer: string;
  readonly clients: ReadonlyMap<string, AppClient>;
  readonly users: Users;
  readonly signer: TokenSigner;
  readonly clock: LocalClock;
  readonly refreshTokens: KeptValue<Readonly<Record<string, Refresh>>>;
  /** What to say of a user on the page. */
  about(user: PoolUser): string;
}

export interface Refresh {
  readonly sub: string;
  readonly clientId: string;
  readonly scope: string;
  readonly until: number;
}

interface Code {
  readonly sub: string;
  readonly asked: Form;
  readonly until: number;
}

type Form = Readonly<Record<string, string>>;

const CODE_MS = 5 * 60_000;

const bad = (error: string): WebAnswer => jsonAnswer(400, { error });
const redirect = (location: string): WebAnswer => ({ status: 302, headers: { location }, body: '' });
const secret = () => randomBytes(32).toString('base64url');
const s256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** OpenID Connect as Cognito's hosted pages speak it: code with PKCE, refresh, client credentials, logout. */
export class SignIn {
  readonly #codes = new Map<string, Code>();
  readonly #refresh: Map<string, Refresh>;

  constructor(private readonly options: SignInOptions) {
    this.#refresh = new Map(Object.entries(options.refreshTokens.read() ?? {}));
  }

  readonly door: Door = async request => {
    if (request.method === 'OPTIONS') return withCors({ status: 204, headers: {}, body: '' });
    return withCors(this.#answer(request));
  };

  /** A token that holds until then, for a user who did not go through the page. */
  accessToken(user: PoolUser, expiresAt: number, client?: AppClient, scope = 'openid email'): string {
    const claims = { sub: user.sub, username: user.sub, token_use: 'access', client_id: client?.id ?? 'local', scope };
    return this.options.signer.sign(claims, expiresAt);
  }

  #answer(request: WebRequest): WebAnswer {
    const form = formOf(request);
    const ofIssuer = new URL(this.options.issuer).pathname;
    switch (request.rawPath) {
      case `${ofIssuer}/.well-known/openid-configuration`:
        return jsonAnswer(200, this.#description());
      case `${ofIssuer}/.well-known/jwks.json`:
        return jsonAnswer(200, { keys: [this.options.signer.publicJwk] });
      case '/oauth2/authorize':
      case '/login':
        return this.#authorize(form, request.method);
      case '/oauth2/token':
        return this.#token(form, request);
      case '/oauth2/revoke':
        this.#refresh.delete(form.token ?? '');
        return jsonAnswer(200, {});
      case '/oauth2/userInfo':
        return this.#userInfo(request);
      case '/logout':
        return this.#logout(form);
      default:
        return jsonAnswer(404, { error: 'not_found' });
    }
  }

  #description() {
    const { issuer } = this.options;
    const { origin } = new URL(issuer);
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      authorization_endpoint: `${origin}/oauth2/authorize`,
      token_endpoint: `${origin}/oauth2/token`,
      userinfo_endpoint: `${origin}/oauth2/userInfo`,
      revocation_endpoint: `${origin}/oauth2/revoke`,
      end_session_endpoint: `${origin}/logout`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      scopes_supported: ['openid', 'email'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    };
  }

  /** Nothing is sent to an address that the template does not name; everything else goes back to the application. */
  #authorize(form: Form, method: string): WebAnswer {
    const client = this.options.clients.get(form.client_id ?? '');
    if (client === undefined) return bad('invalid_client');
    if (!client.callbacks.includes(form.redirect_uri ?? '')) return bad('redirect_mismatch');
    if (form.response_type !== 'code' || !client.flows.includes('code')) return bad('unsupported_response_type');
    if (form.code_challenge_method !== 'S256' || !form.code_challenge) return bad('invalid_request');
    const { sub, ...asked } = form;
    if (method !== 'POST') return htmlAnswer(200, signInPage(this.#choices(), asked));
    const user = sub === undefined ? undefined : this.options.users.find(sub);
    if (!user?.enabled) return htmlAnswer(200, signInPage(this.#choices(), asked, 'This person may not sign in.'));
    const code = secret();
    this.#codes.set(code, { sub: user.sub, asked, until: this.options.clock.now() + CODE_MS });
    const back = new URL(form.redirect_uri ?? '');
    back.searchParams.set('code', code);
    if (form.state !== undefined) back.searchParams.set('state', form.state);
    return redirect(back.href);
  }

  #choices() {
    return this.options.users
      .all()
      .filter(({ enabled }) => enabled)
      .map(user => ({ sub: user.sub, email: user.email, about: this.options.about(user) }));
  }

  #token(form: Form, request: WebRequest): WebAnswer {
    const { id, secret: given } = clientCredentials(form, request);
    const client = this.options.clients.get(id);
    if (client === undefined || (client.secret !== undefined && client.secret !== given)) return bad('invalid_client');
    if (form.grant_type === 'authorization_code') return this.#redeem(form, client);
    if (form.grant_type === 'refresh_token') return this.#renew(form, client);
    if (form.grant_type === 'client_credentials' && client.flows.includes('client_credentials'))
      return this.#machine(form, client);
    return bad('unsupported_grant_type');
  }

  #redeem(form: Form, client: AppClient): WebAnswer {
    const code = this.#codes.get(form.code ?? '');
    this.#codes.delete(form.code ?? '');
    const user = code && this.options.users.find(code.sub);
    const fits =
      code !== undefined &&
      code.until > this.options.clock.now() &&
      code.asked.client_id === client.id &&
      code.asked.redirect_uri === form.redirect_uri &&
      code.asked.code_challenge === s256(form.code_verifier ?? '');
    if (!fits || !user?.enabled) return bad('invalid_grant');
    const scope = code.asked.scope ?? 'openid';
    const refreshToken = secret();
    const until = this.options.clock.now() + client.refreshTokenMs;
    this.#refresh.set(refreshToken, { sub: user.sub, clientId: client.id, scope, until });
    this.options.refreshTokens.write(Object.fromEntries(this.#refresh));
    const { nonce } = code.asked;
    return jsonAnswer(200, { ...this.#tokens(user, client, { scope, nonce }), refresh_token: refreshToken });
  }

  #renew(form: Form, client: AppClient): WebAnswer {
    const kept = this.#refresh.get(form.refresh_token ?? '');
    const user = kept && this.options.users.find(kept.sub);
    if (kept === undefined || kept.clientId !== client.id || kept.until <= this.options.clock.now())
      return bad('invalid_grant');
    if (!user?.enabled) return bad('invalid_grant');
    return jsonAnswer(200, this.#tokens(user, client, { scope: kept.scope }));
  }

  #machine(form: Form, client: AppClient): WebAnswer {
    const scope = form.scope ?? client.scopes.join(' ');
    if (scope.split(' ').some(each => !client.scopes.includes(each))) return bad('invalid_scope');
    const claims = { sub: client.id, token_use: 'access', client_id: client.id, scope };
    const token = this.options.signer.sign(claims, this.options.clock.now() + client.accessTokenMs);
    return jsonAnswer(200, { access_token: token, token_type: 'Bearer', expires_in: client.accessTokenMs / 1000 });
  }

  #tokens(user: PoolUser, client: AppClient, asked: { scope: string; nonce?: string | undefined }) {
    const expiresAt = this.options.clock.now() + client.accessTokenMs;
    const identity = {
      sub: user.sub,
      aud: client.id,
      token_use: 'id',
      email: user.email,
      email_verified: true,
      'cognito:username': user.sub,
      ...user.attributes,
      ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    };
    return {
      access_token: this.accessToken(user, expiresAt, client, asked.scope),
      id_token: this.options.signer.sign(identity, expiresAt),
      token_type: 'Bearer',
      expires_in: client.accessTokenMs / 1000,
    };
  }

  #userInfo(request: WebRequest): WebAnswer {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const claims = token === undefined ? undefined : this.options.signer.read(token);
    const user = claims && this.options.users.find(String(claims.sub));
    if (!user?.enabled) return jsonAnswer(401, { error: 'invalid_token' });
    return jsonAnswer(200, {
      sub: user.sub,
      email: user.email,
      email_verified: 'true',
      username: user.sub,
      ...user.attributes,
    });
  }

  #logout(form: Form): WebAnswer {
    const client = this.options.clients.get(form.client_id ?? '');
    const to = form.logout_uri ?? form.post_logout_redirect_uri ?? form.redirect_uri ?? '';
    if (client === undefined || ![...client.logouts, ...client.callbacks].includes(to)) return bad('invalid_request');
    return redirect(to);
  }
}

function formOf(request: WebRequest): Form {
  const body = request.method === 'POST' ? request.body.toString() : '';
  return Object.fromEntries([...new URLSearchParams(request.rawQuery), ...new URLSearchParams(body)]);
}

function clientCredentials(form: Form, request: WebRequest): { id: string; secret: string | undefined } {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return { id: form.client_id ?? '', secret: form.client_secret };
  const [id = '', given] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return { id, secret: given };
}

/** The portal's script asks for its tokens from another origin; no cookie is involved. */
function withCors(answer: WebAnswer): WebAnswer {
  const cors = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*',
    'access-control-allow-methods': '*',
  };
  return { ...answer, headers: { ...answer.headers, ...cors } };
}
