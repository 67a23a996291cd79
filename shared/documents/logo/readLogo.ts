import { isJpeg, readJpeg } from './jpegLogo';
import { type LogoPicture, refused } from './logoPicture';
import { isPng, readPng } from './pngLogo';

/** What the bytes are, whatever their sender calls them; a picture that could not be drawn is refused. */
export function readLogo(sent: Uint8Array, called: string): LogoPicture {
  const bytes = Buffer.from(sent);
  const picture = isPng(bytes) ? readPng(bytes) : isJpeg(bytes) ? readJpeg(bytes) : undefined;
  if (!picture) throw refused('is neither a PNG nor a JPEG');
  if (!called.toLowerCase().startsWith(picture.contentType))
    throw refused(`is ${picture.contentType}, not what its type says`);
  return picture;
}
