/** What packages for text take from `base64-js`: the tables that `nativeInflate.ts` unpacks, by Node's own hand as well. */
const toByteArray = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

export = { toByteArray };
