/** What packages for text take from `base64-js`: the tables that `nativeInflate.ts` unpacks, by Node's own hand as well. */
const toByteArray = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export = { toByteArray };
