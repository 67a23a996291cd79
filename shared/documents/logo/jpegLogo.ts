import { checkedSize, type LogoPicture, refused } from './logoPicture';

export const isJpeg = (bytes: Buffer): boolean => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));

/** Frames that a PDF's reader can draw: baseline, extended and progressive. */
const frames = [0xc0, 0xc1, 0xc2];
const [scan, app0, app15, comment] = [0xda, 0xe0, 0xef, 0xfe];
/** By this one a reader knows how colors are meant. */
const adobe = 0xee;

interface Segment {
  readonly marker: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** Takes what draws the picture; where and by what it was taken, and which side of it is up, is left out. */
export function readJpeg(bytes: Buffer): LogoPicture {
  const { segments, rest } = segmentsOf(bytes);
  const frame = segments.find(({ marker }) => frames.includes(marker))?.content;
  const end = rest.lastIndexOf(Buffer.from([0xff, 0xd9]));
  if (!frame || frame.length < 6 || end < 0) throw refused('is no whole JPEG');
  const [precision, channels = 0] = [frame[0], frame[5]];
  if (precision !== 8 || ![1, 3].includes(channels)) throw refused('must be saved as a JPEG in RGB or grey');
  const drawn = segments.filter(
    ({ marker }) => marker !== comment && (marker <= app0 || marker > app15 || marker === adobe),
  );
  return {
    contentType: 'image/jpeg',
    ...checkedSize(frame.readUInt16BE(3), frame.readUInt16BE(1)),
    bytes: Buffer.concat([bytes.subarray(0, 2), ...drawn.map(({ whole }) => whole), rest.subarray(0, end + 2)]),
  };
}

/** What stands before the picture itself, segment by segment, and the rest from its first scan on. */
function segmentsOf(bytes: Buffer): { readonly segments: readonly Segment[]; readonly rest: Buffer } {
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at] !== 0xff || marker < 0xc0 || end > bytes.length) break;
    if (marker === scan) return { segments, rest: bytes.subarray(at) };
    segments.push({ marker, content: bytes.subarray(at + 4, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  throw refused('is no whole JPEG');
}
