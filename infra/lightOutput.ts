import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ownMap, type SourceMap } from './ownMaps';

const path = "import{fileURLToPath as __path}from'node:url';";

/** What code of the old form expects to find, and how a module comes by it. */
const expected: Readonly<Record<string, string>> = {
  require: "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
  __filename: `${path}const __filename=__path(import.meta.url);`,
  __dirname: `${path}const __dirname=__path(new URL('.',import.meta.url)).slice(0,-1);`,
};

/** The first line of each output, in whose place `lighten` puts what this one needs; mappings count on a line there. */
export const placeForExpected = '/* expected */';

/**
 * Takes from a built file what Node would read, compute or look for in vain before a function's first answer, in each of
 * some fifty: names of the old form that its code does not use, and a map where no code is our own.
 */
export function lighten(output: string): void {
  const built = readFileSync(output, 'utf8');
  const code = built.slice(built.indexOf(placeForExpected) + placeForExpected.length);
  const needed = Object.keys(expected).filter(name => new RegExp(`\\b${name}\\b`).test(code));
  const first = [...new Set(needed.flatMap(name => expected[name]?.split(/(?<=;)/) ?? []))].join('');
  const map: SourceMap = JSON.parse(readFileSync(`${output}.map`, 'utf8'));
  const own = ownMap(map);
  if (own.sources.length > 0) {
    writeFileSync(`${output}.map`, JSON.stringify(own));
    writeFileSync(output, `${first}${code}`);
  } else {
    rmSync(`${output}.map`);
    writeFileSync(output, `${first}${code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n')}`);
  }
}
