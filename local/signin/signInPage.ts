import { escapeHtml, page } from '../pages/page';

export interface Choice {
  readonly sub: string;
  readonly email: string;
  /** What the person is, as far as this machine knows: roles and practice. */
  readonly about: string;
}

/** Who to be? Local only, so nobody needs a password. */
export function signInPage(choices: readonly Choice[], asked: Readonly<Record<string, string>>, problem = ''): string {
  const hidden = Object.entries(asked)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const buttons = choices
    .map(
      ({ sub, email, about }) =>
        `<li><button name="sub" value="${escapeHtml(sub)}"><strong>${escapeHtml(email)}</strong><span>${escapeHtml(about)}</span></button></li>`,
    )
    .join('');
  const nobody = '<p>Nobody can sign in yet: this data folder has no members.</p>';
  const body = `<main>
<h1>Sign in</h1>
<p class="hint">This sign-in page belongs to the one-machine system. Choose who to be; no password is needed.</p>
${problem === '' ? '' : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/login">${hidden}<ul class="choices">${buttons}</ul></form>
${choices.length === 0 ? nobody : ''}
</main>`;
  return page('Sign in', body);
}
