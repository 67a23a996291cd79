import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Deployed } from '../../../local/cloud/deployed';
import { openIdentity, openUsers, type State } from '../../../local/cloud/identity';
import { keptValue } from '../../../local/cloud/keptValue';
import { openDoor } from '../../../local/gateway/exchange';
import type { Part } from '../../../local/parts';
import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { writeAssembly } from '../template/writtenAssembly';

const callback = 'http://127.0.0.1:4000/signed-in';
const folder = mkdtempSync(path.join(os.tmpdir(), 'signin-'));
const state: State = name => keptValue(folder, name);
const template = new Template(
  readAssembly(
    writeAssembly({
      web: {
        Resources: {
          Portal: {
            Type: 'AWS::Cognito::UserPoolClient',
            Properties: {
              CallbackURLs: [callback],
              LogoutURLs: ['http://127.0.0.1:4000/'],
              AllowedOAuthFlows: ['code'],
              AccessTokenValidity: 15,
              RefreshTokenValidity: 12,
              TokenValidityUnits: { AccessToken: 'minutes', RefreshToken: 'hours' },
            },
          },
          Machine: {
            Type: 'AWS::Cognito::UserPoolClient',
            Properties: {
              GenerateSecret: true,
              AllowedOAuthFlows: ['client_credentials'],
              AllowedOAuthScopes: ['billing/read'],
            },
          },
        },
      },
    }),
  ),
  { secret: id => id, address: text => text },
);

let now = Date.now();
let door: Part;
let issuer: string;
let clientId: string;
let identity: ReturnType<typeof openIdentity>;

beforeAll(async () => {
  const forward: { to?: typeof identity } = {};
  door = await openDoor(0, async request => (forward.to ?? identity).signIn.door(request));
  issuer = `${door.url}/pool`;
  identity = openIdentity({ template, issuer } as Deployed, {
    users: openUsers(state),
    clock: { now: () => now },
    state,
  });
  identity.people.register({ practiceId: 'p1', name: 'Oak', timeZone: 'UTC' }, [
    { email: 'ann@oak.test', roles: ['admin'], practiceId: 'p1' },
  ]);
  const clients = template.all('AWS::Cognito::UserPoolClient');
  clientId = clients.find(({ logicalId }) => logicalId === 'Portal')?.ref ?? '';
});
afterAll(() => door.close());

const verifier = randomBytes(32).toString('base64url');
const asked = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid email',
    state: 's1',
    nonce: 'n1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });

const sub = () => identity.users.find('ann@oak.test')?.sub ?? '';
const post = (where: string, form: URLSearchParams | Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${door.url}${where}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

async function signedIn(): Promise<Record<string, string>> {
  const answer = await post('/login', asked({ sub: sub() }));
  const back = new URL(answer.headers.get('location') ?? '');
  expect(back.searchParams.get('state')).toBe('s1');
  return redeem(back.searchParams.get('code') ?? '');
}

async function redeem(code: string, more: Record<string, string> = {}): Promise<Record<string, string>> {
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: callback,
    code,
    code_verifier: verifier,
    ...more,
  };
  return (await (await post('/oauth2/token', form)).json()) as Record<string, string>;
}

const verified = async (token: string | undefined) => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return (await jwtVerify(token ?? '', keys, { issuer, currentDate: new Date(now) })).payload;
};

describe('signing in', () => {
  test('shows who one may be, without a password', async () => {
    const page = await (await fetch(`${door.url}/oauth2/authorize?${asked()}`)).text();
    expect(page).toContain('ann@oak.test');
    expect(page).toContain('admin at Oak');
    expect(page).not.toContain('password"');
  });

  test('gives tokens that the published key verifies', async () => {
    const { access_token, id_token, expires_in } = await signedIn();
    expect(await verified(access_token)).toMatchObject({
      sub: sub(),
      token_use: 'access',
      client_id: clientId,
      scope: 'openid email',
    });
    expect(await verified(id_token)).toMatchObject({
      sub: sub(),
      token_use: 'id',
      aud: clientId,
      email: 'ann@oak.test',
      nonce: 'n1',
    });
    expect(expires_in).toBe(900);
  });

  test.each([
    ['with another verifier', { code_verifier: 'guess' }],
    ['for another page', { redirect_uri: 'http://127.0.0.1:4000/' }],
  ])('gives nothing %s', async (_how, more) => {
    const answer = await post('/login', asked({ sub: sub() }));
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(await redeem(code, more)).toEqual({ error: 'invalid_grant' });
    // A code is good once, also when it was used wrongly.
    expect(await redeem(code)).toEqual({ error: 'invalid_grant' });
  });

  test.each([
    ['an application that the template does not name', { client_id: 'x' }, 'invalid_client'],
    ['a page that the template does not name', { redirect_uri: 'https://evil.example' }, 'redirect_mismatch'],
    ['a way without PKCE', { code_challenge: '' }, 'invalid_request'],
  ])('refuses %s', async (_what, more, error) => {
    const answer = await fetch(`${door.url}/oauth2/authorize?${asked(more)}`);
    expect(await answer.json()).toEqual({ error });
  });

  test('is not for who was disabled, nor do their tokens renew', async () => {
    const { refresh_token = '', access_token } = await signedIn();
    identity.users.setEnabled(sub(), false);
    const renewal = { grant_type: 'refresh_token', client_id: clientId, refresh_token };
    expect(await (await post('/oauth2/token', renewal)).json()).toEqual({ error: 'invalid_grant' });
    expect(await (await post('/login', asked({ sub: sub() }))).text()).toContain('may not sign in');
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await fetch(`${door.url}/oauth2/userInfo`, { headers })).status).toBe(401);
    identity.users.setEnabled(sub(), true);
  });
});

describe('a session', () => {
  test('renews for twelve hours of the moved clock, across restarts', async () => {
    const { refresh_token = '' } = await signedIn();
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token };
    identity = openIdentity({ template, issuer } as Deployed, {
      users: openUsers(state),
      clock: { now: () => now },
      state,
    });
    now += 11 * 3_600_000;
    const renewed = (await (await post('/oauth2/token', form)).json()) as Record<string, string>;
    expect(await verified(renewed.access_token)).toMatchObject({ sub: sub() });
    now += 2 * 3_600_000;
    expect(await (await post('/oauth2/token', form)).json()).toEqual({ error: 'invalid_grant' });
  });

  test('tells who it is', async () => {
    const { access_token } = await signedIn();
    const answer = await fetch(`${door.url}/oauth2/userInfo`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await answer.json()).toMatchObject({ sub: sub(), email: 'ann@oak.test' });
  });

  test('ends at a page that the template names', async () => {
    const out = (to: string) =>
      fetch(`${door.url}/logout?client_id=${clientId}&logout_uri=${encodeURIComponent(to)}`, { redirect: 'manual' });
    expect((await out('http://127.0.0.1:4000/')).headers.get('location')).toBe('http://127.0.0.1:4000/');
    expect((await out('https://evil.example/')).status).toBe(400);
  });
});

test('another system gets a token for its secret, in its scopes only', async () => {
  const id = template.all('AWS::Cognito::UserPoolClient').find(({ logicalId }) => logicalId === 'Machine')?.ref ?? '';
  const secret = createHash('sha256').update(`secret ${id}`).digest('hex');
  const form = { grant_type: 'client_credentials', scope: 'billing/read' };
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const given = (await (await post('/oauth2/token', form, { authorization })).json()) as Record<string, string>;
  expect(await verified(given.access_token)).toMatchObject({ client_id: id, scope: 'billing/read' });
  expect(await (await post('/oauth2/token', { ...form, scope: 'billing/all' }, { authorization })).json()).toEqual({
    error: 'invalid_scope',
  });
  expect(await (await post('/oauth2/token', { ...form, client_id: id, client_secret: 'x' })).json()).toEqual({
    error: 'invalid_client',
  });
});

test('the portal’s script may ask from its own origin', async () => {
  const answer = await fetch(`${door.url}/oauth2/token`, { method: 'OPTIONS' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
});
