export const chromiumFlags: readonly string[];
/** Path of a Chromium to run; installs one by apt when root and none is there. */
export function findChromium(): Promise<string>;
