import type { CaughtMail, Mailbox } from '../aws/ses/mailbox';
import { type Door, htmlAnswer, type WebAnswer } from '../gateway/exchange';
import { escapeHtml, page } from './page';

const notThere = htmlAnswer(404, page('Not found', '<h1>There is no such mail</h1><p><a href="/">All mail</a></p>'));

/** `2026-11-25 18:00`, of the clock that all parts share. */
const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');

function list(mails: readonly CaughtMail[]): string {
  const rows = mails.map(
    ({ id, at, to, subject }) =>
      `<li><a href="/${encodeURIComponent(id)}"><span><strong>${escapeHtml(subject)}</strong><br>to ${escapeHtml(to.join(', '))}</span><time datetime="${escapeHtml(at)}">${escapeHtml(minute(at))}</time></a></li>`,
  );
  const content =
    rows.length === 0
      ? '<p class="hint">No mail has left the system yet.</p>'
      : `<ul class="mails">${rows.join('')}</ul>`;
  return page('Mail', `<main><h1>Mail that left the system</h1>${content}</main>`);
}

function shown(mail: CaughtMail): string {
  const { id, at, from, to, replyTo = [], subject, text, html, attachments } = mail;
  const answers = replyTo.length === 0 ? '' : `<dt>Answers to</dt><dd>${escapeHtml(replyTo.join(', '))}</dd>`;
  const base = `/${encodeURIComponent(id)}`;
  const files = attachments.map(
    ({ filename, contentType, bytes }, place) =>
      `<li><a href="${base}/attachments/${place}">${escapeHtml(filename)}</a> <span class="hint">${escapeHtml(contentType)}, ${Math.ceil(bytes / 1024)} KB</span></li>`,
  );
  return page(
    subject,
    `<nav><a href="/">All mail</a></nav><main><h1>${escapeHtml(subject)}</h1>
<dl><dt>From</dt><dd>${escapeHtml(from)}</dd><dt>To</dt><dd>${escapeHtml(to.join(', '))}</dd>${answers}<dt>At</dt><dd>${escapeHtml(at)}</dd></dl>
${files.length === 0 ? '' : `<h2>Attachments</h2><ul>${files.join('')}</ul>`}
${html === '' ? '' : `<h2>As shown</h2><iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${base}/html"></iframe>`}
<h2>As text</h2><pre>${escapeHtml(text)}</pre></main>`,
  );
}

/** Within the head: before its first line the mail would be shown by the rules of browsers long gone. */
const base = '<base target="_blank">';
const withBase = (html: string): string =>
  html.includes('<head>') ? html.replace('<head>', `<head>${base}`) : `${base}${html}`;

/** The mail's own HTML, in a frame without script and without an origin; links open beside it. */
const framed = (html: string): WebAnswer =>
  htmlAnswer(200, withBase(html), {
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data: http://127.0.0.1:*; sandbox allow-popups allow-popups-to-escape-sandbox",
  });

/** The page on which people read what the system has sent. */
export function mailPage(mailbox: Mailbox): Door {
  return async ({ rawPath }) => {
    const [id = '', part, place] = rawPath.slice(1).split('/').map(decodeURIComponent);
    if (id === '') return htmlAnswer(200, list(mailbox.list()));
    const mail = mailbox.list().find(each => each.id === id);
    if (mail === undefined) return notThere;
    if (part === 'html') return framed(mail.html);
    if (part === undefined) return htmlAnswer(200, shown(mail));
    const attachment = part === 'attachments' ? await mailbox.attachment(id, Number(place)) : undefined;
    if (attachment === undefined) return notThere;
    const { filename, contentType, content } = attachment;
    return {
      status: 200,
      headers: {
        'content-type': contentType,
        'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(filename)}`,
        'content-security-policy': "default-src 'none'; sandbox",
      },
      body: content,
    };
  };
}
