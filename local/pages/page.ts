const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, sign => signs[sign] ?? sign);

const style = `
* { box-sizing: border-box; }
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8885; --soft: #8881; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
a { color: inherit; } .hint, time, dt { opacity: .7; }
ul { list-style: none; margin: 0; padding: 0; } li { margin: 0 0 .5rem; }
.choices { max-width: 28rem; } .choices button { width: 100%; text-align: left; display: grid; gap: .1rem; }
button { font: inherit; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--soft); cursor: pointer; }
button:hover, button:focus-visible { border-color: currentColor; }
.mails a { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; }
.mails a:hover, .mails a:focus-visible { background: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 42rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
nav { margin-bottom: 1rem; display: flex; gap: 1rem; align-items: center; }
`;

/** A plain page of this machine's own: no script, nothing from elsewhere. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head><body>${body}</body></html>`;
