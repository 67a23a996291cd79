import path from 'node:path';
import type { Plugin } from 'esbuild';

/** What stands in a function for packages that do more than it needs, at the cost of weight or of its first answer. */
export const standIns = {
  '@aws-sdk/credential-provider-node': './infra/functions/lambdaCredentials.ts',
  '@noble/ciphers/aes': './infra/functions/noCipher.ts',
  '@noble/hashes/sha2': './infra/functions/noCipher.ts',
  'base64-js': './infra/functions/nativeBase64.ts',
  'brotli/decompress.js': './infra/functions/noBrotli.ts',
  fontkit: './infra/functions/lateFontkit.ts',
  'js-md5': './infra/functions/shortMd5.ts',
  // The same code as modules, of which unused exports fall away and none is wrapped in a function to be parsed again.
  'pdfmake/js': './node_modules/pdfmake/src',
  'tiny-inflate': './infra/functions/nativeInflate.ts',
  'unicode-trie': './infra/functions/lateTrie.ts',
};

/** The same for single files, by the end of what imports them. */
const files: Readonly<Record<string, string>> = {
  './3rd-party/svg-to-pdfkit': './infra/functions/noSvg.ts',
  './StyleContextStack': './infra/functions/shortStyles.ts',
  './pdfmakeClasses': './infra/functions/pdfmakeModules.ts',
};

/** Whether a source is such code: of no interest to whoever reads a trace of ours, like the package it stands in for. */
export const standsIn = (source: string): boolean =>
  [...Object.values(standIns), ...Object.values(files)].some(file => source.endsWith(file.slice(1)));

export const standInFiles: Plugin = {
  name: 'stand-in files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/[\w/-]+$/ }, ({ path: wanted }) => {
      const file = files[wanted];
      return file ? { path: path.resolve(file) } : undefined;
    });
  },
};
