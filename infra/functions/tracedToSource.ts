type SourceMap = import('node:module').SourceMap;

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, mapBeside(file));
  return maps.get(file);
}

/** Loads what it needs only now; before Node 20.16 there is no way to, and a trace stays as it is. */
function mapBeside(file: string): SourceMap | undefined {
  const fs = process.getBuiltinModule?.('node:fs');
  const modules = process.getBuiltinModule?.('node:module');
  const map = new URL(`${file}.map`);
  return fs?.existsSync(map) && modules ? new modules.SourceMap(JSON.parse(fs.readFileSync(map, 'utf8'))) : undefined;
}

function placeInSource(site: NodeJS.CallSite): string {
  const [place, file, line, column] = [String(site), site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (!file?.startsWith('file:') || !line || !column) return place;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry) || !entry.originalSource) return place;
  const source = entry.originalSource.replace(/^(\.\.\/)+/, '');
  return place.replace(`${file}:${line}:${column}`, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

/**
 * Leads traces to our own source, in every function. Node's `--enable-source-maps` does as much, but reads the map of
 * each file as it loads it and goes through the file letter by letter, which was a tenth of a cold start; here a map is
 * read when an error of its file is told of.
 */
Error.prepareStackTrace = (error, sites) =>
  [Error.prototype.toString.call(error), ...sites.map(site => `    at ${placeInSource(site)}`)].join('\n');

export {};
