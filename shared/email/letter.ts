/**
 * The form of every mail to a client: a plain text and an HTML twin that says the same, readable on a phone, in dark
 * mode, and in the preview line of a locked screen.
 */
export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Letter {
  readonly subject: string;
  /** Shown by mail programs beside the subject: must be as clean as the subject. */
  readonly preview: string;
  readonly practiceName: string;
  readonly lead: string;
  /** The one figure that matters. */
  readonly amount?: string;
  readonly button?: { readonly label: string; readonly url: string };
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly paragraphs: readonly string[];
  readonly closing: readonly string[];
}

export function compose(letter: Letter): Message {
  const subject = oneLine(letter.subject);
  return { subject, text: asText(letter), html: asHtml({ ...letter, subject }) };
}

/** Names come from people: in a header or a subject they stay one line. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();

function asText({ practiceName, lead, amount, button, facts, paragraphs, closing }: Letter): string {
  const blocks = [
    practiceName,
    amount ? `${lead}\n${amount}` : lead,
    button ? `${button.label}:\n${button.url}` : '',
    facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    ...paragraphs,
    `--\n${closing.join('\n')}`,
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => entities[char] ?? '');
/** The number of a card stays on one line, and so does a date, also in the narrow column of a phone. */
const shown = (text: string): string =>
  escapeHtml(text)
    .replaceAll('•••• ', '••••&nbsp;')
    .replace(/([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})/g, '$1&nbsp;$2,&nbsp;$3');

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Colours stand inline for mail programs that drop the style sheet, and again as classes for those with a dark mode. */
const dark = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#0d1214!important}.card{background:#151c20!important;border-color:#273137!important}
.ink{color:#e8ecee!important}.dim{color:#a3aeb5!important}.link{color:#8ebfc6!important}
.rule{border-color:#273137!important}.button{background:#3a8794!important;color:#0b0f11!important}}`;

function asHtml({ subject, preview, practiceName, lead, amount, button, facts, paragraphs, closing }: Letter): string {
  const text = shown;
  const rows = facts
    .map(
      ([label, value]) =>
        `<tr><td class="dim" style="padding:4px 16px 4px 0;color:#5f6b74">${text(label)}</td>` +
        `<td class="ink" style="padding:4px 0;color:#151c20;text-align:right;font-weight:600">${text(value)}</td></tr>`,
    )
    .join('');
  // The filler keeps mail programs from pulling the body's first words into the preview.
  const filler = '&#847;&zwnj;&nbsp;'.repeat(60);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${text(subject)}</title><style>${dark}</style></head>
<body class="page" style="margin:0;padding:24px 12px;background:#f7f8f9;${font}">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(preview)}${filler}</div>
<table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;margin:0 auto">
<tr><td class="card" style="background:#ffffff;border:1px solid #e4e8eb;border-radius:12px;padding:28px 24px;font-size:16px;line-height:1.5">
<p class="ink" style="margin:0 0 20px;font-weight:600;color:#151c20">${text(practiceName)}</p>
${
  amount
    ? `<h1 class="dim" style="margin:0;font-size:16px;font-weight:400;color:#5f6b74">${text(lead)}</h1>`
    : `<h1 class="ink" style="margin:0 0 16px;font-size:20px;line-height:1.35;font-weight:600;color:#151c20">${text(lead)}</h1>`
}
${amount ? `<p class="ink" style="margin:0 0 16px;font-size:36px;line-height:1.25;font-weight:700;color:#151c20">${text(amount)}</p>` : ''}
${button ? `<p style="margin:16px 0 24px"><a class="button" href="${text(button.url)}" style="display:block;padding:14px 20px;border-radius:8px;background:#125b68;color:#ffffff;text-align:center;text-decoration:none;font-weight:600">${text(button.label)}</a></p>` : ''}
${rows ? `<table class="rule" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-top:1px solid #e4e8eb;border-bottom:1px solid #e4e8eb;margin:16px 0;padding:8px 0;font-size:16px"><tbody>${rows}</tbody></table>` : ''}
${paragraphs.map(each => `<p class="ink" style="margin:0 0 12px;color:#151c20">${linked(each)}</p>`).join('\n')}
</td></tr>
<tr><td class="dim" style="padding:16px 24px;font-size:13px;line-height:1.5;color:#5f6b74">${closing.map(linked).join('<br>')}</td></tr>
</table></body></html>
`;
}

/** Escapes, and makes the addresses in our own sentences links. */
const linked = (sentence: string): string =>
  shown(sentence).replace(
    /https?:\/\/[^\s<>]*[^\s<>.,;)]/g,
    url => `<a class="link" href="${url}" style="color:#125b68;word-break:break-word">${url}</a>`,
  );
