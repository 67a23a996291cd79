import { inflateRawSync } from 'node:zlib';

/** What `tiny-inflate` does, by Node's own hand: tables of Unicode are unpacked at the start of every function with PDFs. */
function inflate(source: Uint8Array, target: Uint8Array): Uint8Array {
  target.set(inflateRawSync(source));
  return target;
}

export = inflate;
