import { createHash } from 'node:crypto';
import type { Answer } from '../api';

const style = `
:root{--petrol:#125B68;--ink:#151C20;--dimmed:#5F6B74;--line:#E4E8EB;--red:#90281B}
*{box-sizing:border-box}
body{margin:0;background:#F7F8F9;color:var(--ink);font:1rem/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem 3rem}
main.wide{max-width:60rem}
h1{overflow-wrap:anywhere;font-size:1.375rem;font-weight:620;margin:0 0 .25rem}
h2{font-size:1rem;margin:2rem 0 .5rem}
.sum{font-size:2.5rem;font-weight:620;font-variant-numeric:tabular-nums;line-height:1.2;margin:0 0 1rem}
.card{background:#fff;border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem}
.dimmed{color:var(--dimmed);font-size:.875rem;margin:.25rem 0}
.notice{background:#EFF6F7;border-radius:.375rem;padding:.75rem;font-size:.875rem;margin:0 0 1rem}
.alert{background:#FDF1EF;color:var(--red);border-radius:.375rem;padding:.75rem;margin:0 0 1rem}
label{display:block;font-weight:560;font-size:.875rem;margin:.75rem 0 .25rem}
input,select{width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit;border:1px solid #838E96;border-radius:.375rem;background:#fff;color:inherit}
input[aria-invalid=true]{border-color:var(--red)}
.wrong{color:var(--red);font-size:.875rem;margin:.25rem 0 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
button{width:100%;min-height:2.75rem;margin-top:1rem;padding:.5rem 1rem;font:inherit;font-weight:600;border:1px solid var(--petrol);border-radius:.375rem;background:var(--petrol);color:#fff;cursor:pointer}
button.quiet{background:#fff;color:var(--petrol)}
:focus-visible{outline:2px solid var(--petrol);outline-offset:2px}
a{color:var(--petrol)}
table{width:100%;border-collapse:collapse;font-size:.875rem}
th,td{text-align:left;padding:.5rem .5rem .5rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere;vertical-align:top}
td.money,th.money{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** HTML whose parts have been escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[] | null | undefined | false;

/** A template whose values are escaped, except those that are Html themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, index) => text + rendered(index < parts.length ? parts[index] : '')).join(''));
}

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

export interface PageOptions {
  title: string;
  body: Html;
  status?: number;
  wide?: boolean;
  /** Where a form's answer may lead besides this server: browsers hold redirects to `form-action` as well. */
  leadsTo?: readonly (string | null)[];
}

export function showPage({ title, body, status = 200, wide = false, leadsTo = [] }: PageOptions): Answer {
  const origins = leadsTo.flatMap(url => (url !== null && URL.canParse(url) ? [new URL(url).origin] : []));
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${["'self'", ...origins].join(' ')}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    body: html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Html(style)}</style></head>
<body><main${wide ? new Html(' class="wide"') : ''}>${body}</main></body>
</html>`.text,
  };
}

export const seeOther = (location: string): Answer => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' },
  body: '',
});

export const money = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(cents / 100).replace('-', '−');

export const notFoundPage = (what: string): Answer =>
  showPage({
    title: 'Not found',
    status: 404,
    body: html`<h1>${what}</h1><p>Check the address, or ask for a new link.</p>`,
  });
