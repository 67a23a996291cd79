import { invalidInput } from '../../domain/problem';

/** A picture as it is kept: only what draws it. */
export interface LogoPicture extends LogoSize {
  readonly contentType: 'image/png' | 'image/jpeg';
  readonly bytes: Buffer;
}

export interface LogoSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

const mostPx = 2_000;

export const refused = (why: string) => invalidInput('', why);

export function checkedSize(widthPx: number, heightPx: number): LogoSize {
  const fits = [widthPx, heightPx].every(px => px >= 1 && px <= mostPx);
  if (!fits) throw refused(`must be 1 to ${mostPx} pixels wide and high`);
  return { widthPx, heightPx };
}
