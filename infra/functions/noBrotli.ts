/** Half a megabyte of fontkit unpacks fonts in WOFF2. We have none, so in a bundle this stands in its place. */
function decompress(): never {
  throw new Error('A font in WOFF2 cannot be read here');
}

export = decompress;
