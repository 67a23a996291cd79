import { md5 } from '@noble/hashes/legacy';

/** All that pdfkit takes from `js-md5`, for a file's id: without Node's cryptography, which takes longer to load. */
export default { arrayBuffer: (text: string): Uint8Array => md5(text) };
