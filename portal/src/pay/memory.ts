/** What survives the way to Stripe and back: for this tab only, and in memory where the browser keeps nothing. */
const fallback = new Map<string, string>();

function read(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? fallback.get(key);
  } catch {
    return fallback.get(key);
  }
}

function write(key: string, value: string | undefined): void {
  if (value === undefined) fallback.delete(key);
  else fallback.set(key, value);
  try {
    if (value === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Blocked storage: the map above serves until the page is left.
  }
}

export const memory = {
  token: () => read('pay.token'),
  keepToken: (token: string | undefined) => write('pay.token', token),
  language: () => read('pay.language'),
  keepLanguage: (language: string) => write('pay.language', language),
};
