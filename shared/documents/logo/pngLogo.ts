import { inflateSync } from 'node:zlib';
import { checkedSize, type LogoPicture, refused } from './logoPicture';

interface Chunk {
  readonly type: string;
  readonly content: Buffer;
  /** With length and checksum, as it stands in the file. */
  readonly whole: Buffer;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(signature);

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const palette = 3;
const plainOnly =
  'must be saved as a plain PNG: at most 8 bits a channel, not interlaced, transparent by an alpha channel';

/**
 * Reads each row, since what draws it later does so in the middle of making a bill. What the drawing cannot do is refused
 * here; text and other additions are left out.
 */
export function readPng(bytes: Buffer): LogoPicture {
  const chunks = chunksOf(bytes);
  const of = (type: string) => chunks.filter(chunk => chunk.type === type);
  const head = chunks[0]?.type === 'IHDR' && chunks[0].content.length === 13 ? chunks[0].content : undefined;
  if (!head || chunks.at(-1)?.type !== 'IEND') throw refused('is no whole PNG');
  const [depth = 0, color = 0, compression, filter, interlaced] = head.subarray(8);
  const size = checkedSize(head.readUInt32BE(0), head.readUInt32BE(4));
  const channels = channelsOf[color];
  if (!channels || compression || filter || interlaced || !isPlain(color, depth)) throw refused(plainOnly);
  const [transparent] = of('tRNS');
  if (transparent && (color !== palette || depth !== 8)) throw refused(plainOnly);
  const colors = (of('PLTE')[0]?.content.length ?? 0) / 3;
  if (color === palette && !(Number.isInteger(colors) && colors > 0 && colors <= 256)) throw refused('has no palette');
  if (transparent && transparent.content.length > colors) throw refused('is no whole PNG');
  checkRows(of('IDAT'), size.heightPx, 1 + Math.ceil((size.widthPx * channels * depth) / 8));
  const drawn = chunks.filter(({ type }) => ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type));
  return {
    contentType: 'image/png',
    ...size,
    bytes: Buffer.concat([signature, ...drawn.map(({ whole }) => whole)]),
  };
}

const isPlain = (color: number, depth: number): boolean =>
  depth === 8 || ([1, 2, 4].includes(depth) && [0, palette].includes(color));

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  let at = signature.length;
  while (at + 12 <= bytes.length && chunks.at(-1)?.type !== 'IEND') {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw refused('is no whole PNG');
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, content: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
}

function checkRows(packed: readonly Chunk[], rows: number, rowBytes: number): void {
  const pixels = unpacked(Buffer.concat(packed.map(({ content }) => content)), rows * rowBytes);
  // Each row begins with how it was filtered, in one of five ways.
  const whole = pixels?.length === rows * rowBytes;
  if (!whole || Array.from({ length: rows }, (_each, row) => pixels[row * rowBytes] ?? 5).some(way => way > 4)) {
    throw refused('is no whole PNG');
  }
}

/** Nothing where the bytes do not unpack, or to more than there can be. */
function unpacked(packed: Buffer, most: number): Buffer | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}
